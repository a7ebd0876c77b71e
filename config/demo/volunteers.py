"""The 130 volunteers: who came lately went through the verbs, the others came long ago."""

from __future__ import annotations

import datetime as dt

from background.clock import now
from config.demo.long_ago import write_volunteers
from config.demo.plans import Plan, plans
from config.demo.records import Record, records_of
from config.demo.tables import place_of
from notifications.models import Contact
from pools.models import Pool, User
from reference.models import Language
from volunteers import approval, availability, qualifications
from volunteers.consent import CURRENT
from volunteers.models import Consent, Level, Volunteer
from volunteers.registration import LanguageInput, register_volunteer

LATELY = dt.timedelta(hours=20)


def make_volunteers(pools: dict[str, tuple[Pool, User]]) -> Volunteer:
    """Make all of them; return Amina, whose telephone a visitor holds."""
    everybody = plans()
    lately = [plan for plan in everybody if plan.is_amina or plan.state == "registered"]
    made = [_register(plan, pools[plan.pool][0]) for plan in lately]
    write_volunteers([plan for plan in everybody if plan not in lately], pools)
    for plan, volunteer in zip(lately, made, strict=True):
        if not plan.is_amina:
            _came(volunteer, now() - LATELY * (1 + plan.number % 5))
            continue
        _take_on(plan, volunteer, pools[plan.pool][1])
    return made[0]


def _register(plan: Plan, pool: Pool) -> Volunteer:
    means, radius = plan.reach
    first, *others = [Language.objects.get(code=code) for code in plan.languages]
    spoken = [
        LanguageInput(first, Level.NATIVE, True),
        *(LanguageInput(o, Level.C1) for o in others),
    ]
    return register_volunteer(
        pool=pool,
        given_name=plan.given,
        family_name=plan.family,
        phone=plan.phone,
        email=plan.email,
        preferred_channel="sms",
        wants_interpreting="interpret" in plan.roles,
        wants_guiding="guide" in plan.roles,
        languages=spoken,
        place=place_of(plan.postcode),
        means=means,
        radius_km=radius,
        modes=plan.modes,
        week=plan.week,
        is_adult=True,
        consent_version=CURRENT,
        consent_given=True,
        gender=plan.gender,
    )


def _came(volunteer: Volunteer, registered_at: dt.datetime) -> None:
    """Let somebody have registered then, and wait since."""
    Volunteer.objects.filter(pk=volunteer.pk).update(registered_at=registered_at)
    Consent.objects.filter(person=volunteer.person_id).update(given_at=registered_at)


def _take_on(plan: Plan, volunteer: Volunteer, coordinator: User) -> None:
    """Take her on today, with everything seen; she wants to be asked often."""
    approval.approve(volunteer, by=coordinator)
    for record in records_of(plan, volunteer.pool):
        if record.type.code != approval.ADULT:
            _record(record, volunteer, coordinator)
    for role in plan.roles:
        approval.unlock(volunteer, role=role, by=coordinator)
    _came(volunteer, now() - 3 * LATELY)
    Volunteer.objects.filter(pk=volunteer.pk).update(decided_at=now() - LATELY)
    availability.set_wishes(volunteer.person.profile, (), 7, None, True)
    Contact.objects.filter(person=volunteer.person).update(verified_at=now())


def _record(record: Record, volunteer: Volunteer, coordinator: User) -> None:
    qualifications.record(
        volunteer,
        type=record.type,
        language=record.language,
        valid_from=record.since,
        valid_until=record.until,
        inspected_on=record.since,
        inspected_by=coordinator,
        units=record.units,
        certificate_on=record.since - dt.timedelta(days=20) if record.is_police else None,
        has_no_relevant_entry=True if record.is_police else None,
    )
