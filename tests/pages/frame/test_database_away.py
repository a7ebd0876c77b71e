"""The database is away or its disk is full: 503, whom to call, nothing lost, nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from matching.models import Assignment, Proposal
from notifications.models import Message
from pages import telephones
from pools.models import Pool
from tests import builders
from tests.pages.volunteer.offers import an_offer

DatabaseWrapper = type(connections["default"])
DISK_FULL = 'could not extend file "pg_wal/000000010000000000000042": No space left on device'


@pytest.fixture
def pool(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Pool:
    monkeypatch.setattr(telephones, "_known", [])
    monkeypatch.setattr(telephones, "_read_at", None)
    return builders.a_pool(phone="0641 90009 17")


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


class FullDisk:
    """Lets every commit fail, as PostgreSQL does when its log has no room."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch

    def __enter__(self) -> None:
        def commit(wrapper: BaseDatabaseWrapper) -> None:
            raise OperationalError(DISK_FULL) from psycopg.errors.DiskFull(DISK_FULL)

        self.patch.setattr(DatabaseWrapper, "_commit", commit)

    def __exit__(self, *_: object) -> None:
        self.patch.undo()


@pytest.fixture
def disk() -> Iterator[FullDisk]:
    with pytest.MonkeyPatch.context() as patch:
        yield FullDisk(patch)


def test_a_yes_that_cannot_be_kept_is_not_said_to_be_kept(
    pool: Pool, browser: Client, disk: FullDisk
) -> None:
    offer = an_offer(pool)
    assert browser.get(offer.url).status_code == 200
    with disk:
        refused = browser.post(offer.url, {"action": "yes"})
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    page = refused.content.decode()
    assert "Sehen Sie in ein paar Minuten nach." in page
    assert '<a href="tel:06419000917">0641 90009 17</a>' in page
    assert not Assignment.objects.exists()
    assert not Message.objects.exists()
    assert Proposal.objects.get().state == Proposal.State.ASKED
    offer.press(browser, "yes")
    assert Assignment.objects.get().person == offer.volunteer.person


@pytest.mark.parametrize("error", [psycopg.OperationalError, psycopg.InterfaceError])
def test_a_database_that_does_not_answer_is_no_mistake_of_the_program(
    pool: Pool, browser: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    telephones.remember()

    def away(*args: Any, **kwargs: Any) -> None:
        with connection.wrap_database_errors:
            raise error("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseWrapper, "_cursor", away)
        _is_said_to_be_away(browser)


def _is_said_to_be_away(browser: Client) -> None:
    page = browser.get("/anfragen/", headers={"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz"})
    assert page.status_code == 503
    assert "0641 90009 17" in page.content.decode()
    problem = browser.get("/api/v1/reference/languages/")
    assert problem.status_code == 503
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == 503
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503


def test_a_mistake_of_the_program_stays_one(
    pool: Pool, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr("pages.public.views.page", broken)
    assert browser.get("/impressum/").status_code == 500
