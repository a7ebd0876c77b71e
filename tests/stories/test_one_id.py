"""One id, from the press on a page over search, outbox and provider to the receipt."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_q.models import OrmQ

from background import trace, waking
from config.logs import AllowList
from notifications.models import Message, MessageState
from service_requests.models import ServiceRequest
from tests import builders
from tests.clock import MovableClock
from tests.notifications.builders import a_message
from tests.notifications.conftest import twilio  # noqa: F401 - the fixture
from tests.pages.institution.forms import NEW, typed
from tests.phone import heartbeat
from tests.provider import callbacks
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Return what is logged, as it stands in operation."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(AllowList())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def work() -> None:
    """Let the worker do every job there is, and those that these lead to."""
    while job := OrmQ.objects.order_by("pk").first():
        assert job.func() == waking.WORK
        args = job.task["args"]
        job.delete()
        waking.work(*args)


def lines(log: io.StringIO, *events: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    return [line for line in found if line["event"] in events]


def test_what_a_press_leads_to_carries_one_id_in_all_lines(
    clock: MovableClock,
    twilio: FakeTwilio,  # noqa: F811
    log: io.StringIO,
) -> None:
    pool = builders.a_pool()
    builders.a_volunteer(pool)
    school = builders.an_organisation(pool)
    browser = Client()
    browser.force_login(builders.a_caseworker(school))
    its_id = browser.post(NEW, typed())["X-Request-ID"]
    asked_for = ServiceRequest.objects.get()
    work()
    message = Message.objects.get(message_class="offer")
    assert message.state == MessageState.ACCEPTED
    assert message.trace == its_id
    callbacks.receipt(message.pk, message.provider_reference, "delivered")
    work()
    message.refresh_from_db()
    assert message.state == MessageState.DELIVERED

    events = [
        "request_posted",
        "search_decided",
        "message_written",
        "message_accepted",
        "message_sighted",
    ]
    of_this = lines(log, *events)
    assert [line["event"] for line in of_this] == events
    assert {line["trace"] for line in of_this} == {its_id}
    assert {line["request"] for line in of_this[:2]} == {str(asked_for.public_id)}
    assert {line["message_id"] for line in of_this[2:]} == {str(message.pk)}


def test_the_heartbeat_sends_what_the_queue_lost_under_the_id_of_its_cause(
    clock: MovableClock,
    twilio: FakeTwilio,  # noqa: F811
    log: io.StringIO,
) -> None:
    volunteer = builders.a_volunteer(builders.a_pool())
    other = builders.a_volunteer(volunteer.pool)
    with trace.following() as first:
        a_message(volunteer.person)
    with trace.following() as second:
        a_message(other.person)
    OrmQ.objects.all().delete()
    heartbeat(times=1)
    accepted = lines(log, "message_accepted")
    assert {line["trace"] for line in accepted} == {first, second}
