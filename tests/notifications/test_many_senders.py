"""Several senders at once, with real transactions: each message is in one hand only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ

from background import failpoints
from background.clock import now
from notifications import codes, outbox
from notifications.channels.base import InsideTransaction
from notifications.models import Channel, Contact, DemoMessage, Message, MessageState
from pools.models import User
from tests.builders import a_contact, a_person
from tests.notifications.builders import a_message, delivered, offer_parameters, state_of
from tests.provider.twilio import FakeTwilio

SENDERS = 8


@pytest.fixture(autouse=True)
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let rows be committed and remove them afterwards (a flush would empty the reference data)."""
    with django_db_blocker.unblock():
        yield
        Message.objects.all().delete()
        DemoMessage.objects.all().delete()
        Contact.objects.all().delete()
        User.objects.all().delete()
        OrmQ.objects.all().delete()


@pytest.fixture
def amal() -> User:
    """A person with a telephone."""
    person = a_person(given_name="Amal")
    a_contact(person)
    return person


def at_once(do: Callable[[int], Any], count: int = SENDERS) -> list[Any]:
    """Call it from many threads that start together; each has a connection of its own."""
    barrier = threading.Barrier(count)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_a_real_transaction_is_refused_and_autocommit_is_not(amal: User) -> None:
    message = a_message(amal)
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outbox.deliver(str(message.pk))
    assert delivered(message) == MessageState.ACCEPTED


def test_many_senders_hand_a_message_over_once(amal: User, twilio: FakeTwilio) -> None:
    message = a_message(amal)
    at_once(lambda _: outbox.deliver(str(message.pk)))
    assert len(twilio.messages()) == 1
    assert state_of(message) == MessageState.ACCEPTED
    assert message.attempts == 1


def test_many_sweeps_share_the_work(twilio: FakeTwilio) -> None:
    for _ in range(20):
        person = a_person()
        a_contact(person)
        a_message(person)
    at_once(lambda _: outbox.sweep(), count=4)
    assert len(twilio.messages()) == 20
    assert len({taken.to for taken in twilio.messages()}) == 20
    assert Message.objects.filter(state=MessageState.ACCEPTED).count() == 20


def test_many_sweeps_ask_about_an_unclear_message_once(amal: User, twilio: FakeTwilio) -> None:
    message = a_message(amal)
    twilio.behave("takes_and_fails")
    delivered(message)
    at_once(lambda _: outbox.resolve_unknown(str(message.pk)))
    assert len([request for request in twilio.requests if request.startswith("GET")]) == 1
    assert state_of(message) == MessageState.ACCEPTED


def test_two_senders_do_not_both_see_a_free_minute(amal: User, twilio: FakeTwilio) -> None:
    messages = [a_message(amal, step=str(step)) for step in range(SENDERS)]
    at_once(lambda number: outbox.deliver(str(messages[number].pk)))
    assert len(twilio.messages()) == 1


def test_the_same_message_written_at_once_is_one_row(amal: User) -> None:
    written = at_once(
        lambda _: outbox.write(
            amal,
            pool=None,
            template="offer",
            parameters=offer_parameters(),
            message_class="offer",
            about=["proposal:x"],
            step="1",
            not_after=now() + timedelta(hours=1),
        )
    )
    assert sum(message is not None for message in written) == 1
    assert Message.objects.count() == 1
    assert OrmQ.objects.count() == 1


def test_closing_and_sending_at_once_is_one_or_the_other(twilio: FakeTwilio) -> None:
    people = [a_person() for _ in range(10)]
    messages = []
    for person in people:
        a_contact(person)
        messages.append(a_message(person, about=["request:x"]))

    def act(number: int) -> None:
        if number == 0:
            outbox.supersede("request:x")
        else:
            for message in messages:
                outbox.deliver(str(message.pk))

    at_once(act, count=3)
    states = set(Message.objects.values_list("state", flat=True))
    assert states <= {MessageState.ACCEPTED, MessageState.SUPERSEDED}
    accepted = Message.objects.filter(state=MessageState.ACCEPTED).count()
    assert len(twilio.messages()) == accepted


def test_two_who_close_the_same_offers_do_not_wait_for_each_other(amal: User) -> None:
    for step in range(30):
        a_message(amal, step=str(step), about=["request:x", f"proposal:{step}"])
    superseded = at_once(lambda _: outbox.supersede("request:x"), count=4)
    assert sum(superseded) == 30


def test_a_message_somebody_is_claiming_is_left_to_them(
    amal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = a_message(amal)
    inside, go_on = threading.Event(), threading.Event()

    def hold(name: str) -> None:
        if name == "outbox.claiming":
            inside.set()
            assert go_on.wait(5)

    def deliver_elsewhere() -> None:
        outbox.deliver(str(message.pk))
        connection.close()

    monkeypatch.setattr(failpoints, "armed", hold)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver_elsewhere)
        assert inside.wait(5)
        monkeypatch.setattr(failpoints, "armed", None)
        outbox.deliver(str(message.pk))  # returns at once: the row is locked, not waited for
        assert not DemoMessage.objects.exists()
        go_on.set()
        first.result(5)
    assert DemoMessage.objects.count() == 1


def test_two_browsers_do_not_get_a_fourth_code(amal: User) -> None:
    contact = amal.contacts.get()
    sent = at_once(lambda number: codes.send_code(contact, code=str(number)))
    assert sum(sent) == codes.CODES_PER_HOUR[Channel.SMS]
