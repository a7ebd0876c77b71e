"""Who is asked first, and why. Pure: no database, no clock, no Django.

Constants are those of the design (matching.md 3); the learned engine will replace `probability`
and the delay curve, not the flow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from matching.need import Need

PRIOR_YES = 0.30
DELAY_MEDIAN_MIN = 40.0
DELAY_SIGMA = 1.2
COST_FATIGUE = 1.2
COST_KM = 0.04
COST_OPEN_OFFER = 3.0
ROAD_PER_STRAIGHT = 1.34


class Candidate(NamedTuple):
    """Somebody who may be asked: passed every hard filter of candidates.py."""

    volunteer_id: int
    person_id: int
    pool_id: int
    language_id: int
    language_rank: int
    level: int
    mode: str
    distance_m: float
    messages_this_week: int = 0
    fatigue: float = 0.0
    open_offers: int = 0
    assignments_this_month: int = 0
    is_preferred: bool = False
    was_on_stand_by: bool = False
    quiet_from_s: int = 0
    quiet_until_s: int = 0
    probability: float = PRIOR_YES


@dataclass(frozen=True)
class Ranked:
    """A candidate with its place in the order and the reasons a caseworker can read."""

    candidate: Candidate
    score: float
    cost: float
    reasons: tuple[tuple[str, float], ...] = field(default=())


def answered_within(minutes: float) -> float:
    """Return F(t): the share of answers that came within so many waking minutes."""
    if minutes <= 0:
        return 0.0
    z = math.log(minutes / DELAY_MEDIAN_MIN) / DELAY_SIGMA
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def travel_minutes(metres: float) -> float:
    """Return the minutes by road for a straight distance (twin of matching_travel_minutes)."""
    road_km = ROAD_PER_STRAIGHT * metres / 1000
    speed = 28 if road_km < 8 else 45 if road_km <= 25 else 65
    return 8 + road_km * 60 / speed


def cost_of(candidate: Candidate) -> float:
    """Return what asking costs: fatigue, kilometres, an offer that is still open."""
    km = candidate.distance_m / 1000 if candidate.mode == "on_site" else 0.0
    return (
        1
        + COST_FATIGUE * candidate.fatigue
        + candidate.probability * COST_KM * km
        + (COST_OPEN_OFFER if candidate.open_offers else 0.0)
    )


def rank(need: Need, candidates: Iterable[Candidate], now: datetime) -> list[Ranked]:
    """Best first, each with the reasons a caseworker can read.

    Order: people on stand-by, wished people, the wanted language before a substitute, the wanted
    mode before another, then yes per cost; equal ones by level, distance and id, so that the same
    question always gets the same answer.
    """
    ranked = [_ranked(candidate) for candidate in candidates]
    modes = {mode: place for place, mode in enumerate(need.modes)}
    return sorted(
        ranked,
        key=lambda one: (
            not one.candidate.was_on_stand_by,
            not one.candidate.is_preferred,
            one.candidate.language_rank,
            modes.get(one.candidate.mode, len(modes)),
            -one.score,
            -one.candidate.level,
            one.candidate.distance_m,
            one.candidate.person_id,
        ),
    )


def _ranked(candidate: Candidate) -> Ranked:
    cost = cost_of(candidate)
    reasons: list[tuple[str, float]] = [
        ("level", candidate.level),
        ("mode_" + candidate.mode, 1),
        ("assignments_this_month", candidate.assignments_this_month),
        ("messages_this_week", candidate.messages_this_week),
    ]
    if candidate.mode == "on_site":
        reasons.insert(1, ("distance_km", round(candidate.distance_m / 1000, 1)))
    if candidate.language_rank:
        reasons.append(("substitute_language", candidate.language_rank))
    if candidate.is_preferred:
        reasons.append(("preferred", 1))
    if candidate.was_on_stand_by:
        reasons.append(("stand_by", 1))
    if candidate.open_offers:
        reasons.append(("open_offer", candidate.open_offers))
    return Ranked(
        candidate=candidate,
        score=-math.log1p(-candidate.probability) / cost,
        cost=cost,
        reasons=tuple(reasons),
    )
