"""Sign-in codes: quick, rationed, and never anywhere but where they were asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from background.clock import now
from notifications import codes, contacts, outbox
from notifications.codes import may_send_code, send_code
from notifications.models import Contact, DemoMessage, Message, MessageState
from pools.models import User
from tests.builders import a_contact, a_person
from tests.clock import MovableClock
from tests.notifications.builders import BERLIN, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


@pytest.fixture
def phone(amal: User) -> Contact:
    return amal.contacts.get()


@pytest.fixture
def mailbox(berta: User) -> Contact:
    return berta.contacts.get()


def test_a_code_arrives_and_is_forgotten(mailbox: Contact) -> None:
    assert send_code(mailbox, code="482913")
    message = Message.objects.get()
    outbox.deliver(str(message.pk))
    received = DemoMessage.objects.get()
    assert "482913" in received.text
    assert "482913" not in received.subject
    assert state_of(message) == MessageState.ACCEPTED
    assert message.parameters == {}
    assert "482913" not in str(Message.objects.values().get())


def test_a_code_by_sms_says_how_long_it_is_valid(phone: Contact) -> None:
    send_code(phone, code="482913")
    outbox.sweep()
    assert DemoMessage.objects.get().text == (
        "Ihr Code: 482913. Gültig 10 Minuten. Geben Sie ihn nicht weiter. WIR-Vielfaltszentrum"
    )


def test_a_code_is_worthless_after_ten_minutes(phone: Contact, clock: MovableClock) -> None:
    send_code(phone, code="1")
    clock.forward(minutes=10)
    outbox.sweep()
    assert Message.objects.get().state == MessageState.EXPIRED
    assert not DemoMessage.objects.exists()


def test_only_the_last_code_goes_out(phone: Contact) -> None:
    send_code(phone, code="1")
    send_code(phone, code="2")
    outbox.sweep()
    assert "Code: 2." in DemoMessage.objects.get().text


@pytest.mark.parametrize(("channel", "allowed"), [("sms", 3), ("email", 10)])
def test_so_many_codes_an_hour(channel: str, allowed: int, clock: MovableClock) -> None:
    contact = a_contact(a_person(), channel=channel)
    sent = [send_code(contact, code="1") for _ in range(allowed + 2)]
    assert sent == [True] * allowed + [False, False]
    clock.forward(minutes=61)
    assert send_code(contact, code="1")


def test_the_three_are_counted_per_number_not_per_person(phone: Contact) -> None:
    other = a_contact(a_person(), address=phone.address, verified_at=None)
    assert [send_code(contact, code="1") for contact in (phone, other, phone, other)] == [
        True,
        True,
        True,
        False,
    ]


def test_codes_go_by_sms_to_german_numbers_only() -> None:
    turkish = a_contact(a_person(), address="+905321234567")
    assert not may_send_code(turkish)
    assert not send_code(turkish, code="1")
    assert not Message.objects.exists()


def test_all_sms_codes_together_have_a_daily_limit(
    settings: Settings, phone: Contact, mailbox: Contact, clock: MovableClock
) -> None:
    settings.SMS_CODE_DAILY_CAP = 2
    for _ in range(2):
        send_code(a_contact(a_person()), code="1")
    assert not may_send_code(phone)
    assert may_send_code(mailbox), "e-mail costs nothing"
    clock.forward(days=1, seconds=1)
    assert may_send_code(phone)


def test_no_code_goes_to_a_stopped_dead_unknown_or_closed_one(phone: Contact) -> None:
    unasked = a_contact(a_person(), consented_at=None, verified_at=None)
    stopped, dead = a_contact(a_person()), a_contact(a_person())
    contacts.stop(stopped)
    contacts.close(dead)
    gone = a_contact(a_person(is_active=False))
    for contact in (unasked, stopped, dead, gone):
        contact.refresh_from_db()
        assert not send_code(contact, code="1")
    assert may_send_code(phone)


def test_who_takes_no_messages_by_email_may_still_sign_in(mailbox: Contact) -> None:
    contacts.stop(mailbox)
    assert send_code(mailbox, code="1")
    outbox.sweep()
    assert DemoMessage.objects.count() == 1


def test_a_code_does_not_wait_for_the_morning_nor_behind_offers(clock: MovableClock) -> None:
    clock.set(datetime(2026, 11, 24, 23, 0, tzinfo=BERLIN))
    contact = a_contact(a_person(), quiet_from="20:00", quiet_until="08:00")
    send_code(contact, code="1")
    message = Message.objects.get()
    assert message.priority == 1
    assert message.not_after == now() + timedelta(minutes=10) == now() + codes.VALID_FOR
    outbox.sweep()
    assert DemoMessage.objects.exists()
