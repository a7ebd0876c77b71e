"""Fixtures for tests in a browser: one Chromium, a profile for each person, a live server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from pools.models import User
from tests.browser import chromium
from tests.browser.visitor import Visitor
from tests.pages import second_factor

FAILURES = Path(settings.BASE_DIR) / "var" / "screens" / "failures"
FAILED = pytest.StashKey[bool]()
NewVisitor = Callable[..., Visitor]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its browsers can be photographed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not os.access(chromium.PATH, os.X_OK):
        pytest.skip(f"NO BROWSER TESTS: there is no Chromium at {chromium.PATH} (CHROMIUM_PATH)")
    # Playwright's synchronous interface keeps an event loop in this thread, which Django takes for
    # asynchronous code. Nothing here is.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium.running_chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def sessions_outlive_moved_clocks(settings: Any) -> None:
    """Let the heartbeat leave sessions alone: Django dates them by the machine's clock."""
    settings.HEARTBEAT_SWEEPS = [
        path for path in settings.HEARTBEAT_SWEEPS if not path.startswith("pages.sign_in.sessions")
    ]


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[NewVisitor]:
    """Make people with a browser each; afterwards nothing may have gone wrong behind the scenes."""
    visitors: list[Visitor] = []

    def new_visitor(
        *, person: User | None = None, size: tuple[int, int] = chromium.DESK, **more: Any
    ) -> Visitor:
        context = chromium.new_context(browser, live_server.url, size, **more)
        visitors.append(Visitor(context))
        if person is not None:
            context.add_cookies([session_of(person, live_server.url)])  # type: ignore[list-item]
        return visitors[-1]

    yield new_visitor
    if request.node.stash.get(FAILED, False):
        photograph(visitors, request.node.name)
    for one in visitors:
        one.context.close()
    complaints = [complaint for one in visitors for complaint in one.watch.complaints]
    assert complaints == []


def session_of(person: User, address: str) -> dict[str, str]:
    """Return the cookie of somebody who has signed in, with the second factor."""
    client = Client()
    second_factor.sign_in(client, person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": address}


def photograph(visitors: list[Visitor], test: str) -> None:
    """Keep what everybody saw when a test failed."""
    FAILURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "-", test)[:80]
    for number, one in enumerate(visitors, start=1):
        one.page.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
