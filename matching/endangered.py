"""Appointments somebody holds although she may no longer: locked, gone, or without a record.

Nothing ends by itself here: a coordinator sees it and decides (`assignments.release`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from background.clock import now
from matching.models import Assignment
from service_requests.models import ServiceRequest
from volunteers.models import Volunteer

# What the triggers ask at the yes (migration 0002, replies._is_still_unlocked), asked once more.
FIND = """
SELECT a.id, v.status, roles.is_unlocked, records.missing
  FROM matching_assignment a
  JOIN requests_servicerequest r ON r.id = a.service_request_id
  JOIN pools_pool p ON p.id = r.pool_id
  JOIN volunteers_volunteer v ON v.id = a.volunteer_id
 CROSS JOIN LATERAL (
       SELECT (CASE r.kind WHEN 'guide' THEN v.guiding_unlocked_at
                           ELSE v.interpreting_unlocked_at END) IS NOT NULL AS is_unlocked
       ) roles
 CROSS JOIN LATERAL (
       SELECT COALESCE(array_agg(t.label_de ORDER BY t.position), '{}') AS missing
         FROM jsonb_array_elements(r.required_records) one_of
         JOIN reference_qualificationtype t ON t.code = one_of ->> 0
        WHERE NOT EXISTS (
              SELECT FROM volunteers_qualification q
               WHERE q.volunteer_id = a.volunteer_id AND q.revoked_at IS NULL
                 AND q.valid @> (lower(r.period) AT TIME ZONE p.time_zone)::date
                 AND q.type_id IN (SELECT jsonb_array_elements_text(one_of))
                 AND (q.language_id IS NULL OR q.language_id = a.language_id))
       ) records
 WHERE a.pool_id = ANY(%(pools)s) AND a.cancelled_at IS NULL AND lower(a.period) > %(now)s
   AND (%(volunteer)s::bigint IS NULL OR a.volunteer_id = %(volunteer)s)
   AND (%(request)s::bigint IS NULL OR a.service_request_id = %(request)s)
   AND NOT (v.status = 'approved' AND roles.is_unlocked AND records.missing = '{}')
"""


@dataclass(frozen=True)
class Endangered:
    """An appointment, and what its volunteer lacks for it in words a coordinator reads."""

    assignment: Assignment
    lacks: tuple[str, ...]


def find(
    pools: Collection[int],
    *,
    volunteer: Volunteer | None = None,
    service_request: ServiceRequest | None = None,
) -> list[Endangered]:
    """Return what is still to come to these pools' requests and lacks something, soonest first."""
    parameters: dict[str, Any] = {
        "pools": list(pools),
        "now": now(),
        "volunteer": volunteer.pk if volunteer else None,
        "request": service_request.pk if service_request else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, parameters)
        found = {pk: lacking for pk, *lacking in cursor.fetchall()}
    held = Assignment.objects.filter(pk__in=found).select_related(
        "person", "volunteer", "service_request__organisation", "service_request__language"
    )
    return [Endangered(one, _in_words(one, *found[one.pk])) for one in held.order_by("period")]


def _in_words(
    assignment: Assignment, status: str, is_unlocked: bool, missing: list[str]
) -> tuple[str, ...]:
    role = assignment.service_request.get_kind_display()
    words = []
    if status != Volunteer.Status.APPROVED:
        words.append(Volunteer.Status(status).label)
    elif not is_unlocked:
        words.append(f"{role} ist gesperrt")
    return (*words, *(f"am Tag gilt nicht: {label}" for label in missing))
