"""Receipts: for now the provider is asked what became of a message it accepted."""

from __future__ import annotations

import pytest

from notifications import outbox
from notifications.models import MessageState
from pools.models import User
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


@pytest.mark.parametrize(
    ("status", "code", "state"),
    [
        ("delivered", None, MessageState.DELIVERED),
        ("undelivered", 30003, MessageState.FAILED),
        ("sent", None, MessageState.ACCEPTED),
    ],
)
def test_after_five_minutes_the_provider_is_asked_what_became_of_it(
    amal: User,
    clock: MovableClock,
    twilio: FakeTwilio,
    status: str,
    code: int | None,
    state: MessageState,
) -> None:
    message = a_message(amal)
    delivered(message)
    twilio.becomes(message.provider_reference, status, error_code=code)
    clock.forward(minutes=4, seconds=59)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    clock.forward(seconds=2)
    outbox.sweep()
    assert state_of(message) == state
    assert message.failure == (str(code) if code else "")
    assert (message.delivered_at is not None) == (state == MessageState.DELIVERED)


def test_a_missing_receipt_is_asked_for_every_half_hour_for_a_day(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    delivered(a_message(amal))
    for _ in range(26 * 4):
        outbox.sweep()
        clock.forward(minutes=15)
    questions = [request for request in twilio.requests if request.startswith("GET")]
    assert 24 <= len(questions) <= 48


def test_a_dead_number_found_by_the_receipt_is_closed(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal)
    delivered(message)
    twilio.becomes(message.provider_reference, "undelivered", error_code=30005)
    clock.forward(minutes=6)
    outbox.sweep()
    assert amal.contacts.get().closed_at is not None


def test_a_receipt_that_cannot_be_had_changes_nothing(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal)
    delivered(message)
    clock.forward(minutes=6)
    twilio.lookups_fail()
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED


def test_demo_messages_arrive_after_five_minutes(amal: User, clock: MovableClock) -> None:
    message = a_message(amal)
    delivered(message)
    clock.forward(minutes=6)
    outbox.sweep()
    assert state_of(message) == MessageState.DELIVERED


def test_emails_have_no_receipt_to_ask_for(berta: User, clock: MovableClock, smtp: object) -> None:
    message = a_message(berta)
    delivered(message)
    clock.forward(minutes=6)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert message.looked_up_at is None
