"""Pictures of the main pages, made from the demonstration; called by script/screens."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESK, PHONE, new_context, running_chromium
from tests.browser.scripts import STICKING_OUT, UNFOLD

ROOT = Path(__file__).resolve().parent.parent.parent
SCREENS = ROOT / "var" / "screens"
OFFER = ROOT / "docs" / "offer.png"
SHARP, TALLER_PHONE = 2, (360, 800)


@dataclass(frozen=True)
class Screen:
    """A page, its name, and whether it is to be seen with everything unfolded."""

    name: str
    path: str
    is_unfolded: bool = False


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the demonstration from a database of its own; yield the address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.management import call_command
    from django.db import connection
    from django.test.testcases import LiveServerThread

    from background.heartbeat import sweep

    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=True, serialize=False)
    call_command("load_reference", verbosity=0)
    call_command("demo", "--reset", verbosity=0)
    for _ in range(3):
        sweep()
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://localhost:{server.port}"
    server.terminate()


def photograph(page: Page, screens: list[Screen], folder: Path) -> None:
    """Keep a picture of the whole of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    for screen in screens:
        page.goto(screen.path)
        if screen.is_unfolded:
            page.evaluate(UNFOLD)
        page.screenshot(path=folder / f"{screen.name}.png", full_page=True)
        for element in page.evaluate(STICKING_OUT):
            print(f"{folder.name}/{screen.name} is too wide: {element}")


def cookie_of(person: object, address: str) -> dict[str, str]:
    """Return the session of somebody signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    key = settings.SESSION_COOKIE_NAME
    return {"name": key, "value": client.cookies[key].value, "url": address}


def picture_of_an_offer(browser: Browser, address: str, path: str) -> None:
    """Make the picture in the README: an offer, on a telephone."""
    context = new_context(browser, address, TALLER_PHONE, device_scale_factor=SHARP)
    page = context.new_page()
    page.goto(path)
    page.screenshot(path=OFFER)
    context.close()


def main(arguments: list[str]) -> None:
    """Make the pictures of all roles, or of those named; with --dark as they are after dusk."""
    django.setup()
    from tests.browser.roles import Role, roles

    logging.disable(logging.WARNING)  # some of the pages are errors on purpose
    scheme = "dark" if "--dark" in arguments else "light"
    chosen = {argument for argument in arguments if not argument.startswith("-")}

    def photograph_role(role: Role, size: tuple[int, int]) -> None:
        context = new_context(browser, address, size, color_scheme=scheme)
        if role.person is not None:
            context.add_cookies([cookie_of(role.person, address)])  # type: ignore[list-item]
        folder = SCREENS / f"{role.name}-{size[0]}{'-dark' if scheme == 'dark' else ''}"
        photograph(context.new_page(), role.screens, folder)
        context.close()
        print(f"{len(role.screens):3} pictures in {folder.relative_to(ROOT)}")

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with demonstration() as address, running_chromium() as browser:
        for role in roles():
            if chosen and role.name not in chosen:
                continue
            for size in (DESK, PHONE):
                photograph_role(role, size)
            if role.offer and scheme == "light":
                picture_of_an_offer(browser, address, role.offer)
                print(f"    and {OFFER.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
