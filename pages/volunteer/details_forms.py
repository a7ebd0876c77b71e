"""The forms of «Meine Angaben»: languages, place, how far, what not."""

from __future__ import annotations

from typing import Any

from django import forms

from pages.forms import Section
from pages.place import PlaceForm
from pages.spoken import add_spoken, settle_spoken
from reference.models import Setting
from volunteers.availability import MOST_LANGUAGES, RADIUS_KM
from volunteers.models import Mode, Profile

EMPTY_BLOCKS = 2
MODES = [(Mode.ON_SITE, "vor Ort"), (Mode.PHONE, "am Telefon"), (Mode.VIDEO, "per Video")]


class DetailsForm(PlaceForm):
    """Everything a volunteer may change about herself but her times."""

    means = forms.ChoiceField(
        label="Wie kommen Sie zu einem Termin?",
        choices=Profile.Means.choices,
        widget=forms.RadioSelect,
    )
    radius_km = forms.IntegerField(
        label="Umkreis in Kilometern",
        min_value=RADIUS_KM[0],
        max_value=RADIUS_KM[1],
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    modes = forms.MultipleChoiceField(
        label="Wie möchten Sie helfen?", choices=MODES, widget=forms.CheckboxSelectMultiple
    )
    gender = forms.ChoiceField(
        label="Geschlecht",
        help_text="Manche Menschen möchten, dass eine Frau oder ein Mann dolmetscht.",
        choices=[("", "keine Angabe"), *Profile.Gender.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    opted_out = forms.ModelMultipleChoiceField(
        label="Dorthin möchte ich nicht",
        queryset=Setting.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        initial = _initial(profile) | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        known = list(profile.languages.select_related("language"))
        self._numbers = range(1, min(len(known) + EMPTY_BLOCKS, MOST_LANGUAGES) + 1)
        sections = []
        for number in self._numbers:
            spoken = known[number - 1] if number <= len(known) else None
            names = add_spoken(self, number, known=spoken)
            legend = spoken.language.name_de if spoken else "Sprache hinzufügen"
            sections.append(Section(legend, names, is_folded=spoken is None))
        drawn = (
            *sections,
            Section(
                "Ihr Ort und Ihr Umkreis",
                ("postcode", "municipality", "means", "radius_km", "modes"),
            ),
            Section("Geschlecht", ("gender",)),
            Section("Stellen, zu denen Sie nicht möchten", ("opted_out",), is_folded=True),
        )
        self.sections = drawn
        self.order_fields([name for section in drawn for name in section.names])
        self.shown_at = {
            "languages": "language_1",
            "extra_municipalities": "postcode",
            "opted_out_settings": "opted_out",
        }

    def clean(self) -> dict[str, Any]:
        """Settle the place and the languages."""
        cleaned = super().clean()
        self.languages = [
            spoken for number in self._numbers if (spoken := settle_spoken(self, number))
        ]
        return cleaned


def _initial(profile: Profile) -> dict[str, Any]:
    return {
        "postcode": profile.postcode_id,
        "municipality": profile.municipality_id,
        "means": profile.means,
        "radius_km": profile.radius_km,
        "modes": [mode for mode, _ in MODES if getattr(profile, mode)],
        "gender": profile.gender,
        "opted_out": profile.opted_out_settings.all(),
    }


class ExtraPlaceForm(PlaceForm):
    """One more municipality the person comes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="extra", **kwargs)
