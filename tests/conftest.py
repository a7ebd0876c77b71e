"""Fixtures for all tests: reference data once per run, a clock that tests can move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

from tests.clock import MovableClock, movable_clock
from tests.emptying import empty_tables

# A timing is never a test: this machine may be busy.
hypothesis.settings.register_profile(
    "no-deadline", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("no-deadline")

BERLIN = ZoneInfo("Europe/Berlin")
# A Tuesday morning well inside working hours, in winter time.
TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=BERLIN)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Fill the reference tables once; every test starts from them."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("load_reference", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def reference_data_stay() -> Iterator[None]:
    """Let tests that commit for real (django_db(transaction=True), live_server) keep them."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
    yield
    patch.undo()


@pytest.fixture
def clock() -> Iterator[MovableClock]:
    """Hold the time at a Tuesday at ten until the test moves it."""
    with movable_clock(TUESDAY_AT_TEN) as moved:
        yield moved


@pytest.fixture
def messages_go_out(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outbox send although the test itself runs in a transaction.

    Sending refuses inside a transaction; here the one of the test does not count, every further
    one does.
    """
    depth = len(connection.savepoint_ids)
    monkeypatch.setattr(
        "notifications.channels.base.is_inside_transaction",
        lambda: len(connection.savepoint_ids) > depth,
    )
