"""Somebody registers: with consent, grown up, reachable; and nobody learns who is known already."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications import contacts
from notifications.models import Contact, Message
from pools.models import User
from tests.builders import a_coordinator, a_person, a_pool, a_volunteer
from tests.clock import MovableClock
from tests.volunteers.registering import filled_in, register, speaks
from volunteers.consent import CURRENT, consent_text, withdraw_consent
from volunteers.models import Consent, Profile, SpokenLanguage, Volunteer
from volunteers.registration import register_volunteer
from volunteers.week import week_of

pytestmark = pytest.mark.django_db


def nothing_is_stored() -> bool:
    """Return whether no trace of a person is left."""
    return not (
        User.objects.exists()
        or Contact.objects.exists()
        or Profile.objects.exists()
        or Volunteer.objects.exists()
        or Consent.objects.exists()
        or Message.objects.exists()
    )


def refusal(**changes: Any) -> dict[str, list[str]]:
    """Return what is said at which field, and see that nothing was kept."""
    form = filled_in(a_pool(), **changes)
    with pytest.raises(ValidationError) as refused:
        register_volunteer(**form)
    assert nothing_is_stored()
    return refused.value.message_dict


def test_whoever_registers_waits_for_the_coordinator() -> None:
    volunteer = register(a_pool())
    assert volunteer.status == Volunteer.Status.REGISTERED
    assert volunteer.interpreting_unlocked_at is None
    assert str(volunteer.person) == "Amina Haidari"


def test_without_consent_nothing_is_stored() -> None:
    assert set(refusal(consent_given=False)) == {"consent_given"}


def test_consent_to_an_old_text_is_none() -> None:
    assert "neu" in refusal(consent_version="2025-01")["consent_given"][0]


def test_nobody_under_18_is_stored() -> None:
    assert refusal(is_adult=False) == {"is_adult": ["Unter 18 Jahren geht es leider noch nicht."]}


def test_the_consent_is_kept_with_the_version_of_its_text_and_the_time(
    clock: MovableClock,
) -> None:
    consent = Consent.objects.get(person=register(a_pool()).person)
    assert (consent.text_version, consent.given_at) == (CURRENT, clock.at)
    assert consent.noted_by is None


def test_the_coordinator_who_enters_somebody_stands_for_the_consent() -> None:
    pool = a_pool()
    coordinator = a_coordinator(pool)
    volunteer = register(pool, entered_by=coordinator)
    assert Consent.objects.get(person=volunteer.person).noted_by == coordinator


def test_the_consent_names_the_special_protection_of_languages_and_whom_to_write() -> None:
    pool = a_pool(centre_name="WIR-Vielfaltszentrum Musterkreis")
    text = " ".join(consent_text(pool))
    for part in ("Artikel 9 DSGVO", "widerrufen", pool.centre_name, pool.phone, pool.email):
        assert part in text


def test_what_was_filled_in_is_kept() -> None:
    volunteer = register(a_pool(), gender="f", week=week_of({(0, 9), (2, 14)}))
    profile = volunteer.person.profile
    assert profile.postcode_id == "35435"
    assert str(profile.municipality) == "Wettenberg"
    assert (profile.on_site, profile.phone, profile.video) == (True, True, False)
    assert (profile.means, profile.radius_km, profile.gender) == ("transit", 15, "f")
    spoken = {row.language.code: (row.level, row.region) for row in profile.languages.all()}
    assert spoken == {"prs": (6, ""), "ps": (4, "Kandahar")}


def test_the_preferred_channel_comes_first() -> None:
    by_sms = register(a_pool("06531")).person
    by_mail = register(a_pool("06534"), preferred_channel="email").person
    assert [each.channel for each in contacts.usable(by_sms)] == ["sms", "email"]
    assert [each.channel for each in contacts.usable(by_mail)] == ["email", "sms"]


def test_an_address_counts_as_unverified_until_a_code_comes_back() -> None:
    register(a_pool())
    assert not Contact.objects.exclude(verified_at=None).exists()


def test_a_telephone_or_an_address_is_needed() -> None:
    assert "sonst erreichen wir Sie nicht" in refusal(phone="", email="")["phone"][0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "", "preferred_channel": "email"}, "email"),
        ({"phone": "", "preferred_channel": "sms"}, "phone"),
        ({"preferred_channel": "pigeon"}, "preferred_channel"),
        ({"phone": "12"}, "phone"),
        ({"email": "amina"}, "email"),
        ({"given_name": ""}, "given_name"),
        ({"family_name": "x" * 1_000_000}, "family_name"),
        ({"given_name": "Ami\x00na"}, "given_name"),
        ({"wants_interpreting": False}, "wants_interpreting"),
        ({"languages": []}, "languages"),
        ({"means": "rocket"}, "means"),
        ({"radius_km": 0}, "radius_km"),
        ({"radius_km": 201}, "radius_km"),
        ({"modes": set()}, "modes"),
        ({"modes": {"telepathy"}}, "modes"),
        ({"week": "0"}, "week"),
        ({"gender": "x"}, "gender"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    sentences = refusal(**changes)
    assert set(sentences) == {field}
    assert sentences[field][0].endswith(".")


@pytest.mark.parametrize(
    "spoken",
    [["prs", "prs"], ["any"]],
    ids=["the same twice", "the reserved pseudo-language"],
)
def test_a_list_of_languages_that_makes_no_sense_is_refused(spoken: list[str]) -> None:
    assert set(refusal(languages=[speaks(code) for code in spoken])) == {"languages"}


def test_a_level_that_does_not_exist_is_refused() -> None:
    assert set(refusal(languages=[speaks("prs", 9)])) == {"languages"}


def test_a_guide_may_name_no_language() -> None:
    volunteer = register(a_pool(), wants_interpreting=False, wants_guiding=True, languages=[])
    assert not SpokenLanguage.objects.filter(profile=volunteer.person_id).exists()


def test_a_known_address_is_answered_like_an_unknown_one() -> None:
    pool = a_pool()
    known = register(pool)
    contacts.verify(Contact.objects.get(person=known.person, channel="sms"))
    again = register(pool)
    assert again.status == known.status
    assert again.person != known.person
    assert Contact.objects.filter(address="+491713920011").count() == 2
    assert Message.objects.filter(template="welcome_volunteer").count() == 2


def test_who_is_signed_in_stays_the_same_person() -> None:
    first = register(a_pool("06531"))
    second = register(a_pool("06534"), person=first.person, radius_km=40)
    assert second.person == first.person
    assert Profile.objects.get(person=first.person).radius_km == 40
    assert User.objects.count() == 1


def test_who_is_signed_in_and_known_here_is_told_so() -> None:
    pool = a_pool()
    person = a_volunteer(pool).person
    form = filled_in(pool, person=person)
    with pytest.raises(ValidationError, match="schon eingetragen"):
        register_volunteer(**form)


def test_a_welcome_is_on_its_way() -> None:
    volunteer = register(a_pool())
    message = Message.objects.get(person=volunteer.person)
    assert message.template == "welcome_volunteer"
    assert message.about == [f"volunteer:{volunteer.public_id}"]


def test_withdrawing_the_consent_ends_the_volunteering() -> None:
    volunteer = a_volunteer(a_pool())
    Consent.objects.create(person=volunteer.person, pool=volunteer.pool, text_version=CURRENT)
    withdraw_consent(volunteer.person, pool=volunteer.pool)
    volunteer.refresh_from_db()
    assert volunteer.status == Volunteer.Status.LEFT
    assert volunteer.interpreting_unlocked_at is None
    assert not Consent.objects.in_force().filter(person=volunteer.person).exists()


def test_withdrawing_in_one_pool_leaves_the_other() -> None:
    person = a_person()
    here, there = a_volunteer(a_pool("06531"), person=person), a_pool("06534")
    other = a_volunteer(there, person=person)
    withdraw_consent(person, pool=here.pool)
    other.refresh_from_db()
    assert other.status == Volunteer.Status.APPROVED
