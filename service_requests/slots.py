"""Times as people write them: local clocks have an hour that never was and one that was twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

Slot = tuple[dt.datetime, dt.datetime]

SHORTEST = dt.timedelta(minutes=15)
LONGEST = dt.timedelta(hours=12)
FURTHEST = dt.timedelta(days=366)
MOST_ALTERNATIVES = 2
DAY = dt.timedelta(hours=24)


class NonexistentTime(ValidationError):
    """The clocks jump over this time; ask for another."""


class AmbiguousTime(ValidationError):
    """The clocks show this time twice; ask which. `choices` are pairs of fold and German label."""

    def __init__(self, message: str, choices: list[tuple[int, str]]) -> None:
        super().__init__(message, code="ambiguous_time")
        self.choices = choices


def local_instant(
    date: dt.date, time: dt.time, zone: ZoneInfo, fold: int | None = None
) -> dt.datetime:
    """Return the instant at which clocks in the zone show this.

    Raises NonexistentTime, and AmbiguousTime unless `fold` says 0 (the first) or 1 (the second).
    """
    local = dt.datetime.combine(date, time.replace(tzinfo=None, fold=0), tzinfo=zone)
    again = local.astimezone(dt.UTC).astimezone(zone)
    if again.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NonexistentTime(
            f"Am {date:%d.%m.%Y} gibt es {time:%H:%M} Uhr nicht: Die Uhren werden vorgestellt."
            f" Die nächste Zeit ist {again:%H:%M} Uhr. Wählen Sie eine andere Zeit.",
            code="nonexistent_time",
        )
    second = local.replace(fold=1)
    if local.utcoffset() == second.utcoffset():
        return local.astimezone(dt.UTC)
    if fold in (0, 1):
        return local.replace(fold=fold).astimezone(dt.UTC)
    raise AmbiguousTime(
        f"Am {date:%d.%m.%Y} gibt es {time:%H:%M} Uhr zweimal: Die Uhren werden zurückgestellt."
        " Welche Zeit meinen Sie?",
        [
            (0, f"{time:%H:%M} Uhr, zuerst (Sommerzeit)"),
            (1, f"{time:%H:%M} Uhr, eine Stunde später (Winterzeit)"),
        ],
    )


def slot(
    date: dt.date, time: dt.time, minutes: int, zone: ZoneInfo, fold: int | None = None
) -> Slot:
    """Return start and end; the length is real time, also in the night the clocks change."""
    start = local_instant(date, time, zone, fold)
    return start, start + dt.timedelta(minutes=minutes)


def problem_with(period: Slot, now: dt.datetime) -> str:
    """Return a German sentence about a period that cannot be asked for, or nothing."""
    start, end = (moment.astimezone(dt.UTC) for moment in period)
    if start <= now:
        return "Der Termin liegt in der Vergangenheit. Wählen Sie eine spätere Zeit."
    if end <= start:
        return "Das Ende liegt vor dem Beginn. Prüfen Sie Uhrzeit und Dauer."
    if end - start < SHORTEST:
        return "Der Termin ist zu kurz. Er dauert mindestens 15 Minuten."
    if end - start > LONGEST:
        return "Der Termin ist zu lang. Er dauert höchstens 12 Stunden."
    if start - now > FURTHEST:
        return "Der Termin ist mehr als ein Jahr entfernt. Prüfen Sie das Datum."
    return ""


def problem_with_alternatives(period: Slot, alternatives: Sequence[Slot], now: dt.datetime) -> str:
    """Return a German sentence about other times that cannot be kept, or nothing."""
    if len(alternatives) > MOST_ALTERNATIVES:
        return f"Nennen Sie höchstens {MOST_ALTERNATIVES} andere Zeiten."
    for alternative in alternatives:
        if problem := problem_with(alternative, now):
            return f"Andere Zeit: {problem}"
    if len({period, *alternatives}) <= len(alternatives):
        return "Dieselbe Zeit steht zweimal da. Nennen Sie eine andere, oder lassen Sie sie weg."
    return ""


def inform_at(start: dt.datetime, posted_at: dt.datetime) -> dt.datetime:
    """Return T_inform: 24 hours before, or half of what is left when that is under 48 hours."""
    left = start.astimezone(dt.UTC) - posted_at.astimezone(dt.UTC)
    ahead = DAY if left >= 2 * DAY else left / 2
    return start.astimezone(dt.UTC) - ahead
