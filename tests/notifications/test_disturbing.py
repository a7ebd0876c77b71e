"""Who may be written to, and when: quiet hours, one SMS a minute, STOP, consent, too late."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from background.clock import now
from notifications import contacts, outbox
from notifications.models import (
    Channel,
    Contact,
    DemoMessage,
    MessageClass,
    MessageState,
)
from pools.models import User
from tests.builders import a_contact, a_person, a_pool
from tests.clock import MovableClock
from tests.notifications.builders import BERLIN, a_message, delivered, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


def a_sleeper(**fields: object) -> User:
    person = a_person()
    a_contact(person, quiet_from=time(20, 0), quiet_until=time(8, 0), **fields)
    return person


NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=BERLIN)
MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=BERLIN)


@pytest.mark.parametrize("message_class", [MessageClass.OFFER, MessageClass.NEWS])
def test_offers_and_news_wait_until_the_morning(
    clock: MovableClock, message_class: MessageClass
) -> None:
    clock.set(NIGHT)
    message = a_message(
        a_sleeper(), message_class=message_class, not_after=NIGHT + timedelta(days=1)
    )
    assert delivered(message) == MessageState.PENDING
    assert message.not_before == MORNING
    assert message.attempts == 0
    clock.set(MORNING)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED


def test_a_code_goes_out_at_night(clock: MovableClock) -> None:
    clock.set(NIGHT)
    message = a_message(
        a_sleeper(), template="code", parameters={"code": "123456"}, message_class=MessageClass.CODE
    )
    assert delivered(message) == MessageState.ACCEPTED


def test_who_agreed_is_disturbed_when_it_is_urgent(clock: MovableClock) -> None:
    clock.set(NIGHT)
    message = a_message(a_sleeper(), parameters={"may_disturb": True})
    assert delivered(message) == MessageState.ACCEPTED


def test_quiet_hours_are_those_of_the_pools_clock(clock: MovableClock) -> None:
    clock.set(datetime(2026, 11, 24, 8, 30, tzinfo=BERLIN))
    lisbon = a_pool(time_zone="Europe/Lisbon")
    message = a_message(a_sleeper(), pool=lisbon)
    assert delivered(message) == MessageState.PENDING
    assert message.not_before == datetime(2026, 11, 24, 9, 0, tzinfo=BERLIN)


def test_one_sms_a_minute_to_one_number(amal: User, clock: MovableClock) -> None:
    first, second, third = (a_message(amal, step=step) for step in "123")
    assert delivered(first) == MessageState.ACCEPTED
    clock.forward(seconds=20)
    assert delivered(second) == MessageState.PENDING
    assert second.not_before == now() + timedelta(seconds=40)
    clock.forward(seconds=40)
    outbox.sweep()
    assert {state_of(second), state_of(third)} == {MessageState.ACCEPTED, MessageState.PENDING}
    clock.forward(minutes=1)
    outbox.sweep()
    assert state_of(second) == state_of(third) == MessageState.ACCEPTED


def test_two_people_who_share_a_telephone_share_the_minute() -> None:
    one, other = a_person(), a_person()
    a_contact(one, address="+491713920000")
    a_contact(other, address="+491713920000", verified_at=None)
    assert delivered(a_message(one)) == MessageState.ACCEPTED
    assert delivered(a_message(other)) == MessageState.PENDING


def test_emails_and_codes_do_not_wait_for_the_minute(amal: User, berta: User) -> None:
    for step in "12":
        assert delivered(a_message(berta, step=step)) == MessageState.ACCEPTED
    delivered(a_message(amal))
    code = a_message(
        amal, template="code", parameters={"code": "1"}, message_class=MessageClass.CODE
    )
    assert delivered(code) == MessageState.ACCEPTED


def test_after_a_stop_the_next_address_is_used(amal: User) -> None:
    message = a_message(amal)
    mail = a_contact(amal, channel=Channel.EMAIL, rank=2)
    contacts.stop(message.contact)
    assert delivered(message) == MessageState.ACCEPTED
    assert message.contact == mail
    assert DemoMessage.objects.get().address == mail.address


@pytest.mark.parametrize("field", ["stopped_at", "closed_at"])
def test_without_any_address_left_the_message_is_superseded(amal: User, field: str) -> None:
    message = a_message(amal)
    Contact.objects.update(**{field: now()})
    assert delivered(message) == MessageState.SUPERSEDED
    assert message.failure == "no_contact"
    assert message.parameters == {}


def test_without_consent_or_for_a_closed_person_nothing_goes_out(amal: User, berta: User) -> None:
    unasked, gone = a_message(amal), a_message(berta)
    amal.contacts.update(consented_at=None)
    User.objects.filter(pk=berta.pk).update(is_active=False)
    assert delivered(unasked) == MessageState.SUPERSEDED
    assert delivered(gone) == MessageState.SUPERSEDED


def test_a_code_goes_only_where_it_was_asked_for(amal: User) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    code = a_message(
        amal, template="code", parameters={"code": "1"}, message_class=MessageClass.CODE
    )
    contacts.stop(code.contact)
    assert delivered(code) == MessageState.SUPERSEDED


def test_what_nobody_needs_any_more_expires(amal: User, clock: MovableClock) -> None:
    message = a_message(amal, not_after=now() + timedelta(hours=1))
    clock.forward(hours=1)
    assert delivered(message) == MessageState.PENDING
    outbox.sweep()
    assert state_of(message) == MessageState.EXPIRED
    assert message.parameters == {}
    assert not DemoMessage.objects.exists()
