"""Fields that read what people in Germany write: «24.11.», «24.11.2026», «14 Uhr», «14.30»."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from background.clock import now

DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})?")
YEARS = range(1900, 2200)  # after the last day of all calendars comes none: OverflowError
NO_SUCH_DAY = "Diesen Tag gibt es nicht. Schreiben Sie zum Beispiel: 24.11.2026"
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*uhr)?", re.IGNORECASE)


class DayField(forms.DateField):
    """A day; without a year the next such day is meant.

    A text field: the browser's own date field speaks the language of the browser, not of the page.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"class": "short", "maxlength": 20}))
        kwargs.setdefault("help_text", "zum Beispiel 24.11.2026")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day, or say how to write one; no day is at the end of all calendars."""
        day = self._read(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(NO_SUCH_DAY)
        return day

    def _read(self, value: Any) -> dt.date | None:
        match = DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            return super().to_python(value)
        day, month, year = (int(part) if part else None for part in match.groups())
        assert day is not None  # noqa: S101 - the pattern has both
        assert month is not None  # noqa: S101
        try:
            if year is None:
                return _next_such_day(day, month)
            return dt.date(year if year > 99 else 2000 + year, month, day)
        except ValueError:
            raise ValidationError(NO_SUCH_DAY) from None


def _next_such_day(day: int, month: int) -> dt.date:
    today = localdate(now())
    this_year = dt.date(today.year, month, day)
    return this_year if this_year >= today else dt.date(today.year + 1, month, day)


class TimeOfDayField(forms.TimeField):
    """A time of day: «14», «14:30», «14.30», «14 Uhr»."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TimeInput(format="%H:%M", attrs={"class": "short", "maxlength": 12})
        )
        kwargs.setdefault("help_text", "zum Beispiel 14:30")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        """Return the time, or say how to write one."""
        match = TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            return super().to_python(value)
        hour, minute = match.groups()
        try:
            return dt.time(int(hour), int(minute or 0))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
