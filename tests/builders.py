"""People and requests for tests, with everything they do not say set to something ordinary.

Rows are built directly, not by the verbs: a test that needs an approved volunteer is not a test
of approval. Verbs have their own tests and the stories use them.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from background.clock import now
from notifications.models import Channel, Contact
from pools.models import Membership, Organisation, Pool, PoolArea, User
from reference.models import Language, Municipality, Postcode, QualificationType, Setting
from service_requests.models import Kind, ServiceRequest, Status
from volunteers.models import Level, Profile, Qualification, SpokenLanguage, Volunteer
from volunteers.week import NO_HOUR

GIESSEN = "35390"
WETTENBERG = "35435"
MARBURG = "35037"
BERLIN_MITTE = "10115"
_numbers = itertools.count(1)
_names = itertools.cycle(
    ["Amal", "Boris", "Çiğdem", "Dawit", "Elif", "Farid", "Goran", "Hana", "Ivan", "Jamila"]
)


def a_person(**fields: Any) -> User:
    """Return a person."""
    number = next(_numbers)
    given = fields.pop("given_name", next(_names))
    return User.objects.create_user(
        given_name=given, family_name=fields.pop("family_name", f"Beispiel{number}"), **fields
    )


def a_contact(person: User, **fields: Any) -> Contact:
    """Return a verified contact without quiet hours (so that tests need not wait for morning)."""
    channel = fields.pop("channel", Channel.SMS)
    number = next(_numbers)
    address = f"+49171392{number:05d}" if channel == Channel.SMS else f"person{number}@example.org"
    defaults = {
        "address": address,
        "verified_at": now(),
        "consented_at": now(),
        "quiet_from": "00:00",
        "quiet_until": "00:00",
    }
    return Contact.objects.create(person=person, channel=channel, **(defaults | fields))


def a_pool(key: str = "06531", **fields: Any) -> Pool:
    """Return a pool that serves an area since long ago."""
    number = next(_numbers)
    defaults = {
        "name": f"Pool {number}",
        "slug": f"pool-{number}",
        "centre_name": "WIR-Vielfaltszentrum Gießen",
        "contact_name": "Frau Becker",
        "phone": "069 90009 001",
        "email": "zentrum@example.org",
    }
    pool = Pool.objects.create(**(defaults | fields))
    PoolArea.objects.create(pool=pool, key=key, valid=(date(2020, 1, 1), None))
    return pool


def a_coordinator(pool: Pool, **fields: Any) -> User:
    """Return a coordinator of the pool."""
    person = a_person(**fields)
    a_contact(person, channel=Channel.EMAIL)
    Membership.objects.create(pool=pool, person=person, role=Membership.Role.COORDINATOR)
    return person


def municipality_of(postcode: Postcode) -> Municipality | None:
    """Return the usual municipality of a postcode."""
    return postcode.municipalities.order_by("postcodemunicipality__position").first()


def an_organisation(pool: Pool, *, postcode: str = GIESSEN, **fields: Any) -> Organisation:
    """Return an approved school."""
    place = Postcode.objects.get(code=postcode)
    defaults = {
        "name": f"Schule {next(_numbers)}",
        "setting": Setting.objects.get(code=fields.pop("setting", "school")),
        "postcode": place,
        "municipality": municipality_of(place),
        "point": place.point,
        "address": "Musterweg 1",
        "phone": "069 90009 100",
        "status": Organisation.Status.APPROVED,
    }
    return Organisation.objects.create(pool=pool, **(defaults | fields))


def a_caseworker(organisation: Organisation, **fields: Any) -> User:
    """Return somebody who may post for the organisation."""
    person = a_person(**fields)
    a_contact(person, channel=Channel.EMAIL)
    Membership.objects.create(
        pool=organisation.pool,
        person=person,
        role=Membership.Role.CASEWORKER,
        organisation=organisation,
    )
    return person


def a_volunteer(
    pool: Pool,
    *,
    speaks: str | list[str] = "prs",
    postcode: str = GIESSEN,
    records: list[str] | None = None,
    contact: bool = True,
    **fields: Any,
) -> Volunteer:
    """Return an approved, unlocked volunteer with the records that the neutral preset asks for."""
    person = fields.pop("person", None) or a_person(
        **{key: fields.pop(key) for key in ("given_name", "family_name") if key in fields}
    )
    profile_fields = {
        key: fields.pop(key)
        for key in list(fields)
        if key in {field.name for field in Profile._meta.get_fields()}
    }
    place = Postcode.objects.get(code=postcode)
    if not Profile.objects.filter(person=person).exists():
        profile = Profile.objects.create(
            person=person,
            postcode=place,
            municipality=municipality_of(place),
            point=place.point,
            **({"radius_km": 30, "phone": True, "week": NO_HOUR} | profile_fields),
        )
        for code in [speaks] if isinstance(speaks, str) else speaks:
            SpokenLanguage.objects.create(
                profile=profile, language=Language.objects.get(code=code), level=Level.NATIVE
            )
        if contact:
            a_contact(person)
    volunteer = Volunteer.objects.create(
        pool=pool,
        person=person,
        **(
            {
                "status": Volunteer.Status.APPROVED,
                "wants_interpreting": True,
                "wants_guiding": True,
                "interpreting_unlocked_at": now(),
                "guiding_unlocked_at": now(),
            }
            | fields
        ),
    )
    for code in ORDINARY_RECORDS if records is None else records:
        a_record(volunteer, code)
    return volunteer


ORDINARY_RECORDS = [
    "age_18",
    "selection_interview",
    "basic_interpreting",
    "basic_guide",
    "german_b1",
    "confidentiality_interpreter",
    "confidentiality_guide",
    "police_certificate_extended",
    "language_fluent",
    "language_c1",
]


def a_record(
    volunteer: Volunteer,
    code: str,
    *,
    valid_from: date = date(2025, 1, 1),
    valid_until: date | None = None,
    **fields: Any,
) -> Qualification | None:
    """Record a qualification; per-language types get one row for every language spoken."""
    kind = QualificationType.objects.get(code=code)
    languages = (
        [spoken.language for spoken in volunteer.person.profile.languages.all()]
        if kind.is_per_language
        else [None]
    )
    record = None
    for language in languages:
        record = Qualification.objects.create(
            pool=volunteer.pool,
            volunteer=volunteer,
            type=kind,
            language=language,
            valid=(valid_from, valid_until),
            inspected_on=date(2025, 1, 1),
            inspected_by=fields.get("inspected_by") or volunteer.person,
        )
    return record


def a_request(
    pool: Pool | None = None,
    *,
    organisation: Organisation | None = None,
    language: str | None = "prs",
    starts_at: datetime | None = None,
    minutes: int = 60,
    postcode: str | None = None,
    **fields: Any,
) -> ServiceRequest:
    """Return a request that is being searched for, in three days' time, on site, at a school."""
    if organisation is None:
        organisation = an_organisation(pool or a_pool(), postcode=postcode or GIESSEN)
    place = Postcode.objects.get(code=postcode) if postcode else organisation.postcode
    start = (starts_at or now() + timedelta(days=3)).astimezone(UTC)
    defaults = {
        "posted_by": fields.pop("posted_by", None) or a_caseworker(organisation),
        "kind": Kind.INTERPRET,
        "status": Status.SEARCHING,
        "language": Language.objects.get(code=language) if language else None,
        "modes": ["on_site"],
        "period": (start, start + timedelta(minutes=minutes)),
        "setting": Setting.objects.get(code=fields.pop("setting", "school")),
        "postcode": place,
        "municipality": municipality_of(place),
        "point": place.point,
        "address": "Musterweg 1",
        "contact_name": "Frau Sommer",
        "contact_phone": "069 90009 100",
        "is_hidden_place": organisation.is_hidden_place,
        "required_records": [["basic_interpreting"], ["german_b1", "german_b2"]],
        "look_again_at": now(),
        "inform_at": start - min(timedelta(hours=24), (start - now()) / 2),
    }
    created = ServiceRequest.objects.create(
        pool=organisation.pool, organisation=organisation, **(defaults | fields)
    )
    created.refresh_from_db()
    return created
