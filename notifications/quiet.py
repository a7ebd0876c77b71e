"""Quiet hours: a pure question about a clock on the wall."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(at: datetime, *, begins: time, ends: time, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours around `at` end, None outside them.

    Begin and end on the same minute mean: no quiet hours at all.
    """
    if begins == ends:
        return None
    local = at.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    over_midnight = begins > ends
    is_quiet = (clock >= begins or clock < ends) if over_midnight else begins <= clock < ends
    if not is_quiet:
        return None
    day = local.date()
    if over_midnight and clock >= begins:
        day += timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=zone)
