"""Volunteers who have been here for long, written as rows with the days of then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from config.demo.calendar import at, today
from config.demo.plans import Plan
from config.demo.records import records_of
from config.demo.tables import place_of
from notifications.contacts import normalise_phone
from notifications.models import Channel, Contact
from pools.models import Pool, User
from reference.models import Language
from volunteers.approval import UNLOCKED_BY_FIELD, UNLOCKED_FIELD
from volunteers.consent import CURRENT
from volunteers.models import Absence, Consent, Level, Profile, Qualification, SpokenLanguage
from volunteers.models import Volunteer as Row
from volunteers.week import NO_HOUR

STATUS = {
    "active": Row.Status.APPROVED,
    "locked": Row.Status.APPROVED,
    "left": Row.Status.LEFT,
    "refused": Row.Status.REFUSED,
}
DAY = dt.timedelta(days=1)


@dataclass
class Known:
    """A plan with what is already there of it."""

    plan: Plan
    pool: Pool
    coordinator: User
    person: User

    @property
    def came_at(self) -> dt.datetime:
        """Return when she registered: two weeks before she was taken on."""
        return at(self.plan.since - 14 * DAY, "18:30")

    @property
    def decided_at(self) -> dt.datetime:
        """Return when the coordinator decided."""
        return at(self.plan.since, "11:00")


def write_volunteers(plans: list[Plan], pools: dict[str, tuple[Pool, User]]) -> None:
    """Write them all, table by table; the candidate table follows by its triggers."""
    people = User.objects.bulk_create(
        User(
            given_name=plan.given,
            family_name=plan.family,
            password=make_password(None),
            joined_at=at(plan.since - 14 * DAY, "18:30"),
        )
        for plan in plans
    )
    everybody = [
        Known(plan, *pools[plan.pool], person) for plan, person in zip(plans, people, strict=True)
    ]
    Contact.objects.bulk_create(contact for known in everybody for contact in _contacts(known))
    profiles = Profile.objects.bulk_create(_profile(known) for known in everybody)
    languages = {row.code: row for row in Language.objects.all()}
    SpokenLanguage.objects.bulk_create(
        SpokenLanguage(
            profile=profile,
            language=languages[code],
            level=Level.C1 if rank else Level.NATIVE,
            can_read=not rank,
        )
        for known, profile in zip(everybody, profiles, strict=True)
        for rank, code in enumerate(known.plan.languages)
    )
    Consent.objects.bulk_create(
        Consent(person=known.person, pool=known.pool, text_version=CURRENT, given_at=known.came_at)
        for known in everybody
    )
    volunteers = Row.objects.bulk_create(_volunteer(known) for known in everybody)
    Qualification.objects.bulk_create(
        record
        for known, volunteer in zip(everybody, volunteers, strict=True)
        if known.plan.state != "refused"
        for record in _records(known, volunteer)
    )
    Absence.objects.bulk_create(
        Absence(profile=profile, days=(today() + 3 * DAY, today() + 12 * DAY))
        for known, profile in zip(everybody, profiles, strict=True)
        if known.plan.number % 29 == 7
    )


def _contacts(known: Known) -> list[Contact]:
    number = normalise_phone(known.plan.phone)
    addresses = [(Channel.SMS, number), (Channel.EMAIL, known.plan.email)]
    return [
        Contact(
            person=known.person,
            channel=channel,
            address=address,
            rank=rank,
            consented_at=known.came_at,
            verified_at=known.decided_at,
            verified_by=known.coordinator,
        )
        for rank, (channel, address) in enumerate(addresses, start=1)
        if address
    ]


def _profile(known: Known) -> Profile:
    plan, place = known.plan, place_of(known.plan.postcode)
    means, radius = plan.reach
    pauses = plan.number % 37 == 11
    return Profile(
        person=known.person,
        postcode=place.postcode,
        municipality=place.municipality,
        point=place.point,
        means=means,
        radius_km=radius,
        on_site="on_site" in plan.modes,
        phone="phone" in plan.modes,
        video="video" in plan.modes,
        gender=plan.gender,
        week=plan.week or NO_HOUR,
        paused_until=today() + 30 * DAY if pauses else None,
        updated_at=known.decided_at,
    )


def _volunteer(known: Known) -> Row:
    plan = known.plan
    return Row(
        pool=known.pool,
        person=known.person,
        status=STATUS[plan.state],
        wants_interpreting="interpret" in plan.roles,
        wants_guiding="guide" in plan.roles,
        **_open_roles(known),
        registered_at=known.came_at,
        decided_at=known.decided_at,
        decided_by=known.coordinator,
    )


def _open_roles(known: Known) -> dict[str, Any]:
    if known.plan.state != "active":
        return {}
    return {
        field: value
        for role in known.plan.roles
        for field, value in (
            (UNLOCKED_FIELD[role], known.decided_at),
            (UNLOCKED_BY_FIELD[role], known.coordinator),
        )
    }


def _records(known: Known, volunteer: Row) -> list[Qualification]:
    made = []
    for record in records_of(known.plan, known.pool):
        of_police: dict[str, Any] = {
            "certificate_on": record.since - 20 * DAY,
            "has_no_relevant_entry": True,
        }
        made.append(
            Qualification(
                pool=known.pool,
                volunteer=volunteer,
                type=record.type,
                language=record.language,
                units=record.units,
                valid=(record.since, record.until + DAY if record.until else None),
                inspected_on=record.since,
                inspected_by=known.coordinator,
                recorded_at=known.decided_at,
                **(of_police if record.is_police else {}),
            )
        )
    return made
