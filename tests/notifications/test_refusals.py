"""What the provider may answer, and what the outbox makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from background.clock import now
from notifications import contacts, outbox, sending
from notifications.channels.base import DeliveryError, Unclear
from notifications.channels.demo import DemoChannel
from notifications.models import (
    Channel,
    DemoMessage,
    Message,
    MessageState,
)
from pools.models import User
from tests.builders import a_contact
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


@pytest.fixture
def channel_says(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """What the channel raises, one after the other; then all is well."""
    errors: list[Exception] = []
    send = DemoChannel.send

    def answer(self: DemoChannel, **message: str) -> str:
        if errors:
            raise errors.pop(0)
        return send(self, **message)

    monkeypatch.setattr(DemoChannel, "send", answer)
    return errors


def test_a_temporary_refusal_is_tried_again_later_and_later(
    amal: User, clock: MovableClock, channel_says: list[Exception]
) -> None:
    message = a_message(amal)
    for attempt, pause in enumerate((15, 60, 300, 300), start=1):
        channel_says.append(DeliveryError("429", permanent=False))
        asked_at = now()
        assert delivered(message) == MessageState.PENDING
        assert message.attempts == attempt
        assert message.failure == "429"
        waits = (message.not_before - asked_at).total_seconds()
        assert 0.8 * pause <= waits <= 1.2 * pause
        clock.set(message.not_before)
    assert delivered(message) == MessageState.ACCEPTED
    assert message.failure == ""
    assert DemoMessage.objects.count() == 1


def test_pauses_are_not_all_alike() -> None:
    assert len({sending._pause(1) for _ in range(20)}) > 10


def test_a_refusal_for_good_uses_the_next_address(
    amal: User, channel_says: list[Exception]
) -> None:
    mail = a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = a_message(amal)
    channel_says.append(DeliveryError("21614", permanent=True))
    assert delivered(message) == MessageState.PENDING
    assert message.contact == mail
    assert amal.contacts.get(rank=1).closed_at is not None
    assert delivered(message) == MessageState.ACCEPTED


def test_a_refusal_for_good_of_the_last_address_is_a_failure(
    amal: User, channel_says: list[Exception]
) -> None:
    message = a_message(amal)
    channel_says.append(DeliveryError("30007", permanent=True))
    assert delivered(message) == MessageState.FAILED
    assert message.failure == "30007"
    assert message.parameters == {}
    assert amal.contacts.get().closed_at is None


def test_who_told_the_provider_to_stop_is_not_written_to_again(
    amal: User, channel_says: list[Exception]
) -> None:
    message = a_message(amal)
    channel_says.append(DeliveryError("21610", permanent=True))
    assert delivered(message) == MessageState.FAILED
    assert amal.contacts.get().stopped_at is not None
    assert contacts.usable(amal) == []


def test_an_unclear_answer_is_never_followed_by_a_blind_try(
    amal: User, channel_says: list[Exception]
) -> None:
    message = a_message(amal)
    channel_says.append(Unclear("timeout"))
    assert delivered(message) == MessageState.UNKNOWN
    assert message.failure == "timeout"
    assert message.parameters != {}, "the text is needed for the look-up"
    assert delivered(message) == MessageState.UNKNOWN
    assert not DemoMessage.objects.exists()


def test_an_error_nobody_thought_of_is_unclear_too(
    amal: User, channel_says: list[Exception]
) -> None:
    channel_says.append(ZeroDivisionError("who would have thought"))
    message = a_message(amal)
    assert delivered(message) == MessageState.UNKNOWN


def test_a_channel_that_is_not_set_up_costs_a_pause_not_the_message(
    amal: User, settings: Settings
) -> None:
    settings.NOTIFICATION_CHANNELS = {"sms": "notifications.channels.sms.SmsChannel"}
    message = a_message(amal)
    assert delivered(message) == MessageState.PENDING
    assert message.failure == "channel_not_ready"


def test_a_message_that_lost_its_words_fails_instead_of_blocking(amal: User) -> None:
    message = a_message(amal)
    Message.objects.update(parameters={"beginn": "yesterday"})
    assert delivered(message) == MessageState.FAILED
    assert message.failure == "text_incomplete"


def test_what_is_overtaken_while_in_hand_goes_out_at_most_this_once(
    amal: User, channel_says: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_message(amal, about=["request:x"])
    channel_says.append(DeliveryError("429", permanent=False))
    pause = sending._pause

    def closed_meanwhile(attempts: int) -> timedelta:
        assert outbox.supersede("request:x") == 1
        return pause(attempts)

    monkeypatch.setattr(sending, "_pause", closed_meanwhile)
    assert delivered(message) == MessageState.SUPERSEDED
    assert message.parameters == {}


def test_a_sender_that_slept_through_its_lease_does_not_call(
    amal: User, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_message(amal)
    render = sending.rendered_for

    def slowly(claimed: Message) -> object:
        clock.forward(seconds=15)  # 5 s are left, a call may take 10
        return render(claimed)

    with monkeypatch.context() as patch:
        patch.setattr(sending, "rendered_for", slowly)
        assert delivered(message) == MessageState.PENDING, "it was certainly not sent"
    assert not DemoMessage.objects.exists()
    assert delivered(message) == MessageState.ACCEPTED


def test_what_fails_before_the_call_was_not_sent_and_is_tried_again(
    amal: User, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_message(amal)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "rendered_for", lambda claimed: 1 / 0)
        assert delivered(message) == MessageState.PENDING
    assert message.not_before > clock()
    clock.forward(seconds=20)
    assert delivered(message) == MessageState.ACCEPTED
    assert DemoMessage.objects.count() == 1
