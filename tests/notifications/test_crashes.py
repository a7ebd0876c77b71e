"""The program dies at each failpoint once; the next beats bring everything to a good end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from notifications import outbox
from notifications.channels.base import DeliveryError, Unclear
from notifications.channels.demo import DemoChannel
from notifications.models import Channel, DemoMessage, Link, Message, MessageState
from pools.models import User
from tests.clock import MovableClock
from tests.notifications.builders import a_message, state_of
from tests.notifications.conftest import Crash
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]
Arm = Callable[[str], list[str]]

WHILE_SENDING = [
    "outbox.claiming",
    "outbox.claimed",
    "outbox.before_provider",
    "outbox.before_accepted",
    "outbox.accepted",
]


def recovered_within_a_minute(message: Message, clock: MovableClock) -> bool:
    for _ in range(6):
        clock.forward(seconds=10)
        outbox.sweep()
    return state_of(message) == MessageState.ACCEPTED


@pytest.mark.parametrize("point", WHILE_SENDING)
def test_an_sms_survives_the_death_of_its_sender(
    point: str, amal: User, clock: MovableClock, twilio: FakeTwilio, crash_at: Arm
) -> None:
    message = a_message(amal)
    passed = crash_at(point)
    with pytest.raises(Crash):
        outbox.deliver(str(message.pk))
    assert passed[-1] == point
    assert recovered_within_a_minute(message, clock)
    assert len(twilio.messages()) == 1
    assert message.parameters == {}


@pytest.mark.parametrize("point", ["outbox.before_unknown", "outbox.looked_up"])
@pytest.mark.parametrize("kind", ["takes_and_fails", "fails"])
def test_an_unclear_sms_survives_one_more_death(
    point: str,
    kind: str,
    amal: User,
    clock: MovableClock,
    twilio: FakeTwilio,
    crash_at: Arm,
) -> None:
    message = a_message(amal)
    twilio.behave(kind)
    crash_at(point)

    def send_and_sweep() -> None:
        outbox.deliver(str(message.pk))
        outbox.sweep()

    with pytest.raises(Crash):
        send_and_sweep()
    for _ in range(12):
        clock.forward(seconds=10)
        outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1


def test_a_refusal_survives_a_death_before_it_is_noted(
    amal: User, clock: MovableClock, twilio: FakeTwilio, crash_at: Arm
) -> None:
    message = a_message(amal)
    twilio.behave("too_many")
    crash_at("outbox.before_refused")
    with pytest.raises(Crash):
        outbox.deliver(str(message.pk))
    assert recovered_within_a_minute(message, clock)
    assert len(twilio.messages()) == 1


def test_a_death_while_writing_leaves_nothing_behind(amal: User, crash_at: Arm) -> None:
    crash_at("outbox.written")
    with pytest.raises(Crash), transaction.atomic():
        a_message(amal)
    assert not Message.objects.exists()
    assert not Link.objects.exists()


@pytest.mark.parametrize("point", WHILE_SENDING)
@pytest.mark.parametrize("channel", Channel.values)
def test_a_demo_message_survives_too(
    point: str,
    channel: str,
    amal: User,
    berta: User,
    clock: MovableClock,
    crash_at: Arm,
) -> None:
    message = a_message(amal if channel == Channel.SMS else berta)
    crash_at(point)
    with pytest.raises(Crash):
        outbox.deliver(str(message.pk))
    for _ in range(6):
        clock.forward(seconds=10)
        outbox.sweep()
    assert state_of(message) in (MessageState.ACCEPTED, MessageState.DELIVERED)
    assert DemoMessage.objects.count() == 1


def test_a_sender_thought_dead_that_comes_back_is_believed(
    amal: User, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_message(amal)
    send = DemoChannel.send

    def sleeps_in_the_call(self: DemoChannel, **more: str) -> str:
        clock.forward(seconds=31)
        with monkeypatch.context() as others:
            others.setattr(DemoChannel, "lookup", lambda *_, **__: [])
            outbox.sweep()
        assert state_of(message) == MessageState.UNKNOWN
        return send(self, **more)

    monkeypatch.setattr(DemoChannel, "send", sleeps_in_the_call)
    outbox.deliver(str(message.pk))
    assert state_of(message) == MessageState.ACCEPTED
    assert DemoMessage.objects.count() == 1


@pytest.mark.parametrize("error", [Unclear("timeout"), DeliveryError("429", permanent=False)])
def test_a_late_answer_does_not_undo_what_others_found_out(
    amal: User, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    message = a_message(amal)
    send = DemoChannel.send

    def answers_late(self: DemoChannel, **more: str) -> str:
        send(self, **more)
        clock.forward(seconds=31)
        outbox.sweep()
        assert state_of(message) == MessageState.DELIVERED
        raise error

    monkeypatch.setattr(DemoChannel, "send", answers_late)
    outbox.deliver(str(message.pk))
    assert state_of(message) == MessageState.DELIVERED
