"""Who may be asked: one prepared statement over the candidate table (retrieval.md, decision 21).

People are taken in the order of distance, branch by branch (pool, language, mode), until there are
enough; each branch has its own index condition. The text depends only on which filters apply, all
values are parameters, so PostgreSQL plans it once per connection and shape.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from itertools import product
from typing import Any

import psycopg
from django.db import connection

from matching.filters import (
    ABOUT,
    ARRIVES,
    AT,
    BUSY,
    IN_ROW,
    LOOKED_UP,
    REACH,
    parameters_of,
    without_meaning,
)
from matching.need import MODE_BITS, Need
from matching.ranking import Candidate

AT_MOST = 200
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
COLUMNS = Candidate._fields[:-1]  # all but the probability, which nobody has learned yet


def find(
    need: Need,
    now: datetime,
    *,
    volunteers: Collection[int] | None = None,
    relaxed: Collection[str] = (),
) -> list[Candidate]:
    """Return who may be asked, once per person, in no particular order; the nearest 200 if more.

    The wanted language goes before a substitute, the wanted mode before another. `volunteers`
    narrows the question to some; `relaxed` names filters that do not count (a coordinator asking
    one person herself).
    """
    found = _rows(*statement(need, now, volunteers=volunteers, relaxed=relaxed))
    # Enough rows may be half as many people: one is found by two ways (reach, municipality).
    is_full = len(found) >= AT_MOST // 2
    if volunteers is None and is_full and (favourites := _favourites(need)):
        # Whoever is wished for or stands by is asked first, however many live nearer.
        known = {one.person_id for one in found}
        more = _rows(*statement(need, now, volunteers=favourites, relaxed=relaxed))
        found += [one for one in more if one.person_id not in known]
    return found


def statement(
    need: Need,
    now: datetime,
    *,
    volunteers: Collection[int] | None = None,
    relaxed: Collection[str] = (),
) -> tuple[str, dict[str, Any]]:
    """Return the SQL text and its parameters (the tests look at its plan)."""
    left_out = frozenset({*relaxed, *without_meaning(need, now)})
    parameters = parameters_of(need, now)
    for group in ("on_site", "remote"):
        parameters |= _branches(need, group)
    if volunteers is not None:
        parameters["volunteers"] = list(volunteers)
    groups = tuple(
        dict.fromkeys("on_site" if mode == "on_site" else "remote" for mode in need.modes)
    )
    sql = _text(groups, left_out, need.municipality is not None, volunteers is not None)
    return sql, parameters


def _rows(sql: str, parameters: dict[str, Any]) -> list[Candidate]:
    """Run the statement as a prepared one, unless the connection may prepare nothing."""
    numbered, names = _numbered(sql)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(numbered, [parameters[name] for name in names], prepare=True)
        return [Candidate(*row) for row in cursor.fetchall()]


@lru_cache(maxsize=256)
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the text with $1, $2 … for its names, which psycopg would look for at each call."""
    names = tuple(dict.fromkeys(PLACEHOLDER.findall(sql)))
    return PLACEHOLDER.sub(lambda name: f"${names.index(name[1]) + 1}", sql).encode(), names


def _favourites(need: Need) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT volunteer_id FROM matching_requestvolunteer
             WHERE service_request_id = %(request)s AND wish = 'preferred'
             UNION
            SELECT volunteer_id FROM matching_proposal
             WHERE service_request_id = %(request)s AND state = 'stand_by'
            """,
            {"request": need.request_id},
        )
        return [row[0] for row in cursor.fetchall()]


def _branches(need: Need, group: str) -> dict[str, list[int]]:
    """Return pool, language and mode of each branch, the best first, as columns for unnest."""
    branches = [
        (pool, language, language_rank, mode_rank, MODE_BITS[mode])
        for (language_rank, language), (mode_rank, mode), pool in product(
            enumerate(need.languages), enumerate(need.modes), need.pools
        )
        if (mode == "on_site") == (group == "on_site")
    ]
    names = ("pools", "languages", "language_ranks", "mode_ranks", "mode_bits")
    columns = zip(*branches, strict=True) if branches else [()] * len(names)
    return {f"{group}_{name}": list(column) for name, column in zip(names, columns, strict=True)}


@lru_cache(maxsize=256)
def _text(
    groups: tuple[str, ...], left_out: frozenset[str], by_municipality: bool, narrowed: bool
) -> str:
    """Return the statement for one shape of question."""
    found = " UNION ALL ".join(
        _group(group, left_out, by_municipality, narrowed) for group in groups
    )
    return f"""
