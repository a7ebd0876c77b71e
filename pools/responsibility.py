"""Which pools answer for a place on a day: the longest key prefix wins."""

from __future__ import annotations

import datetime as dt

from pools.models import Pool, PoolArea
from pools.rules import Verdict, rule_list
from reference.places import Place

KEY_LENGTHS = (5, 8)


def pools_for(ags: str, on: dt.date) -> list[Pool]:
    """Return the active pools with the longest prefix of the key on that day; [] when none.

    The key is that of the same day: Hanau had another one before 2026.
    """
    prefixes = {ags[:length] for length in KEY_LENGTHS if len(ags) >= length}
    areas = list(
        PoolArea.objects.valid_on(on)
        .filter(key__in=prefixes, pool__is_active=True)
        .select_related("pool")
        .order_by("pool")
    )
    longest = max((len(area.key) for area in areas), default=0)
    return [area.pool for area in areas if len(area.key) == longest]


def pools_for_place(place: Place, on: dt.date) -> list[Pool]:
    """Return the pools that answer for a place; outside Hesse its district decides."""
    return pools_for(_key(place), on)


def area_verdict(pool: Pool, place: Place, on: dt.date) -> Verdict:
    """Return what the pool says to appointments at a place (rule `area.scope`)."""
    if pool in pools_for_place(place, on):
        return Verdict.ALLOWED
    scope, *further = rule_list(pool, "area.scope", on) or ["own_area"]
    if any(_key(place).startswith(key) for key in further):
        return Verdict.ALLOWED
    return Verdict.REFUSED if scope == "own_area_only" else Verdict.COORDINATOR


def _key(place: Place) -> str:
    return place.municipality.ags if place.municipality else place.postcode.kreis_key
