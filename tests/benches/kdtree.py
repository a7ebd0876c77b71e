"""The rival: everything in memory, a k-d tree per pool and language, the same filters in numpy.

It knows no transactions, no writes and no second process; it marks how fast a search could be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

import numpy as np
from django.db import connection
from scipy.spatial import cKDTree  # type: ignore[import-untyped]

from matching.candidates import AT_MOST
from matching.filters import AT
from matching.need import MODE_BITS, Need

WEEK_BYTES = 21
FIRST_LOOK = 256
ROWS = """
SELECT c.pool_id, c.language_id, c.person_id, ST_X(c.pt), ST_Y(c.pt), c.radius_m, c.modality,
       c.kinds, c.level, c.week::text
  FROM matching_candidate c ORDER BY c.pool_id, c.language_id
"""
# Free, with all records, not absent: the world has one day on which anything is wanted.
FREE = """
SELECT f.person_id FROM volunteers_profile f
 WHERE NOT EXISTS (SELECT FROM volunteers_absence a WHERE a.profile_id = f.person_id
          AND a.days && daterange(%(first_day)s::date, %(last_day)s::date, '[]'))
   AND NOT EXISTS (SELECT FROM matching_assignment a WHERE a.person_id = f.person_id
          AND a.cancelled_at IS NULL AND a.period && tstzrange(%(starts_at)s, %(ends_at)s))
"""
RECORDS = """
SELECT volunteer_id, array_agg(type_id) FROM volunteers_qualification
 WHERE revoked_at IS NULL AND valid @> %(first_day)s::date GROUP BY volunteer_id
"""
Key = tuple[int, int]


@dataclass
class Group:
    """The people of one pool and language."""

    person: Any
    points: Any
    radius: Any
    modality: Any
    kinds: Any
    level: Any
    week: Any
    is_free: Any
    records: Any
    tree: Any = None


@dataclass
class Rival:
    """All groups, and who comes to which municipality beyond the own radius."""

    groups: dict[Key, Group]
    record_bits: dict[str, int]
    extra: dict[tuple[int, int, str], Any] = field(default_factory=dict)

    def find(self, need: Need, place: tuple[float, float]) -> set[int]:
        """Return the people candidates.find would."""
        wanted = sum(1 << self.record_bits[one] for group in need.required for one in group)
        mask = np.packbits(np.frombuffer(need.week_mask.encode(), "u1") - ord("0"))
        found: set[int] = set()
        for on_site in dict.fromkeys(mode == "on_site" for mode in need.modes):
            found |= set(islice(self._one_by_one(need, place, wanted, mask, on_site), AT_MOST))
        return found

    def _one_by_one(
        self, need: Need, place: tuple[float, float], wanted: int, mask: Any, on_site: bool
    ) -> Iterator[int]:
        """Yield people branch by branch; the next branch is looked at when it is its turn."""
        for language, mode, pool in product(need.languages, need.modes, need.pools):
            group = self.groups.get((pool, language))
            if group is None or (mode == "on_site") != on_site:
                continue
            fits = _Filter(group, need, MODE_BITS[mode], wanted, mask)
            more = self.extra.get((pool, language, need.municipality or "")) if on_site else None
            yield from _nearest(group, place, fits, more, on_site=on_site)


@dataclass
class _Filter:
    group: Group
    need: Need
    bit: int
    wanted: int
    mask: Any

    def __call__(self, rows: Any) -> Any:
        """Return which of these rows pass every filter."""
        group, need = self.group, self.need
        hours = np.bitwise_count(group.week[rows] & self.mask).sum(axis=1)
        return (
            (group.modality[rows] & self.bit != 0)
            & (group.kinds[rows] & need.kind != 0)
            & (group.level[rows] >= need.minimum_level)
            & (hours >= need.hours)
            & group.is_free[rows]
            & (group.records[rows] & self.wanted == self.wanted)
        )


def _nearest(
    group: Group, place: tuple[float, float], fits: _Filter, more: Any, *, on_site: bool
) -> Iterator[int]:
    """Look at ever more neighbours until enough pass; then at those who come from further away."""
    size, look = len(group.person), FIRST_LOOK
    bound = float(group.radius.max()) + 1 if on_site else np.inf
    while True:
        distance, rows = group.tree.query(place, k=min(look, size), distance_upper_bound=bound)
        distance, rows = np.atleast_1d(distance), np.atleast_1d(rows)
        near = rows < size
        distance, rows = distance[near], rows[near]
        passing = fits(rows)
        if on_site:
            passing &= distance <= group.radius[rows]
        chosen = rows[passing]
        if len(chosen) >= AT_MOST or look >= size or not near.all():
            break
        look *= 4
    if more is not None:
        extra = more[fits(more)]
        chosen, distance = np.append(chosen, extra), distance[passing]
        away = np.append(distance, np.hypot(*(group.points[extra] - place).T))
        chosen = chosen[np.argsort(away, kind="stable")]
    return iter(group.person[chosen[:AT_MOST]].tolist())


def build(need: Need) -> Rival:
    """Read the database at hand into memory; `need` says for which day people have to be free."""
    parameters = {
        "first_day": need.first_day,
        "last_day": need.last_day,
        "starts_at": need.starts_at,
        "ends_at": need.ends_at,
    }
    bits = {one: n for n, one in enumerate(one for group in need.required for one in group)}
    with connection.cursor() as cursor:
        cursor.execute(FREE, parameters)
        free = {row[0] for row in cursor.fetchall()}
        cursor.execute(RECORDS, parameters)
        records = {
            row[0]: sum(1 << bits[one] for one in row[1] if one in bits)
            for row in cursor.fetchall()
        }
        cursor.execute(ROWS)
        rows: dict[Key, list[tuple[Any, ...]]] = defaultdict(list)
        while some := cursor.fetchmany(20_000):
            for row in some:
                rows[row[0], row[1]].append(row)
    rival = Rival({key: _group(some, free, records) for key, some in rows.items()}, bits)
    _add_municipalities(rival)
    return rival


def _group(rows: list[tuple[Any, ...]], free: set[int], records: dict[int, int]) -> Group:
    people = [row[2] for row in rows]
    points = np.array([(row[3], row[4]) for row in rows])
    bits = np.frombuffer("".join(row[9] for row in rows).encode(), "u1") - ord("0")
    return Group(
        person=np.array(people),
        points=points,
        radius=np.array([row[5] for row in rows]),
        modality=np.array([row[6] for row in rows]),
        kinds=np.array([row[7] for row in rows]),
        level=np.array([row[8] for row in rows]),
        week=np.packbits(bits).reshape(-1, WEEK_BYTES),
        is_free=np.array([person in free for person in people]),
        records=np.array([records.get(person, 0) for person in people]),
        tree=cKDTree(points),
    )


def _add_municipalities(rival: Rival) -> None:
    place_in: dict[Key, dict[int, int]] = {
        key: {person: n for n, person in enumerate(group.person.tolist())}
        for key, group in rival.groups.items()
    }
    found: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pool_id, language_id, municipality_id, volunteer_id"
            " FROM matching_candidatemunicipality"
        )
        for pool, language, municipality, volunteer in cursor.fetchall():
            found[pool, language, municipality].append(place_in[pool, language][volunteer])
    rival.extra = {key: np.array(rows) for key, rows in found.items()}


def point_of(need: Need) -> tuple[float, float]:
    """Return the place in metres."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_X(place), ST_Y(place) FROM {AT}",  # noqa: S608 - ours
            {"lon": need.longitude, "lat": need.latitude},
        )
        x, y = cursor.fetchone()
    return float(x), float(y)
