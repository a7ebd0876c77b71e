"""The states of a message only go forward."""

from __future__ import annotations

import pytest

from background.clock import now
from notifications import claiming, states
from notifications.channels.base import CALL_TIMEOUT_S
from notifications.models import (
    FINAL_STATES,
    Message,
    MessageState,
)
from pools.models import User
from tests.notifications.builders import a_message, delivered, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


@pytest.mark.parametrize("final", sorted(FINAL_STATES))
@pytest.mark.parametrize("to", MessageState.values)
def test_final_stays_final(amal: User, final: str, to: str) -> None:
    message = a_message(amal)
    Message.objects.update(state=final)
    assert not states.move(message.pk, MessageState(to))
    assert state_of(message) == final


def test_a_receipt_never_goes_back(amal: User) -> None:
    message = a_message(amal)
    delivered(message)
    for to in (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN):
        assert not states.move(message.pk, to)
    assert states.move(message.pk, MessageState.DELIVERED)


def test_only_the_latest_try_may_speak_for_a_message(amal: User) -> None:
    message = a_message(amal)
    Message.objects.update(state=MessageState.SENDING, attempts=2)
    assert not states.move(message.pk, MessageState.FAILED, attempts=1)
    assert states.move(message.pk, MessageState.ACCEPTED, attempts=2)


def test_the_lease_outlasts_the_call() -> None:
    assert claiming.LEASE.total_seconds() >= 2 * CALL_TIMEOUT_S


def test_what_was_overtaken_while_in_hand_never_waits_for_another_try(amal: User) -> None:
    message = a_message(amal)
    Message.objects.update(state=MessageState.UNKNOWN, superseded_at=now())
    assert not states.move(message.pk, MessageState.PENDING)
    assert states.move(message.pk, MessageState.ACCEPTED)
