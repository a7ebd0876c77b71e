"""How somebody becomes known as a volunteer: by herself, or entered by a coordinator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from notifications import contacts, outbox
from notifications.models import Channel, MessageClass
from pools.models import Pool, User
from pools.plain_text import checked
from reference.places import Place
from volunteers.availability import (
    LanguageInput,
    check_languages,
    check_reach,
    check_week,
    set_languages,
    set_reach,
)
from volunteers.consent import note_consent, require_consent
from volunteers.models import Profile, Volunteer

__all__ = ["LanguageInput", "register_volunteer"]

NO_ADDRESS = (
    "Wir brauchen eine Handy-Nummer oder eine E-Mail-Adresse, sonst erreichen wir Sie nicht."
)
TOO_YOUNG = "Unter 18 Jahren geht es leider noch nicht."
NO_ROLE = "Wählen Sie, was Sie machen möchten: dolmetschen, begleiten oder beides."
NO_LANGUAGE = "Wählen Sie mindestens eine Sprache."
ALREADY_THERE = "Sie sind bei diesem Zentrum schon eingetragen. Ihre Angaben ändern Sie im Profil."
WELCOME_FOR = dt.timedelta(days=2)


@transaction.atomic
def register_volunteer(
    *,
    pool: Pool,
    given_name: str,
    family_name: str,
    phone: str = "",
    email: str = "",
    preferred_channel: str,
    wants_interpreting: bool,
    wants_guiding: bool,
    languages: Sequence[LanguageInput],
    place: Place,
    means: str,
    radius_km: int,
    modes: Collection[str],
    week: str,
    is_adult: bool,
    consent_version: str,
    consent_given: bool,
    gender: str = "",
    person: User | None = None,
    entered_by: User | None = None,
) -> Volunteer:
    """Make a volunteer who waits for the coordinator; without consent nothing is stored.

    `person` is whoever is signed in. Without one this is always a new person, whatever the
    addresses are: the answer never tells whether an address is known.
    """
    require_consent(given=consent_given, version=consent_version)
    if not is_adult:
        raise ValidationError({"is_adult": TOO_YOUNG})
    names = checked(User, given_name=given_name, family_name=family_name)
    addresses = _addresses(phone, email, preferred_channel)
    _check_roles(wants_interpreting, wants_guiding, languages)
    check_languages(languages)
    check_reach(means=means, radius_km=radius_km, modes=modes)
    check_week(week)
    if gender and gender not in Profile.Gender.values:
        raise ValidationError({"gender": "Wählen Sie eine Angabe aus der Liste, oder keine."})
    if person is None:
        person = User.objects.create_user(**names)
    elif Volunteer.objects.filter(pool=pool, person=person).exists():
        raise ValidationError(ALREADY_THERE)
    for rank, (channel, address) in enumerate(addresses, start=1):
        contacts.add_contact(person, channel=channel, address=address, rank=rank, consented=True)
    profile = _profile(person, place=place, week=week, gender=gender)
    set_reach(profile, place, means, radius_km, modes, profile.extra_municipalities.all())
    set_languages(profile, languages)
    volunteer = Volunteer.objects.create(
        pool=pool,
        person=person,
        wants_interpreting=wants_interpreting,
        wants_guiding=wants_guiding,
    )
    note_consent(person, pool=pool, noted_by=entered_by)
    _welcome(volunteer)
    return volunteer


def _addresses(phone: str, email: str, preferred: str) -> list[tuple[str, str]]:
    """The preferred channel first; both may be given, one must."""
    given: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for field, text, channel in (("phone", phone, Channel.SMS), ("email", email, Channel.EMAIL)):
        if not text.strip():
            continue
        normalise = contacts.normalise_phone if field == "phone" else contacts.normalise_email
        try:
            given[channel] = normalise(text)
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(dict(errors))
    if not given:
        raise ValidationError({"phone": NO_ADDRESS})
    if preferred not in Channel.values:
        raise ValidationError({"preferred_channel": "Wählen Sie SMS oder E-Mail."})
    if preferred not in given:
        missing = {
            Channel.SMS: ("phone", "Für SMS brauchen wir Ihre Handy-Nummer."),
            Channel.EMAIL: ("email", "Für E-Mails brauchen wir Ihre E-Mail-Adresse."),
        }
        field, text = missing[Channel(preferred)]
        raise ValidationError({field: text})
    return sorted(given.items(), key=lambda item: item[0] != preferred)


def _check_roles(
    wants_interpreting: bool, wants_guiding: bool, languages: Sequence[LanguageInput]
) -> None:
    """Guides may accompany people in German; whoever interprets names a language."""
    if not (wants_interpreting or wants_guiding):
        raise ValidationError({"wants_interpreting": NO_ROLE})
    if wants_interpreting and not languages:
        raise ValidationError({"languages": NO_LANGUAGE})


def _profile(person: User, *, place: Place, week: str, gender: str) -> Profile:
    """The person's only profile; who is in another pool already brings it up to date."""
    profile, _ = Profile.objects.update_or_create(
        person=person,
        defaults={
            "postcode": place.postcode,
            "point": place.point,
            "week": week,
            "gender": gender,
            "updated_at": now(),
        },
    )
    return profile


def _welcome(volunteer: Volunteer) -> None:
    outbox.write(
        volunteer.person,
        pool=volunteer.pool,
        template="welcome_volunteer",
        parameters={},
        message_class=MessageClass.NEWS,
        about=[f"volunteer:{volunteer.public_id}"],
        step="registered",
        not_after=now() + WELCOME_FOR,
    )
