"""Forms that ask for a place: a postcode and, where it lies in several municipalities, which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from background.clock import now
from pages.forms import Form
from reference.models import Municipality
from reference.places import (
    AmbiguousPlace,
    Place,
    UnknownPostcode,
    area_of,
    municipalities_of,
    resolve,
)

UNKNOWN = (
    "Diese Postleitzahl kennen wir nicht. Sie hat 5 Ziffern. Nehmen Sie die vom Haus-Eingang,"
    " nicht die eines Postfachs."
)
WHICH = "Diese Postleitzahl gehört zu mehreren Orten. Wählen Sie einen aus."


class PlaceForm(Form):
    """To inherit from: `form.place` is the settled place once the form is valid.

    The field `municipality` is there only when the postcode that was sent needs it.
    """

    postcode = forms.CharField(
        label="Postleitzahl",
        max_length=10,
        widget=forms.TextInput(
            attrs={"class": "short", "inputmode": "numeric", "autocomplete": "postal-code"}
        ),
    )
    municipality = forms.ChoiceField(
        label="Welcher Ort?", widget=forms.RadioSelect, error_messages={"required": WHICH}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place: Place | None = None
        choices = municipalities_of(self._sent_postcode(), localdate(now()))
        if len(choices) > 1:
            field = self.fields["municipality"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = municipality_choices(choices)
        else:
            del self.fields["municipality"]

    def _sent_postcode(self) -> str:
        sent = self.data.get(self.add_prefix("postcode")) if self.is_bound else None
        return str(sent or self.initial.get("postcode") or "")

    def clean(self) -> dict[str, Any]:
        """Settle the place, or say at the field what is missing."""
        cleaned: dict[str, Any] = super().clean() or {}
        postcode = cleaned.get("postcode")
        if postcode and "municipality" not in self.errors:
            try:
                self.place = resolve(postcode, cleaned.get("municipality"), localdate(now()))
            except UnknownPostcode:
                self.add_error("postcode", ValidationError(UNKNOWN))
            except AmbiguousPlace:
                self.add_error("postcode", ValidationError(WHICH))
        return cleaned


def municipality_choices(choices: Sequence[Municipality]) -> list[tuple[str, str]]:
    """Return key and name; the name says the area too when they lie in different ones."""
    today = localdate(now())
    areas = {municipality: area_of(municipality.ags, today) for municipality in choices}
    if len(set(areas.values())) == 1:
        return [(municipality.ags, municipality.name) for municipality in choices]
    return [
        (
            municipality.ags,
            f"{municipality.name} (Gebiet: {area.name})" if area else municipality.name,
        )
        for municipality, area in areas.items()
    ]
