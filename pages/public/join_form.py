"""The form with which somebody becomes a volunteer; a coordinator fills in the same one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from notifications.models import Channel
from pages.forms import Form, Section
from pages.spoken import add_spoken, settle_spoken
from pages.week import WeekField
from pools.models import Pool
from volunteers.consent import CURRENT, NOT_GIVEN, consent_text
from volunteers.models import Mode, Profile
from volunteers.registration import NO_ADDRESS, NO_LANGUAGE, NO_ROLE, TOO_YOUNG

LANGUAGES = 4
USUAL_RADIUS_KM = {Profile.Means.FOOT: 5, Profile.Means.TRANSIT: 15, Profile.Means.CAR: 30}
INTERPRET, GUIDE = "interpret", "guide"


class JoinForm(Form):
    """Everything a volunteer tells; the place comes from the page before, with the pool."""

    unmarked = frozenset({"phone", "email"})

    roles = forms.MultipleChoiceField(
        label="Ich möchte",
        choices=[
            (INTERPRET, "dolmetschen: Gespräche in zwei Sprachen begleiten"),
            (
                GUIDE,
                "als Integrationslotsin oder Integrationslotse begleiten, zum Beispiel zum Amt",
            ),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_ROLE},
    )
    means = forms.ChoiceField(
        label="Wie kommen Sie zu einem Termin?",
        choices=Profile.Means.choices,
        widget=forms.RadioSelect,
    )
    radius_km = forms.IntegerField(
        label="Anderer Umkreis in Kilometern",
        help_text="Nur wenn Ihnen die Angabe in der Klammer nicht passt.",
        min_value=1,
        max_value=200,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    modes = forms.MultipleChoiceField(
        label="Wie möchten Sie helfen?",
        choices=[
            (Mode.ON_SITE, "vor Ort"),
            (Mode.PHONE, "am Telefon"),
            (Mode.VIDEO, "per Video"),
        ],
        initial=[Mode.ON_SITE],
        widget=forms.CheckboxSelectMultiple,
    )
    week = WeekField(
        label="Wann haben Sie meistens Zeit?",
        help_text="Kein Häkchen heißt: Wir fragen Sie zu allen Tageszeiten."
        " Sie dürfen immer Nein sagen.",
    )
    given_name = forms.CharField(
        label="Vorname",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label="Nachname",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = forms.CharField(
        label="Handy-Nummer",
        help_text="Für SMS. Zum Beispiel 0171 1234567",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label="E-Mail-Adresse",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )
    preferred_channel = forms.ChoiceField(
        label="Wie sollen wir Sie fragen?",
        choices=Channel.choices,
        widget=forms.RadioSelect,
    )
    gender = forms.ChoiceField(
        label="Geschlecht",
        help_text="Manche Menschen möchten, dass eine Frau oder ein Mann dolmetscht.",
        choices=[("", "keine Angabe"), *Profile.Gender.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    is_adult = forms.BooleanField(
        label="Ich bin mindestens 18 Jahre alt.", error_messages={"required": TOO_YOUNG}
    )
    consent_given = forms.BooleanField(
        label="Ja, ich willige ein.", error_messages={"required": NOT_GIVEN}
    )
    consent_version = forms.CharField(
        max_length=20, initial=CURRENT, widget=forms.HiddenInput, required=False
    )

    shown_at = MappingProxyType({"wants_interpreting": "roles", "languages": "language_1"})

    def __init__(self, *args: Any, pool: Pool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blocks = [
            add_spoken(self, number, required=number == 1) for number in range(1, LANGUAGES + 1)
        ]
        sections = (
            Section("Ihre Aufgabe", ["roles"]),
            Section("Ihre Sprachen", blocks[0], paragraphs=["Deutsch müssen Sie nicht angeben."]),
            *(
                Section(f"{number}. Sprache hinzufügen", names, is_folded=True)
                for number, names in enumerate(blocks[1:], start=2)
            ),
            Section("Ihr Umkreis", ["means", "radius_km", "modes"]),
            Section("Ihre Zeiten", ["week"]),
            Section(
                "So erreichen wir Sie",
                ["given_name", "family_name", "phone", "email", "preferred_channel", "gender"],
                paragraphs=["Wir brauchen Ihre Handy-Nummer oder Ihre E-Mail-Adresse."],
            ),
            Section(
                "Ihre Einwilligung",
                ["is_adult", "consent_given"],
                paragraphs=consent_text(pool),
            ),
        )
        self.sections = sections
        self.order_fields([name for section in sections for name in section.names])

    def clean(self) -> dict[str, Any]:
        """Check what only several fields together can tell."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.languages = [
            spoken for number in range(1, LANGUAGES + 1) if (spoken := settle_spoken(self, number))
        ]
        if (
            INTERPRET in cleaned.get("roles", ())
            and not self.languages
            and not any(name.startswith(("language", "level")) for name in self.errors)
        ):
            self.add_error("language_1", ValidationError(NO_LANGUAGE))
        if not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", ValidationError(NO_ADDRESS))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what volunteers.registration.register_volunteer wants, but place and pool."""
        cleaned = self.cleaned_data
        means = cleaned["means"]
        same = (
            "given_name",
            "family_name",
            "phone",
            "email",
            "preferred_channel",
            "means",
            "week",
            "is_adult",
            "consent_given",
            "consent_version",
            "gender",
        )
        return {
            **{name: cleaned[name] for name in same},
            "wants_interpreting": INTERPRET in cleaned["roles"],
            "wants_guiding": GUIDE in cleaned["roles"],
            "languages": self.languages,
            "radius_km": cleaned["radius_km"] or USUAL_RADIUS_KM[means],
            "modes": set(cleaned["modes"]),
        }
