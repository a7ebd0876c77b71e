"""Addresses: one way of writing them, one person each once verified, STOP and death respected."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from notifications import contacts
from notifications.models import Channel, Contact
from pools.models import Membership
from tests.builders import a_contact, a_person, a_pool

pytestmark = pytest.mark.django_db
PHONE = "+491713920000"


@pytest.mark.parametrize(
    "typed",
    ["0171 3920000", "0171/392 00 00", " (0171) 39200-00 ", "0049 171 3920000", "+49 171 3920000"],
)
def test_a_number_is_written_one_way_only(typed: str) -> None:
    assert contacts.normalise_phone(typed) == PHONE


def test_a_foreign_number_keeps_its_country() -> None:
    assert contacts.normalise_phone("+90 532 123 45 67") == "+905321234567"


@pytest.mark.parametrize(
    "typed", ["", "112", "zuhause", "0171", "0171 39200001234567", "\x00", "9" * 10**6]
)
def test_what_is_no_number_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(ValidationError) as error:
        contacts.normalise_phone(typed)
    assert "Vorwahl" in error.value.message_dict["phone"][0]


def test_an_email_address_is_lower_case() -> None:
    assert contacts.normalise_email(" Amal@Example.ORG ") == "amal@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "amal",
        "amal@",
        "a@b",
        "a b@example.org",
        "a\x00@example.org",
        "a@" + "b" * 300 + ".de",
        "a@b.de\nBcc: x@y.de",
    ],
)
def test_what_is_no_email_address_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(ValidationError) as error:
        contacts.normalise_email(typed)
    assert "name@beispiel.de" in error.value.message_dict["email"][0]


def test_a_landline_gets_no_sms() -> None:
    with pytest.raises(ValidationError) as error:
        contacts.add_contact(a_person(), channel=Channel.SMS, address="0641 1234567")
    assert "Handy-Nummer" in error.value.message_dict["phone"][0]


def test_a_contact_is_not_verified_until_somebody_says_so() -> None:
    person, coordinator = a_person(), a_person()
    contact = contacts.add_contact(person, channel=Channel.SMS, address="0171 3920000")
    assert (contact.verified_at, contact.consented_at is None) == (None, False)
    contacts.verify(contact, by=coordinator)
    assert contact.verified_at is not None
    assert contact.verified_by == coordinator


def test_the_same_address_given_twice_is_one_contact() -> None:
    person = a_person()
    first = contacts.add_contact(person, channel=Channel.EMAIL, address="A@example.org")
    second = contacts.add_contact(person, channel=Channel.EMAIL, address="a@EXAMPLE.org", rank=2)
    assert first == second
    assert Contact.objects.get(person=person).rank == 2


def test_a_verified_address_belongs_to_one_person() -> None:
    one, other = a_person(), a_person()
    contacts.verify(contacts.add_contact(one, channel=Channel.EMAIL, address="x@example.org"))
    second = contacts.add_contact(other, channel=Channel.EMAIL, address="x@example.org")
    with pytest.raises(ValidationError) as error:
        contacts.verify(second)
    assert "anderen Person" in error.value.message_dict["email"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=second.pk).update(verified_at=second.person.joined_at)


def test_a_dead_address_that_went_to_somebody_else_cannot_come_back() -> None:
    one, other = a_person(), a_person()
    first = contacts.add_contact(one, channel=Channel.SMS, address=PHONE)
    contacts.verify(first)
    contacts.close(first)
    contacts.verify(contacts.add_contact(other, channel=Channel.SMS, address=PHONE))
    Contact.objects.filter(pk=first.pk).update(closed_at=first.consented_at)
    with pytest.raises(ValidationError):
        contacts.add_contact(one, channel=Channel.SMS, address=PHONE)


def test_usable_contacts_come_in_order_of_rank() -> None:
    person = a_person()
    mail = a_contact(person, channel=Channel.EMAIL, rank=2)
    phone = a_contact(person, rank=1)
    assert contacts.usable(person) == [phone, mail]


def test_nothing_goes_to_stopped_closed_or_unasked_addresses() -> None:
    person = a_person()
    stopped, closed = a_contact(person), a_contact(person)
    a_contact(person, consented_at=None)
    contacts.stop(stopped)
    contacts.close(closed)
    assert contacts.usable(person) == []


def test_stop_holds_for_everybody_who_shares_the_telephone_and_start_ends_it() -> None:
    one, other = a_person(), a_person()
    first = contacts.add_contact(one, channel=Channel.SMS, address=PHONE)
    contacts.add_contact(other, channel=Channel.SMS, address=PHONE)
    contacts.stop(first)
    assert contacts.usable(one) == contacts.usable(other) == []
    contacts.resume(first)
    assert contacts.usable(other) != []


def test_consenting_again_ends_a_stop() -> None:
    person = a_person()
    contacts.stop(contacts.add_contact(person, channel=Channel.SMS, address=PHONE))
    contacts.add_contact(person, channel=Channel.SMS, address=PHONE, consented=False)
    assert contacts.usable(person) == []
    contacts.add_contact(person, channel=Channel.SMS, address=PHONE)
    assert contacts.usable(person) != []


def test_signing_in_finds_the_person_by_either_address() -> None:
    person = a_person()
    phone = a_contact(person, address=PHONE)
    mail = a_contact(person, channel=Channel.EMAIL, address="amal@example.org")
    assert contacts.for_sign_in("0171 3920000") == phone
    assert contacts.for_sign_in(" AMAL@example.org") == mail


@pytest.mark.parametrize("typed", ["", "nobody@example.org", "0171 3920001", "\x00", "@", "💥"])
def test_signing_in_with_an_unknown_address_finds_nobody(typed: str) -> None:
    assert contacts.for_sign_in(typed) is None


def test_signing_in_prefers_the_verified_address_then_who_belongs_somewhere() -> None:
    stranger, member, owner = a_person(), a_person(), a_person()
    address = {"channel": Channel.EMAIL, "address": "x@example.org"}
    a_contact(stranger, verified_at=None, **address)
    belongs = a_contact(member, verified_at=None, **address)
    Membership.objects.create(pool=a_pool(), person=member, role=Membership.Role.COORDINATOR)
    assert contacts.for_sign_in("x@example.org") == belongs
    verified = a_contact(owner, **address)
    assert contacts.for_sign_in("x@example.org") == verified


def test_nobody_signs_in_with_a_dead_address_or_as_a_closed_person() -> None:
    contacts.close(a_contact(a_person(), channel=Channel.EMAIL, address="x@example.org"))
    a_contact(a_person(is_active=False), channel=Channel.EMAIL, address="y@example.org")
    assert contacts.for_sign_in("x@example.org") is None
    assert contacts.for_sign_in("y@example.org") is None


def test_nobody_signs_in_with_an_address_of_hers_that_she_has_not_proved() -> None:
    """A stranger enters a victim's address and waits for the victim's own code to prove it."""
    stranger, victim = a_person(), a_person()
    a_contact(stranger, channel=Channel.SMS)
    a_contact(stranger, channel=Channel.EMAIL, address="victim@example.org", verified_at=None)
    assert contacts.for_sign_in("victim@example.org") is None
    hers = a_contact(victim, channel=Channel.EMAIL, address="victim@example.org", verified_at=None)
    assert contacts.for_sign_in("victim@example.org") == hers
