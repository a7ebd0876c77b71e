"""retrieval: how long one search for candidates takes, beside SELECT 1 and a k-d tree in memory.

The limit is what the design calls so: the rival's time plus one round trip to the database. The
classes are those of the design: common (one of the five most spoken languages, on site, in a large
city), mid (rank 15 to 40, on site, anywhere), rare (a handful of speakers, by telephone), remote
(common, by telephone); each with two languages and seven required records.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import connection

from background.clock import now
from matching import candidates
from matching.need import Need
from matching.reading import need_of
from tests.benches.crowd import DAYS_AHEAD, RARE, ZIPF, Crowd, fill
from tests.plans import explained
from tests.proofs.frame import Frame, say
from tests.proofs.report import Result, nth_percentile
from volunteers.week import week_mask

if TYPE_CHECKING:
    from tests.benches.kdtree import Rival

CLASSES = ("common", "mid", "rare", "remote")
BIG_CITIES = ("10", "12", "20", "22", "80", "81", "50", "51", "60", "70")
EXPLAINED = 20
LIMITS = {100_000: 2.0, 1_000_000: 4.0}
COMMON_LIMITS = {100_000: 3.0, 1_000_000: 4.0}
EXPONENT = 0.5
PROCESS_MB = 300


@dataclass
class Timings:
    """What one class gave, in seconds per request."""

    product: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    rival: list[float] = field(default_factory=list)
    agreed: list[bool] = field(default_factory=list)
    found: list[int] = field(default_factory=list)


def run(frame: Frame, *, volunteers: list[int], requests: int, layout: str, seed: int) -> Result:
    """Measure one size, or several and how the time grows."""
    sizes = []
    for n in volunteers:
        say(f"retrieval: {n:,} volunteers, {layout}, seed {seed}; filling …")
        frame.database(f"retrieval_{n}")
        sizes.append(one_run(n, requests=requests, layout=layout, seed=seed))
    figures: dict[str, Any] = dict(sizes[0]) if len(sizes) == 1 else {"sizes": sizes}
    if len(sizes) > 1:
        figures["exponent"] = _exponents(sizes)
    figures["seed"] = seed
    why_not = [reason for size in sizes for reason in _missed(size)]
    why_not += [
        f"{name} grows with exponent {value}"
        for name, value in figures.get("exponent", {}).items()
        if value > EXPONENT
    ]
    return Result("retrieval", figures, reached=not why_not, why_not=why_not)


def one_run(volunteers: int, *, requests: int, layout: str, seed: int) -> dict[str, Any]:
    """Fill the database at hand and search in it; each request asks all three in turn."""
    dice = random.Random(seed)  # noqa: S311 - dice, no secret
    starts_at = now()
    crowd = fill(volunteers, layout=layout, week_mask=_mask_of(starts_at))
    needs = {name: _needs(name, crowd, requests, dice) for name in CLASSES}
    say("  searching …")
    for some in needs.values():
        for need in some[:EXPLAINED]:
            candidates.find(need, now())
    process_mb = _resident_mb()  # before the rival comes into the same process
    from tests.benches import kdtree

    rival = kdtree.build(needs["common"][0])
    timings = {name: _timed(some, rival) for name, some in needs.items()}
    return _figures(volunteers, layout, needs, timings, process_mb)


def _mask_of(starts_at: datetime) -> str:
    """Return the hours of the week that all requests are about."""
    begin = starts_at + timedelta(days=DAYS_AHEAD)
    return week_mask(begin, begin + timedelta(hours=1), ZoneInfo("Europe/Berlin"))


def _needs(name: str, crowd: Crowd, requests: int, dice: random.Random) -> list[Need]:
    template = need_of(crowd.template, now())
    needs = []
    places = _places(name)
    for _ in range(requests):
        _, pool, longitude, latitude, municipality = dice.choice(places)
        ranks = {
            "common": range(5),
            "remote": range(5),
            "mid": range(14, 40),
            "rare": range(ZIPF, ZIPF + RARE),
        }[name]
        needs.append(
            replace(
                template,
                request_id=0,
                organisation_id=0,
                pools=(pool,),
                languages=tuple(crowd.languages[n] for n in dice.sample(ranks, 2)),
                modes=("on_site",) if name in ("common", "mid") else ("phone",),
                longitude=longitude,
                latitude=latitude,
                municipality=municipality,
                required=tuple((one,) for one in crowd.records),
            )
        )
    return needs


def _places(name: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.code, q.id, ST_X(r.point::geometry), ST_Y(r.point::geometry),
                   (SELECT municipality_id FROM reference_postcodemunicipality m
                     WHERE m.postcode_id = p.code ORDER BY position LIMIT 1)
              FROM bench_place p JOIN bench_pool q ON q.nth = p.pool
              JOIN reference_postcode r ON r.code = p.code ORDER BY p.code
            """
        )
        places = cursor.fetchall()
    if name in ("common", "remote"):
        return [place for place in places if place[0].startswith(BIG_CITIES)]
    return list(places)


