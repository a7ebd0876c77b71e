"""Days, times and places in the words of our messages (German, on the pool's clock)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from background.clock import now

LONGEST_NAME = 22
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def weekday_short(instant: datetime, zone: ZoneInfo) -> str:
    """Return «Di»."""
    return WEEKDAYS[instant.astimezone(zone).weekday()][:2]


def day_short(instant: datetime, zone: ZoneInfo) -> str:
    """Return «24.11.»."""
    return f"{instant.astimezone(zone):%d.%m.}"


def clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return «14:00»."""
    return f"{instant.astimezone(zone):%H:%M}"


def day_long(instant: datetime, zone: ZoneInfo) -> str:
    """Return «Dienstag, 24. November»."""
    local = instant.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()]}, {local.day}. {MONTHS[local.month - 1]}"


def day_words(instant: datetime, zone: ZoneInfo, *, seen_at: datetime | None = None) -> str:
    """Return «heute», «morgen» or «Di 24.11.», as read at `seen_at` (default: now)."""
    day = instant.astimezone(zone).date()
    today = (seen_at or now()).astimezone(zone).date()
    if day == today:
        return "heute"
    if day == today + timedelta(days=1):
        return "morgen"
    return f"{weekday_short(instant, zone)} {day_short(instant, zone)}"


def when_parameters(period: tuple[datetime, datetime], zone: ZoneInfo) -> dict[str, str | int]:
    """Return the parameters about time that every template may use.

    `beginn` lets the sender say «heute» or «morgen» as of the moment the message really goes out.
    """
    start, end = period
    # In UTC: two times of one zone subtract as clock faces, wrong in the night of the change.
    length = end.astimezone(UTC) - start.astimezone(UTC)
    return {
        "beginn": start.isoformat(),
        "wt": weekday_short(start, zone),
        "tag": day_short(start, zone),
        "zeit": clock_time(start, zone),
        "bis": clock_time(end, zone),
        "dauer": round(length / timedelta(minutes=1)),
        "datum_lang": day_long(start, zone),
        "wann": day_words(start, zone),
    }


def place_parameters(*, mode: str, place: str) -> dict[str, str]:
    """Return `ort` and `in_ort`: the place on site, else the means («am Telefon»)."""
    if mode == "phone":
        return {"ort": "Telefon", "in_ort": "am Telefon"}
    if mode == "video":
        return {"ort": "Video", "in_ort": "per Video"}
    return {"ort": place, "in_ort": f"in {place}"}


def language_word(language_sms: str, *, is_guide: bool) -> str:
    """Return what is looked for, at most 22 characters: a language, «Begleitung», or both."""
    if not is_guide:
        return language_sms
    both = f"Begleitung {language_sms}".strip()
    return both if len(both) <= LONGEST_NAME else "Begleitung"
