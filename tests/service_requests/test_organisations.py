"""A requesting institution registers, and a coordinator decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications import contacts
from notifications.models import Channel, Contact, Message
from pools.models import Membership, Organisation, Pool, User
from pools.scoping import scope_of
from reference.models import Setting
from reference.places import resolve
from service_requests.organisations import (
    add_caseworker,
    approve_organisation,
    refuse_organisation,
    register_organisation,
    suspend_organisation,
)
from tests.builders import WETTENBERG, a_caseworker, a_coordinator, a_pool, an_organisation

pytestmark = pytest.mark.django_db


def filled_in(pool: Pool, **changes: Any) -> dict[str, Any]:
    """Return a complete form."""
    return {
        "pool": pool,
        "name": "Quittenhang-Grundschule",
        "setting": Setting.objects.get(code="school"),
        "place": resolve(WETTENBERG, None, dt.date(2026, 11, 24)),
        "address": "Quittenhang 1",
        "phone": "069 90009 300",
        "given_name": "Petra",
        "family_name": "Lindenau",
        "email": "Lindenau@Schule.example.org",
        **changes,
    }


def register(pool: Pool, **changes: Any) -> Organisation:
    """Register a school."""
    return register_organisation(**filled_in(pool, **changes))


def person_of(organisation: Organisation) -> User:
    """Return its only caseworker."""
    return Membership.objects.current().get(organisation=organisation).person


def test_whoever_registers_waits_for_the_coordinator() -> None:
    organisation = register(a_pool())
    assert organisation.status == Organisation.Status.REGISTERED
    assert organisation.postcode_id == WETTENBERG
    person = person_of(organisation)
    assert str(person) == "Petra Lindenau"
    contact = Contact.objects.get(person=person)
    assert (contact.channel, contact.address) == ("email", "lindenau@schule.example.org")
    assert contact.verified_at is None
    assert Message.objects.get(person=person).template == "organisation_received"


def test_a_hidden_place_is_said_at_the_beginning() -> None:
    assert register(a_pool(), is_hidden_place=True).is_hidden_place


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 1_000_000}, "name"),
        ({"phone": ""}, "phone"),
        ({"address": "x" * 161}, "address"),
        ({"given_name": ""}, "given_name"),
        ({"family_name": "Lin\x00denau"}, "family_name"),
        ({"email": "lindenau"}, "email"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    form = filled_in(a_pool(), **changes)
    with pytest.raises(ValidationError) as refused:
        register_organisation(**form)
    assert set(refused.value.message_dict) == {field}
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_a_known_address_is_answered_like_an_unknown_one() -> None:
    pool = a_pool()
    first = register(pool)
    contacts.verify(Contact.objects.get(person=person_of(first)))
    second = register(pool)
    assert person_of(second) != person_of(first)
    assert second.status == first.status


def test_who_is_signed_in_stays_the_same_person() -> None:
    pool = a_pool()
    person = person_of(register(pool))
    assert person_of(register(pool, person=person)) == person


def test_after_the_approval_she_may_post() -> None:
    organisation = register(a_pool())
    coordinator = a_coordinator(organisation.pool)
    assert approve_organisation(organisation, by=coordinator)
    assert not approve_organisation(organisation, by=coordinator)
    assert organisation.status == Organisation.Status.APPROVED
    assert organisation.decided_by == coordinator
    assert Message.objects.filter(template="organisation_approved").count() == 1


def test_who_has_proved_the_address_gets_the_institution_that_claims_it() -> None:
    pool = a_pool()
    owner = person_of(register(pool, name="Erste Schule"))
    contacts.verify(Contact.objects.get(person=owner))
    claimed = register(pool, name="Zweite Schule")
    approve_organisation(claimed, by=a_coordinator(pool))
    assert person_of(claimed) == owner
    found = contacts.for_sign_in("lindenau@schule.example.org")
    assert found is not None
    assert claimed.pk in scope_of(found.person).organisations


def test_who_has_proved_another_address_keeps_her_own_place() -> None:
    pool = a_pool()
    contacts.verify(Contact.objects.get(person=person_of(register(pool))))
    claimed = register(pool)
    claimant = person_of(claimed)
    own = contacts.add_contact(claimant, channel=Channel.EMAIL, address="other@example.org")
    contacts.verify(own)
    approve_organisation(claimed, by=a_coordinator(pool))
    assert person_of(claimed) == claimant


def test_a_refusal_closes_the_door_and_says_why() -> None:
    organisation = register(a_pool())
    person = person_of(organisation)
    assert refuse_organisation(
        organisation, by=a_coordinator(organisation.pool), reason="Keine Fachstelle"
    )
    assert organisation.pk not in scope_of(person).organisations
    message = Message.objects.get(template="organisation_refused")
    assert message.parameters["grund"] == "Keine Fachstelle"


def test_a_suspended_institution_may_come_back() -> None:
    organisation = an_organisation(a_pool())
    coordinator = a_coordinator(organisation.pool)
    assert suspend_organisation(organisation, by=coordinator)
    assert approve_organisation(organisation, by=coordinator)


def test_a_colleague_joins() -> None:
    organisation = an_organisation(a_pool())
    a_caseworker(organisation)
    add_caseworker(
        organisation, given_name="Bert", family_name="Ulm", email="ulm@schule.example.org"
    )
    assert Membership.objects.current().filter(organisation=organisation).count() == 2