def _timed(needs: list[Need], rival: Rival) -> Timings:
    from tests.benches.kdtree import point_of

    timings = Timings()
    for need in needs:
        place = point_of(need)
        timings.floor.append(_seconds(_select_one)[0])
        seconds, found = _seconds(lambda need=need: candidates.find(need, now()))
        timings.product.append(seconds)
        seconds, people = _seconds(lambda need=need, place=place: rival.find(need, place))
        timings.rival.append(seconds)
        timings.agreed.append({one.person_id for one in found} == people)
        timings.found.append(len(found))
    return timings


def _seconds(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = do()
    return time.perf_counter() - began, result


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def _figures(
    volunteers: int,
    layout: str,
    needs: Mapping[str, list[Need]],
    timings: Mapping[str, Timings],
    process_mb: float,
) -> dict[str, Any]:
    floor = median(second for one in timings.values() for second in one.floor)
    classes = {}
    for name, one in timings.items():
        rows, buffers, planning_ms = _work(needs[name][:EXPLAINED])
        classes[name] = {
            "median_ms": _ms(median(one.product)),
            "p95_ms": _ms(nth_percentile(one.product, 95)),
            "found": median(one.found),
            "rows": rows,
            "buffers": buffers,
            "planning_ms": round(planning_ms, 3),
            "agree": round(sum(one.agreed) / len(one.agreed), 3),
        }
    return {
        "volunteers": volunteers,
        "layout": layout,
        "requests": len(needs["common"]),
        "classes": classes,
        "floor_ms": _ms(floor),
        "kdtree_ms": {name: _ms(median(one.rival)) for name, one in timings.items()},
        "ratio_to_limit": {
            name: round(median(one.product) / (floor + median(one.rival)), 2)
            for name, one in timings.items()
        },
        "process_mb": process_mb,
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)


def _work(needs: list[Need]) -> tuple[float, float, float]:
    """Return, in the middle, what a search touches (candidate rows, buffers) and its planning."""
    rows, buffers, planning = [], [], []
    for need in needs:
        told = explained(
            *candidates.statement(need, now()), "ANALYZE, BUFFERS, TIMING OFF, SUMMARY"
        )
        plan = told["Plan"]
        planning.append(told["Planning Time"])
        rows.append(_rows(plan))
        buffers.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
    return median(rows), median(buffers), median(planning)


def _rows(node: Mapping[str, Any]) -> float:
    here = 0.0
    if node.get("Relation Name") == "matching_candidate":
        removed = node.get("Rows Removed by Filter", 0)
        removed += node.get("Rows Removed by Index Recheck", 0)
        here = (node["Actual Rows"] + removed) * node["Actual Loops"]
    return here + sum(_rows(child) for child in node.get("Plans", []))


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def _exponents(sizes: list[dict[str, Any]]) -> dict[str, float]:
    """Return how the time above the round trip grows from the smallest to the largest size."""
    first, last = sizes[0], sizes[-1]
    growth = math.log(last["volunteers"] / first["volunteers"])
    return {
        name: round(math.log(_above_floor(last, name) / _above_floor(first, name)) / growth, 2)
        for name in CLASSES
    }


def _above_floor(size: Mapping[str, Any], name: str) -> float:
    return max(0.01, float(size["classes"][name]["median_ms"] - size["floor_ms"]))


def _missed(size: Mapping[str, Any]) -> list[str]:
    n = size["volunteers"]
    why = [
        f"{n:,}: not the same people in {name}"
        for name, one in size["classes"].items()
        if one["agree"] < 1
    ]
    for name, ratio in size["ratio_to_limit"].items():
        limit = (COMMON_LIMITS if name == "common" else LIMITS).get(n)
        if limit and ratio > limit:
            why.append(f"{n:,}: {name} takes {ratio} times the limit, more than {limit:g}")
    if size["process_mb"] > PROCESS_MB:
        why.append(f"{n:,}: the process takes {size['process_mb']} MB")
    return why
