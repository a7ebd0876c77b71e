"""The sweep: everything that fell out of somebody's hand comes to a good end, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from notifications import outbox, sweeping
from notifications.models import DemoMessage, Message, MessageState
from pools.models import User
from tests.builders import a_contact, a_person
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


def beats(clock: MovableClock, count: int, seconds: int = 10) -> None:
    """Let the heart beat as the supervisor does."""
    for _ in range(count):
        outbox.sweep()
        clock.forward(seconds=seconds)


def test_a_message_whose_job_got_lost_is_sent_by_the_next_beat(amal: User) -> None:
    message = a_message(amal)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED


def test_the_most_urgent_goes_first() -> None:
    people = [a_person() for _ in range(3)]
    for person in people:
        a_contact(person)
    for person, priority in zip(people, (6, 1, 4), strict=True):
        a_message(person, priority=priority)
    outbox.sweep()
    addresses = list(DemoMessage.objects.order_by("received_at", "pk").values_list("address"))
    assert len(addresses) == 3
    order = Message.objects.order_by("handed_over_at", "priority").values_list(
        "priority", flat=True
    )
    assert list(order) == [1, 4, 6]


def test_a_run_out_lease_is_unknown_first_and_asked_about(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal)
    Message.objects.update(
        state=MessageState.SENDING,
        attempts=1,
        handed_over_at=now(),
        lease_until=now() + timedelta(seconds=30),
    )
    clock.forward(seconds=30)
    outbox.sweep()
    assert state_of(message) == MessageState.SENDING
    clock.forward(seconds=1)
    outbox.sweep()
    assert state_of(message) == MessageState.UNKNOWN
    assert message.failure == "lease_ran_out"
    assert any(request.startswith("GET") for request in twilio.requests)
    assert not twilio.messages()
    beats(clock, 3)
    assert state_of(message) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1


@pytest.mark.parametrize("kind", ["takes_and_fails", "takes_and_cuts", "takes_and_garbage"])
def test_a_message_the_provider_took_is_adopted_not_repeated(
    amal: User, clock: MovableClock, twilio: FakeTwilio, kind: str
) -> None:
    message = a_message(amal)
    twilio.behave(kind)
    assert delivered(message) == MessageState.UNKNOWN
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert message.provider_reference == twilio.messages()[0].sid
    assert message.parameters == {}
    beats(clock, 10)
    assert len(twilio.messages()) == 1


@pytest.mark.parametrize("kind", ["fails", "cuts"])
def test_a_message_the_provider_never_got_is_sent_again_once_that_is_sure(
    amal: User, clock: MovableClock, twilio: FakeTwilio, kind: str
) -> None:
    message = a_message(amal)
    twilio.behave(kind)
    delivered(message)
    for _ in range(4):  # until 45 s have passed it may still turn up
        outbox.sweep()
        assert state_of(message) == MessageState.UNKNOWN
        clock.forward(seconds=10)
    clock.forward(seconds=5)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert message.attempts == 2
    assert len(twilio.messages()) == 1


def test_a_message_that_shows_up_late_is_still_found(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal)
    twilio.shows_after(1000)
    twilio.behave("takes_and_fails")
    delivered(message)
    beats(clock, 3)
    assert state_of(message) == MessageState.UNKNOWN
    twilio.messages()[0].visible_from = 0
    beats(clock, 1)
    assert state_of(message) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1


def test_as_long_as_the_provider_cannot_say_nothing_is_repeated(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal)
    twilio.behave("takes_and_fails")
    twilio.lookups_fail(times=10)
    delivered(message)
    beats(clock, 10)
    assert state_of(message) == MessageState.UNKNOWN
    beats(clock, 1)
    assert state_of(message) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1


def test_two_equal_texts_are_two_messages(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    one, other = (a_message(amal, step=step) for step in "12")
    assert delivered(one) == MessageState.ACCEPTED
    clock.forward(minutes=1)
    twilio.behave("fails")
    assert delivered(other) == MessageState.UNKNOWN
    beats(clock, 7)
    assert state_of(other) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 2
    assert len({one.provider_reference, other.provider_reference}) == 2


def test_what_was_overtaken_while_unclear_is_not_repeated(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal, about=["request:x"])
    twilio.behave("fails")
    delivered(message)
    assert outbox.supersede("request:x") == 1
    assert state_of(message) == MessageState.UNKNOWN
    beats(clock, 7)
    assert state_of(message) == MessageState.SUPERSEDED
    assert not twilio.messages()


def test_what_was_overtaken_but_sent_is_known_as_sent(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal, about=["request:x"])
    twilio.behave("takes_and_fails")
    delivered(message)
    outbox.supersede("request:x")
    beats(clock, 2)
    assert state_of(message) == MessageState.ACCEPTED


def test_what_is_unclear_beyond_its_time_expires_instead_of_going_out_late(
    amal: User, clock: MovableClock, twilio: FakeTwilio
) -> None:
    message = a_message(amal, not_after=now() + timedelta(seconds=40))
    twilio.behave("fails")
    delivered(message)
    beats(clock, 7)
    assert state_of(message) == MessageState.EXPIRED
    assert not twilio.messages()


def test_one_message_that_cannot_be_sent_does_not_stop_the_others(
    amal: User, berta: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = a_message(amal, priority=1), a_message(berta)
    send = outbox.deliver

    def fails_for_one(message_id: str) -> None:
        if message_id == str(bad.pk):
            raise ZeroDivisionError
        send(message_id)

    monkeypatch.setattr(sweeping, "deliver", fails_for_one)
    outbox.sweep()
    assert state_of(good) == MessageState.ACCEPTED


def test_a_sweep_stops_in_time_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch, amal: User, berta: User
) -> None:
    a_message(amal)
    a_message(berta)
    monkeypatch.setattr(sweeping, "SWEEP_FOR_S", -1.0)
    outbox.sweep()
    assert Message.objects.filter(state=MessageState.PENDING).count() == 2


def test_thirty_minutes_without_a_provider_lose_and_repeat_nothing(
    clock: MovableClock, twilio: FakeTwilio
) -> None:
    people = [a_person() for _ in range(4)]
    for person in people:
        a_contact(person)
        a_message(person)
    late = a_message(people[0], step="late", not_after=now() + timedelta(minutes=10))
    twilio.behave("too_many", times=200)
    beats(clock, 60, seconds=30)
    twilio.exchange.plans.clear()
    beats(clock, 20, seconds=30)
    offers = Message.objects.exclude(pk=late.pk)
    assert set(offers.values_list("state", flat=True)) <= {
        MessageState.ACCEPTED,
        MessageState.DELIVERED,
    }
    assert len(twilio.messages()) == 4
    assert state_of(late) == MessageState.EXPIRED
