"""The hours of a week as 168 bits, Monday 00:00 first, in the local time of the pool."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

HOURS = 168
NO_HOUR = "0" * HOURS
EVERY_HOUR = "1" * HOURS


class WeekField(models.Field):  # type: ignore[type-arg]
    """A column `bit(168)`, in Python a string of 168 zeros and ones."""

    description = "168 hours of a week"

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "bit(168)"

    def get_prep_value(self, value: Any) -> Any:
        """Refuse what is not a week before the database does."""
        if value is not None and (len(value) != HOURS or set(value) - {"0", "1"}):
            raise ValueError("a week is 168 characters of 0 and 1")
        return value

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Cast the text parameter."""
        return "%s::bit(168)"


def week_of(hours: set[tuple[int, int]]) -> str:
    """Return the bits for pairs of weekday (0 = Monday) and hour (0–23)."""
    bits = ["0"] * HOURS
    for weekday, hour in hours:
        bits[weekday * 24 + hour] = "1"
    return "".join(bits)


def hours_of(week: str) -> set[tuple[int, int]]:
    """Return the pairs of weekday and hour that are set."""
    return {divmod(index, 24) for index, bit in enumerate(week) if bit == "1"}


def week_mask(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return the hours of the week that a period touches, as local clocks show them."""
    hours: set[tuple[int, int]] = set()
    instant = start.astimezone(UTC)  # adding an hour to a local time adds it to the clock face
    while instant < end:
        local = instant.astimezone(zone)
        hours.add((local.weekday(), local.hour))
        instant += timedelta(hours=1) - timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
    return week_of(hours)
