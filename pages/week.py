"""The hours of a week as a grid: weekday × vormittags, mittags, abends."""

from __future__ import annotations

from typing import Any

from django import forms

from volunteers.week import hours_of, week_of

DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
PARTS = (
    ("vormittags", "8 bis 12", range(8, 12)),
    ("mittags", "12 bis 17", range(12, 17)),
    ("abends", "17 bis 21", range(17, 21)),
)


class WeekGrid(forms.CheckboxSelectMultiple):
    """A table of tick boxes, a row per weekday; each box has its own full name."""

    template_name = "forms/week.html"
    draws_its_own_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the rows of the table."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        width = len(PARTS)
        context["parts"] = [(label, hours) for label, hours, _ in PARTS]
        context["rows"] = [
            (day, options[row * width : (row + 1) * width]) for row, day in enumerate(DAYS)
        ]
        return context


class WeekField(forms.MultipleChoiceField):
    """Cleans to the 168 bits of volunteers.week; nothing ticked means any time."""

    widget = WeekGrid

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        choices = [
            (f"{day}-{part}", f"{DAYS[day]} {PARTS[part][0]}")
            for day in range(len(DAYS))
            for part in range(len(PARTS))
        ]
        super().__init__(choices=choices, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the week as bits."""
        chosen = [choice.split("-") for choice in super().clean(value)]
        return week_of({(int(day), hour) for day, part in chosen for hour in PARTS[int(part)][2]})

    def prepare_value(self, value: Any) -> Any:
        """Tick the parts of which every hour is set; what was sent is shown as it was sent."""
        if not isinstance(value, str):
            return value
        hours = hours_of(value)
        return [
            f"{day}-{part}"
            for day in range(len(DAYS))
            for part, (_, _, span) in enumerate(PARTS)
            if all((day, hour) in hours for hour in span)
        ]
