"""Every filter's verdict on everybody who speaks the language: one statement, nothing left out.

The search lets the filters cut (candidates.py); here the very same texts are columns, so that
whoever asks «why nobody», «why not her» or «why not me» gets an answer from one pass.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from matching.filters import (
    ABOUT,
    ARRIVES,
    AT,
    BUSY,
    FILTERS,
    REACH,
    parameters_of,
    without_meaning,
)
from matching.funnel import Verdict
from matching.need import MODE_BITS, Need

EXTRA_MUNICIPALITY = """
    EXISTS (SELECT 1 FROM matching_candidatemunicipality m
             WHERE m.volunteer_id = c.volunteer_id AND m.language_id = c.language_id
               AND m.municipality_id = %(municipality)s)"""


def of_all(
    need: Need, now: datetime, *, volunteers: Collection[int] | None = None
) -> list[Verdict]:
    """Return one verdict per person, language and mode, of all in the pools or of some."""
    sql, parameters = _statement(need, now, volunteers)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description or ()][3:]
        return [
            Verdict(person_id=row[0], volunteer_id=row[1], distance_m=row[2], failed=failed)
            for row in cursor.fetchall()
            for failed in [
                frozenset(name for name, ok in zip(names, row[3:], strict=True) if not ok)
            ]
        ]


def _statement(
    need: Need, now: datetime, volunteers: Collection[int] | None
) -> tuple[str, dict[str, Any]]:
    parameters = parameters_of(need, now) | {
        "pools": list(need.pools),
        "languages": list(need.languages),
    }
    narrowed = ""
    if volunteers is not None:
        narrowed = " AND c.volunteer_id = ANY(%(volunteers)s::bigint[])"
        parameters["volunteers"] = list(volunteers)
    left_out = without_meaning(need, now)
    filters = {name: sql for name, sql in FILTERS.items() if name not in left_out}
    branches = [_branch(mode, filters, left_out, narrowed) for mode in need.modes]
    return " UNION ALL ".join(branches), parameters


def _branch(mode: str, filters: dict[str, str], left_out: Collection[str], narrowed: str) -> str:
    on_site = mode == "on_site"
    columns = {"mode": f"c.modality & {MODE_BITS[mode]} <> 0"}
    columns["reach"] = f"(({REACH}) OR {EXTRA_MUNICIPALITY})" if on_site else "true"
    columns |= filters
    columns["busy"] = BUSY["on_site" if on_site else "remote"]
    columns["arrives"] = ARRIVES if on_site and "arrives" not in left_out else "true"
    shown = ", ".join(f'({sql}) AS "{name}"' for name, sql in columns.items())
    return (
        f"SELECT c.person_id, c.volunteer_id, c.pt <-> at.place, {shown}"
        f" FROM {AT} CROSS JOIN matching_candidate c {ABOUT}"
        " WHERE c.pool_id = ANY(%(pools)s::bigint[])"
        f" AND c.language_id = ANY(%(languages)s::bigint[]){narrowed}"
    )
