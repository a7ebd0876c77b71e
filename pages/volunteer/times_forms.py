"""The forms of «Meine Zeiten»: hours and limits, the pause, days away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from background.clock import now
from pages.fields import DayField, TimeOfDayField
from pages.forms import Form, Section
from pages.week import WeekField
from pools.models import Pool
from volunteers.availability import MESSAGES_PER_WEEK, check_pause


class TimesForm(Form):
    """When a person may be asked for, how often, and when her telephone stays silent."""

    week = WeekField(
        label="Wann haben Sie meistens Zeit?",
        help_text="Kein Häkchen heißt: Wir fragen Sie zu allen Tageszeiten.",
    )
    messages_per_week = forms.TypedChoiceField(
        label="Höchstens so viele Anfragen in der Woche",
        choices=[
            (number, str(number))
            for number in range(MESSAGES_PER_WEEK[0], MESSAGES_PER_WEEK[1] + 1)
        ],
        coerce=int,
    )
    assignments_per_week = forms.IntegerField(
        label="Höchstens so viele Einsätze in der Woche",
        help_text="Leer heißt: keine Grenze.",
        min_value=1,
        max_value=50,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    urgent_beyond_budget = forms.BooleanField(
        label="Wenn es sehr eilt, dürfen Sie mich auch öfter fragen.",
        required=False,
    )
    quiet_from = TimeOfDayField(label="Ruhezeit von", help_text="zum Beispiel 20 Uhr")
    quiet_until = TimeOfDayField(label="Ruhezeit bis", help_text="zum Beispiel 8 Uhr")
    sections = (
        Section("Ihre Zeiten", ("week",)),
        Section("Wie oft", ("messages_per_week", "assignments_per_week", "urgent_beyond_budget")),
        Section(
            "Ruhezeit",
            ("quiet_from", "quiet_until"),
            paragraphs=(
                "In der Ruhezeit schicken wir Ihnen nichts."
                " Zweimal dieselbe Zeit heißt: keine Ruhezeit.",
            ),
        ),
    )


class PauseForm(Form):
    """From when on the person may be asked again."""

    again_on = DayField(
        label="Wieder fragen ab",
        help_text="zum Beispiel 24.11.2026. Leer heißt: Sie melden sich, wenn es weitergeht.",
        required=False,
    )

    def __init__(self, *args: Any, pool: Pool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="pause", **kwargs)
        self._today = now().astimezone(pool.zone).date()

    def clean_again_on(self) -> dt.date | None:
        """Refuse what the verb will refuse, at its field."""
        day: dt.date | None = self.cleaned_data["again_on"]
        try:
            check_pause(day, today=self._today)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return day


class AbsenceForm(Form):
    """Days away, the first and the last included."""

    first = DayField(label="Erster Tag")
    last = DayField(
        label="Letzter Tag", help_text="Leer heißt: nur dieser eine Tag.", required=False
    )

    def __init__(self, *args: Any, pool: Pool, **kwargs: Any) -> None:
        super().__init__(*args, prefix="away", **kwargs)
        self._today = now().astimezone(pool.zone).date()

    def clean(self) -> dict[str, Any]:
        """One day is from the first to the first."""
        cleaned: dict[str, Any] = super().clean() or {}
        first = cleaned.get("first")
        if first and not cleaned.get("last") and "last" not in self.errors:
            cleaned["last"] = first
        if cleaned.get("last") and cleaned["last"] < self._today:
            self.add_error("first", ValidationError("Diese Tage sind schon vorbei."))
        return cleaned
