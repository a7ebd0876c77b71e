"""How a search stands, in a word and a reason. Pure: honest rules of thumb, no forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

HURRY = timedelta(hours=24)
SOON = timedelta(hours=48)
FEW = 3


class Level(IntEnum):
    """How much a search needs a coordinator, the most needy first."""

    RED = 0
    YELLOW = 1
    GREEN = 2

    @property
    def word(self) -> str:
        """Return what stands in the badge."""
        return ("braucht Hilfe", "knapp", "gut unterwegs")[self]


@dataclass(frozen=True)
class Risk:
    """The level and why it is that one, in words."""

    level: Level
    reason: str


def assess(*, starts_at: datetime, now: datetime, left: int, unanswered: int) -> Risk:
    """Judge a search: `left` may still be asked, `unanswered` were asked and are silent so far."""
    until = starts_at - now
    if left == 0 or until < HURRY:
        level = Level.RED
    elif left < FEW or until < SOON:
        level = Level.YELLOW
    else:
        level = Level.GREEN
    return Risk(level, f"{_left(left, unanswered)}, {in_time(until)}")


def _left(left: int, unanswered: int) -> str:
    if left:
        return f"Noch {left} {'Person' if left == 1 else 'Personen'} nicht gefragt"
    if unanswered:
        answers = "1 Antwort steht" if unanswered == 1 else f"{unanswered} Antworten stehen"
        return f"Niemand mehr zu fragen, {answers} aus"
    return "Keine passende Person mehr"


def in_time(until: timedelta) -> str:
    """Return «Termin in 20 Stunden», in days from two days on, in minutes below one hour."""
    if until <= timedelta():
        return "Termin hat begonnen"
    if until < timedelta(hours=1):
        number, one, many = round(until / timedelta(minutes=1)), "Minute", "Minuten"
    elif until < SOON:
        number, one, many = int(until / timedelta(hours=1)), "Stunde", "Stunden"
    else:
        number, one, many = until.days, "Tag", "Tagen"
    return f"Termin in {number} {one if number == 1 else many}"
