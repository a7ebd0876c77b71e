"""The candidate rows that should be there: the same promise, written once more and differently."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.contrib.gis.geos import Point

from matching.filters import DAYS_PER_TYPE, RECORDS_SINCE, record_on
from matching.models import Candidate, CandidateMunicipality
from reference.models import ANY_LANGUAGE, Language
from volunteers.models import Profile, Volunteer
from volunteers.week import EVERY_HOUR

WITHOUT_END = date(9999, 12, 31)
NEVER = RECORDS_SINCE + timedelta(days=DAYS_PER_TYPE - 1)


def recount() -> tuple[dict[Any, Any], set[Any]]:
    """Return the rows that should be there, worked out from the sources one person at a time."""
    rows: dict[Any, Any] = {}
    extra: set[Any] = set()
    any_language = Language.objects.get(code=ANY_LANGUAGE).pk
    for volunteer in Volunteer.objects.select_related("person"):
        profile = Profile.objects.filter(person_id=volunteer.person_id).first()
        interprets = volunteer.wants_interpreting and volunteer.interpreting_unlocked_at
        guides = volunteer.wants_guiding and volunteer.guiding_unlocked_at
        may_be_asked = volunteer.status == "approved" and volunteer.person.is_active
        if profile is None or not may_be_asked or not (interprets or guides):
            continue
        levels = dict(profile.languages.values_list("language_id", "level"))
        for language, level in {**levels, any_language: 6}.items():
            key = (volunteer.pk, language)
            rows[key] = _row(volunteer, profile, level, bool(interprets), bool(guides))
            rows[key]["records"] = _records(volunteer, language)
            for municipality in profile.extra_municipalities.values_list("pk", flat=True):
                extra.add((*key, municipality, volunteer.pool_id))
    return rows, extra


def _row(
    volunteer: Volunteer, profile: Profile, level: int, interprets: bool, guides: bool
) -> dict[str, Any]:
    return {
        "pool": volunteer.pool_id,
        "person": volunteer.person_id,
        "level": level,
        "place": _in_metres(profile.point.x, profile.point.y),
        "radius_m": profile.radius_km * 1000,
        "kinds": (1 if interprets else 0) | (2 if guides else 0),
        "modality": (profile.on_site and 1) | (profile.phone and 2) | (profile.video and 4),
        "gender": profile.gender,
        "week": profile.week if "1" in profile.week else EVERY_HOUR,
        "asked_again_on": WITHOUT_END if profile.is_paused else profile.paused_until,
        "away": _merged((a.days.lower, a.days.upper) for a in profile.absences.all()),
        "avoids": set(profile.opted_out_settings.values_list("pk", flat=True)),
        "conflicts": set(profile.avoided_organisations.values_list("pk", flat=True))
        | set(
            volunteer.person.memberships.filter(
                ended_at__isnull=True, organisation__isnull=False
            ).values_list("organisation_id", flat=True)
        ),
        "limits": (
            profile.messages_per_week,
            profile.assignments_per_week,
            profile.urgent_beyond_budget,
        ),
    }


def _records(volunteer: Volunteer, language: int) -> list[Any]:
    return _merged(
        (record_on(one.type_id, one.valid.lower), record_on(one.type_id, one.valid.upper or NEVER))
        for one in volunteer.qualifications.filter(revoked_at__isnull=True)
        if one.language_id in (None, language)
    )


def _merged(spans: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return the spans as a multirange would hold them: in order, those that touch as one."""
    merged: list[Any] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


@cache
def _in_metres(longitude: float, latitude: float) -> tuple[int, int]:
    place = Point(longitude, latitude, srid=4326)
    place.transform(3035)
    return round(place.x), round(place.y)


def stored() -> tuple[dict[Any, Any], set[Any]]:
    """Return the rows that are there."""
    rows = {
        (row.volunteer_id, row.language_id): {
            "pool": row.pool_id,
            "person": row.person_id,
            "level": row.level,
            "place": (round(row.pt.x), round(row.pt.y)),
            "radius_m": row.radius_m,
            "kinds": row.kinds,
            "modality": row.modality,
            "gender": row.gender,
            "week": row.week,
            "asked_again_on": row.asked_again_on,
            "records": [(one.lower, one.upper) for one in row.records],
            "away": [(one.lower, one.upper) for one in row.away],
            "avoids": set(row.avoids),
            "conflicts": set(row.conflicts),
            "limits": (
                row.messages_per_week,
                row.assignments_per_week,
                row.urgent_beyond_budget,
            ),
        }
        for row in Candidate.objects.all()
    }
    extra = CandidateMunicipality.objects.values_list(
        "volunteer_id", "language_id", "municipality_id", "pool_id"
    )
    return rows, set(extra)


def assert_in_step(after: str) -> None:
    assert stored() == recount(), f"out of step after {after}"
