"""One appointment as a calendar file (RFC 5545): times in UTC, no address, nothing of the case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

LONGEST_LINE = 75
"""Octets; longer lines are folded."""


def entry(
    *,
    uid: str,
    written_at: datetime,
    starts_at: datetime,
    minutes: int,
    title: str,
    place: str,
    notes: str,
) -> str:
    """Return the file; the same uid later replaces the entry. Without a place none is named."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lotsenruf//DE",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(uid)}",
        f"DTSTAMP:{_utc(written_at)}",
        f"DTSTART:{_utc(starts_at)}",
        f"DTEND:{_utc(starts_at.astimezone(UTC) + timedelta(minutes=minutes))}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(place)}"] if place else []),
        f"DESCRIPTION:{_escaped(notes)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Break between characters, never inside one of several octets."""
    parts = [""]
    for character in line:
        if len((parts[-1] + character).encode()) > LONGEST_LINE:
            parts.append(" ")
        parts[-1] += character
    return "\r\n".join(parts)
