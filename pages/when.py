"""Days and times as our pages say them, on the pool's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from background.clock import now
from notifications.wording import clock_time, day_long, day_words


class Period(Protocol):
    """What a range column or a pair of instants has."""

    @property
    def lower(self) -> datetime: ...

    @property
    def upper(self) -> datetime: ...


def day(instant: datetime, zone: ZoneInfo) -> str:
    """Return «Dienstag, 24. November», with the year when it is not this one."""
    year = instant.astimezone(zone).year
    is_this_year = year == now().astimezone(zone).year
    return day_long(instant, zone) if is_this_year else f"{day_long(instant, zone)} {year}"


def day_and_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return «Dienstag, 24. November, 14:00 Uhr»."""
    return f"{day(instant, zone)}, {time(instant, zone)} Uhr"


def period(span: Period, zone: ZoneInfo) -> str:
    """Return «Dienstag, 24. November, 14:00 bis 15:00 Uhr»; over midnight both days are named."""
    begins, ends = span.lower.astimezone(zone), span.upper.astimezone(zone)
    if begins.date() == ends.date():
        return f"{day(begins, zone)}, {time(begins, zone)} bis {time(ends, zone)} Uhr"
    return f"{day_and_time(begins, zone)}, bis {day_and_time(ends, zone)}"


def time(instant: datetime, zone: ZoneInfo) -> str:
    """Return «14:00»; in the hour that comes twice a year also which of the two."""
    local = instant.astimezone(zone)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return clock_time(instant, zone)
    return f"{clock_time(instant, zone)} ({'Winterzeit' if local.fold else 'Sommerzeit'})"


def soon(instant: datetime, zone: ZoneInfo) -> str:
    """Return «heute um 15:30 Uhr», «morgen um 8:00 Uhr» or «Di 24.11. um 15:30 Uhr»."""
    words = day_words(instant, zone)
    return (
        f"{words if words in ('heute', 'morgen') else f'am {words}'} um {time(instant, zone)} Uhr"
    )


def minutes(span: Period) -> int:
    """Return the length in minutes."""
    return round((span.upper - span.lower).total_seconds() / 60)