SELECT DISTINCT ON (person_id) {", ".join(COLUMNS)} FROM ({found}) found
 ORDER BY person_id, language_rank, mode_rank, distance_m"""


def _group(group: str, left_out: frozenset[str], by_municipality: bool, narrowed: bool) -> str:
    """Return the search on site or from afar: its branches one after the other, until enough."""
    on_site = group == "on_site"
    in_row = ["c.modality & j.mode_bit <> 0"]
    in_row += [sql for name, sql in IN_ROW.items() if name not in left_out]
    looked_up = [sql for name, sql in LOOKED_UP.items() if name not in left_out]
    looked_up.append(BUSY[group])
    if on_site and "arrives" not in left_out:
        looked_up.append(ARRIVES)
    is_bounded = on_site and "reach" not in left_out
    key = "c.pool_id = j.pool_id AND c.language_id = j.language_id"
    only = " AND c.volunteer_id = ANY(%(volunteers)s::bigint[])" if narrowed else ""
    near = f"""
           SELECT c.* FROM matching_candidate c
            WHERE {key}{only}{f" AND {REACH}" if is_bounded else ""} AND {_all(in_row)}"""
    if is_bounded and by_municipality:
        near += f"""
            UNION ALL
           SELECT c.* FROM matching_candidatemunicipality m
             JOIN matching_candidate c ON c.volunteer_id = m.volunteer_id
              AND c.language_id = m.language_id
            WHERE m.pool_id = j.pool_id AND m.language_id = j.language_id
              AND m.municipality_id = %(municipality)s{only} AND {_all(in_row)}"""
    return f"""
 (SELECT nearest.*, j.language_rank, j.mode_rank, {_mode_names("j.mode_bit")} AS mode
    FROM {AT}
   CROSS JOIN unnest(%({group}_pools)s::bigint[], %({group}_languages)s::bigint[],
         %({group}_language_ranks)s::int[], %({group}_mode_ranks)s::int[],
         %({group}_mode_bits)s::int[])
         AS j(pool_id, language_id, language_rank, mode_rank, mode_bit)
   CROSS JOIN LATERAL (
         SELECT c.volunteer_id, c.person_id, c.pool_id, c.language_id, c.level,
                c.pt <-> at.place AS distance_m, w.messages::int AS messages_this_week,
                COALESCE(w.fatigue, 0)::float8 AS fatigue, o.open_offers::int AS open_offers,
                b.this_month::int AS assignments_this_month,
                c.volunteer_id = ANY(ARRAY(SELECT x.volunteer_id FROM matching_requestvolunteer x
                   WHERE x.service_request_id = %(request)s::bigint AND x.wish = 'preferred'))
                   AS is_preferred,
                c.person_id = ANY(ARRAY(SELECT x.person_id FROM matching_proposal x
                   WHERE x.service_request_id = %(request)s::bigint AND x.state = 'stand_by'))
                   AS was_on_stand_by,
                COALESCE(n.quiet_from_s, 0) AS quiet_from_s,
                COALESCE(n.quiet_until_s, 0) AS quiet_until_s
           FROM ({near}) c {ABOUT}
          WHERE {_all(looked_up)}
          ORDER BY c.pt <-> at.place LIMIT {AT_MOST}) nearest
   LIMIT {AT_MOST})"""


def _all(filters: list[str]) -> str:
    """Return all of them as one condition, of which the planner thinks nearly everybody meets it.

    As separate ones it multiplies its guesses, expects nobody, and sorts all speakers of a
    language instead of reading the nearest first (retrieval.md, pitfall 3).
    """
    return f"CASE WHEN {' AND '.join(filters)} THEN 1 ELSE 0 END <> 0"


def _mode_names(bit: str) -> str:
    names = " ".join(f"WHEN {number} THEN '{mode}'" for mode, number in MODE_BITS.items())
    return f"CASE {bit} {names} END"
