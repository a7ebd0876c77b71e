"""Who may be asked: one statement over the candidate table (retrieval.md, decisions 21 and 22).

One branch per language and way of reaching the place, each with its own index condition; the
filters that no index serves are scalar probes, so that the planner cannot turn them into joins.
The text is built here, every value is a parameter.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from matching.filters import ARRIVES, BUSY, FILTERS, parameters_of, without_meaning
from matching.need import MODE_BITS, Need
from matching.ranking import Candidate

PER_BRANCH = 200
PLACE = "ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), 3035)"
REACH = f"ST_Expand(c.pt, c.radius_m) && {PLACE} AND c.pt <-> {PLACE} <= c.radius_m"


def find(
    need: Need,
    now: datetime,
    *,
    volunteers: Collection[int] | None = None,
    relaxed: Collection[str] = (),
) -> list[Candidate]:
    """Return everybody who may be asked, once per person, in no particular order.

    `volunteers` narrows the question to some; `relaxed` names filters that do not count (a
    coordinator asking one person herself).
    """
    sql, parameters = statement(need, now, volunteers=volunteers, relaxed=relaxed)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        columns = [column.name for column in cursor.description or ()]
        return [Candidate(**dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]


def statement(
    need: Need,
    now: datetime,
    *,
    volunteers: Collection[int] | None = None,
    relaxed: Collection[str] = (),
) -> tuple[str, dict[str, Any]]:
    """Return the SQL text and its parameters (the tests look at its plan)."""
    parameters = parameters_of(need, now)
    left_out = {*relaxed, *without_meaning(need, now)}
    filters = [sql for name, sql in FILTERS.items() if name not in left_out]
    if volunteers is not None:
        filters.append("c.volunteer_id = ANY(%(volunteers)s::bigint[])")
        parameters["volunteers"] = list(volunteers)
    branches: list[str] = []
    for pool_rank, pool in enumerate(need.pools):
        parameters[f"pool_{pool_rank}"] = pool
        for language_rank, language in enumerate(need.languages):
            parameters[f"language_{language_rank}"] = language
            for mode_rank, mode in enumerate(need.modes):
                branches += _branches(
                    need, pool_rank, language_rank, mode_rank, mode, filters, left_out
                )
    return _united(branches), parameters


def _branches(
    need: Need,
    pool_rank: int,
    language_rank: int,
    mode_rank: int,
    mode: str,
    filters: list[str],
    left_out: Collection[str],
) -> list[str]:
    """Return the reach branch and, on site, the one over extra municipalities."""
    on_site = mode == "on_site"
    # The casts keep btree_gist's index condition: there are no cross-type operators.
    key = (
        f"c.pool_id = %(pool_{pool_rank})s::bigint"
        f" AND c.language_id = %(language_{language_rank})s::bigint"
    )
    common = " AND ".join(
        [
            f"c.modality & {MODE_BITS[mode]} <> 0",
            *filters,
            BUSY.format(on_site=str(on_site).lower()),
            *([ARRIVES.format(place=PLACE)] if on_site and "arrives" not in left_out else []),
        ]
    )
    columns = (
        "c.volunteer_id, c.person_id, c.pool_id, c.language_id, c.level,"
        f" {language_rank} AS language_rank, {mode_rank} AS mode_rank, '{mode}' AS mode,"
        f" c.pt <-> {PLACE} AS distance_m"
    )
    tail = f"ORDER BY c.pt <-> {PLACE} LIMIT {PER_BRANCH}"
    reach = f" AND {REACH}" if on_site and "reach" not in left_out else ""
    branches = [
        f"(SELECT {columns} FROM matching_candidate c WHERE {key}{reach} AND {common} {tail})"
    ]
    if on_site and need.municipality is not None:
        extra_key = key.replace("c.", "m.")
        branches.append(
            f"(SELECT {columns} FROM matching_candidatemunicipality m"
            " JOIN matching_candidate c ON c.volunteer_id = m.volunteer_id"
            " AND c.language_id = m.language_id"
            f" WHERE {extra_key} AND m.municipality_id = %(municipality)s AND {common} {tail})"
        )
    return branches


def _united(branches: list[str]) -> str:
    """Return the union, one row per person, with what ranking wants to know of each."""
    return f"""
WITH found AS (
  SELECT DISTINCT ON (person_id) * FROM ({" UNION ALL ".join(branches)}) all_found
   ORDER BY person_id, language_rank, mode_rank, distance_m
)
SELECT f.volunteer_id, f.person_id, f.pool_id, f.language_id, f.language_rank, f.level, f.mode,
       f.distance_m,
       COALESCE(w.messages, 0)::int AS messages_this_week,
       COALESCE(w.fatigue, 0)::float AS fatigue,
       (SELECT count(*) FROM matching_proposal p
          JOIN requests_servicerequest r ON r.id = p.service_request_id AND r.status = 'searching'
         WHERE p.person_id = f.person_id AND p.state = 'asked')::int AS open_offers,
       (SELECT count(*) FROM matching_assignment s WHERE s.person_id = f.person_id
           AND s.cancelled_at IS NULL AND lower(s.period) >= %(month_from)s
           AND lower(s.period) < %(month_until)s)::int AS assignments_this_month,
       COALESCE((SELECT true FROM matching_requestvolunteer q
          WHERE q.service_request_id = %(request)s AND q.volunteer_id = f.volunteer_id
            AND q.wish = 'preferred' LIMIT 1), false) AS is_preferred,
       COALESCE((SELECT true FROM matching_proposal p
          WHERE p.service_request_id = %(request)s AND p.person_id = f.person_id
            AND p.state = 'stand_by' LIMIT 1), false) AS was_on_stand_by,
       COALESCE(n.quiet_from_s, 0) AS quiet_from_s, COALESCE(n.quiet_until_s, 0) AS quiet_until_s
  FROM found f
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE g.created_at > %(budget_since)s) AS messages,
              sum(exp(-extract(epoch FROM %(now)s - g.created_at) / 604800)) AS fatigue
         FROM notifications_message g
        WHERE g.person_id = f.person_id AND g.message_class = 'offer'
          AND g.created_at > %(fatigue_since)s
          AND g.state NOT IN ('superseded', 'expired', 'failed')) w ON true
  LEFT JOIN LATERAL (
       SELECT extract(epoch FROM quiet_from)::int AS quiet_from_s,
              extract(epoch FROM quiet_until)::int AS quiet_until_s
         FROM notifications_contact n
        WHERE n.person_id = f.person_id AND n.consented_at IS NOT NULL
          AND n.stopped_at IS NULL AND n.closed_at IS NULL
        ORDER BY n.rank, n.id LIMIT 1) n ON true
"""
