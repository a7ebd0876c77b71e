"""Days relative to today: appointments fall on working days, whatever day it is."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from background.clock import now

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = 5


def today() -> dt.date:
    """Return the day it is in Hesse."""
    return now().astimezone(BERLIN).date()


def workday(offset: int) -> dt.date:
    """Return the working day so many working days from today; never today itself."""
    day, step = today(), 1 if offset > 0 else -1
    for _ in range(abs(offset)):
        day += dt.timedelta(days=step)
        while day.weekday() >= SATURDAY:
            day += dt.timedelta(days=step)
    return day


def at(day: dt.date, time: str) -> dt.datetime:
    """Return the instant at which clocks in Hesse show «10:00» on that day."""
    hour, minute = (int(part) for part in time.split(":"))
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=BERLIN).astimezone(dt.UTC)
