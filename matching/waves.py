"""How many are asked now, and when to look again. Pure: no database, no clock, no Django.

The rule of matching.md 3(d): after this epoch the chance that nobody says yes should have come
down by its share of what is allowed to remain at the horizon (ε = 3 %).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from matching.need import SHORT_BELOW, Need
from matching.ranking import Ranked, answered_within

EPSILON = 0.03
LOOKED_AHEAD_EPOCHS = 1.5
SHORT_HORIZON = timedelta(minutes=30)
LEAST_HORIZON = timedelta(hours=2)
MOST_HORIZON = timedelta(hours=20)
DAY_S = 86_400


@dataclass(frozen=True)
class Limits:
    """What the pool allows; the formula decides within it."""

    max_size: int = 8
    urgent_epoch: timedelta = timedelta(minutes=15)
    planned_epoch: timedelta = timedelta(minutes=60)


@dataclass(frozen=True)
class Pending:
    """An offer without an answer: its estimate and how long it has been out, awake."""

    probability: float
    waking_age: timedelta


@dataclass(frozen=True)
class Decision:
    """Whom to ask now, when to look again, and whether anybody is left after that."""

    ask: tuple[Ranked, ...]
    look_again_at: datetime
    left: int


@dataclass(frozen=True)
class Quiet:
    """Hours of a day in which a person is left alone; equal ends mean never."""

    start_s: int
    end_s: int

    def holds_at(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Return whether the person is not to be disturbed at that instant."""
        at = _seconds(instant.astimezone(zone).time())
        if self.start_s <= self.end_s:
            return self.start_s <= at < self.end_s
        return at >= self.start_s or at < self.end_s

    def ends_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant from then on at which the person may be disturbed."""
        if not self.holds_at(instant, zone):
            return instant
        local = instant.astimezone(zone)
        end = time(self.end_s // 3600, self.end_s % 3600 // 60)
        day = local.date()
        if _seconds(local.time()) >= self.end_s:
            day += timedelta(days=1)
        return datetime.combine(day, end, tzinfo=zone).astimezone(instant.tzinfo)


NIGHT = Quiet(20 * 3600, 8 * 3600)
QUARTER = timedelta(minutes=15)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def waking_time(start: datetime, end: datetime, quiet: Quiet, zone: ZoneInfo) -> timedelta:
    """Return how much of the span lies outside the quiet hours (the waking clock)."""
    awake = timedelta()
    instant = start
    while instant < end:
        if quiet.holds_at(instant, zone):
            instant = quiet.ends_after(instant, zone)
            continue
        stop = min(end, _quiet_begins(instant, quiet, zone))
        awake += stop - instant
        instant = stop
    return awake


def _quiet_begins(instant: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return the next start of the quiet hours after a waking instant."""
    if quiet.start_s == quiet.end_s:
        return datetime.max.replace(tzinfo=instant.tzinfo)
    local = instant.astimezone(zone)
    at = time(quiet.start_s // 3600, quiet.start_s % 3600 // 60)
    day = local.date() + timedelta(days=_seconds(local.time()) >= quiet.start_s)
    return datetime.combine(day, at, tzinfo=zone).astimezone(instant.tzinfo)


def before_waking(instant: datetime, awake: timedelta, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return when so much waking time before `instant` began, to the quarter hour."""
    start = instant - awake
    while (missing := awake - waking_time(start, instant, quiet, zone)) > timedelta():
        start -= max(missing, QUARTER)
    return start


def epoch_of(need: Need, now: datetime, limits: Limits) -> timedelta:
    """Return how long to wait before looking again."""
    return limits.urgent_epoch if need.is_urgent(now) else limits.planned_epoch


def horizon_of(need: Need, search_began_at: datetime) -> timedelta:
    """Return within what (waking) time a yes should have come."""
    remaining = need.deadline() - search_began_at
    if need.starts_at - search_began_at < SHORT_BELOW:
        return SHORT_HORIZON
    return min(max(remaining / 2, LEAST_HORIZON), MOST_HORIZON)


def residual(pending: Pending, ahead: timedelta) -> float:
    """Return the chance that a silent person still says yes within the time ahead."""
    age, later = _minutes(pending.waking_age), _minutes(pending.waking_age + ahead)
    p = pending.probability
    return p * (answered_within(later) - answered_within(age)) / (1 - p * answered_within(age))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60


def decide(
    need: Need,
    ranked: Sequence[Ranked],
    pending: Sequence[Pending],
    *,
    now: datetime,
    search_began_at: datetime,
    zone: ZoneInfo,
    limits: Limits,
    quiet: Quiet = NIGHT,
) -> Decision:
    """Choose the next wave: as few as will do, only people awake, never more than allowed."""
    epoch = epoch_of(need, now, limits)
    awake = [one for one in ranked if not _is_quiet(one, now, zone)]
    looked_ahead = epoch * LOOKED_AHEAD_EPOCHS
    elapsed = waking_time(search_began_at, now, quiet, zone)
    left = horizon_of(need, search_began_at) - elapsed
    epochs_left = max(1, int(left / epoch))
    wanted = -math.log(EPSILON) / epochs_left
    have = sum(-math.log1p(-residual(one, looked_ahead)) for one in pending)
    ask: list[Ranked] = []
    for one in awake:
        if have >= wanted or len(ask) >= limits.max_size:
            break
        share = one.candidate.probability * answered_within(_minutes(looked_ahead))
        have += -math.log1p(-share)
        ask.append(one)
    again = now + epoch
    if not ask and len(awake) < len(ranked):
        again = min([again, *(_wakes_at(one, now, zone) for one in ranked if one not in awake)])
    return Decision(tuple(ask), min(again, max(need.deadline(), now)), len(ranked) - len(ask))


def _quiet_of(one: Ranked) -> Quiet:
    return Quiet(one.candidate.quiet_from_s, one.candidate.quiet_until_s)


def _is_quiet(one: Ranked, now: datetime, zone: ZoneInfo) -> bool:
    return _quiet_of(one).holds_at(now, zone)


def _wakes_at(one: Ranked, now: datetime, zone: ZoneInfo) -> datetime:
    return _quiet_of(one).ends_after(now, zone)
