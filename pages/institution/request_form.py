"""The form with which an institution asks for somebody; what is rarely needed is folded away."""

from __future__ import annotations

import uuid
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pages.fields import DayField, TimeOfDayField
from pages.forms import Section
from pages.institution import asked_again
from pages.languages import add_language_fields, settle_language
from pools.models import Organisation
from reference.models import Language, Setting, Topic
from service_requests import case_codes
from service_requests.models import Kind, ServiceRequest
from service_requests.slots import MOST_ALTERNATIVES, Slot
from service_requests.wish import GENDERS, MODES

DURATIONS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480)
USUAL_MINUTES = 60
ALTERNATIVES = range(1, MOST_ALTERNATIVES + 1)
NO_NAMES = "Bitte keine Namen, keine Diagnosen, keine Nummern von Ratsuchenden."


def _longest(name: str) -> int | None:
    longest: int | None = getattr(ServiceRequest._meta.get_field(name), "max_length", None)
    return longest


class RequestForm(asked_again.FormOfInstitution):
    """What is needed, when, where and for whom to ask there."""

    kind = forms.ChoiceField(
        label="Wen brauchen Sie?",
        choices=[
            (Kind.INTERPRET, "Jemanden zum Dolmetschen"),
            (Kind.GUIDE, "Eine Integrationslotsin oder einen Integrationslotsen zur Begleitung"),
        ],
        initial=Kind.INTERPRET,
        widget=forms.RadioSelect,
    )
    day = DayField(label="Tag")
    time = TimeOfDayField(label="Beginn")
    minutes = forms.TypedChoiceField(
        label="Dauer",
        choices=[(minutes, f"{minutes} Minuten") for minutes in DURATIONS],
        initial=USUAL_MINUTES,
        coerce=int,
    )
    modes = forms.MultipleChoiceField(
        label="Wie soll der Termin stattfinden?",
        help_text="Mehr Möglichkeiten heißt: Wir finden leichter jemanden.",
        choices=list(MODES.items()),
        initial=["on_site"],
        widget=forms.CheckboxSelectMultiple,
    )
    setting = forms.ModelChoiceField(
        label="Art der Stelle", queryset=Setting.objects.all(), empty_label=None
    )
    topic = forms.ChoiceField(label="Thema")
    address = forms.CharField(
        label="Straße und Hausnummer",
        help_text="Sieht nur, wer zugesagt hat.",
        max_length=_longest("address"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    contact_name = forms.CharField(
        label="Ansprechperson vor Ort",
        max_length=_longest("contact_name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = forms.CharField(
        label="Telefon der Ansprechperson",
        max_length=_longest("contact_phone"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    variety = forms.CharField(
        label="Region oder Dialekt",
        help_text="Zum Beispiel: aus Aleppo",
        max_length=_longest("variety"),
        required=False,
    )
    gender_wish = forms.ChoiceField(
        label="Wunsch: wer soll kommen?",
        choices=[("", "egal"), *GENDERS.items()],
        required=False,
    )
    gender_must = forms.BooleanField(label="Das muss so sein.", required=False)
    minors_present = forms.BooleanField(label="Kinder oder Jugendliche sind dabei.", required=False)
    professional_absent = forms.BooleanField(
        label="Von unserer Stelle ist beim Gespräch niemand dabei.", required=False
    )
    urgency_reason = forms.CharField(
        label="Warum eilt es?",
        help_text=NO_NAMES,
        max_length=_longest("urgency_reason"),
        required=False,
    )
    note = forms.CharField(
        label="Hinweis",
        help_text=NO_NAMES,
        max_length=_longest("note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    case_code = forms.CharField(
        label="Fallkennung",
        help_text="Ihr eigenes Kürzel für den Fall, kein Name. Wir speichern es verschlüsselt"
        " und zählen nur.",
        max_length=case_codes.LONGEST,
        required=False,
    )
    submission = forms.CharField(widget=forms.HiddenInput, required=False)
    bridges_for = forms.CharField(widget=forms.HiddenInput, required=False)

    unmarked = frozenset({"address"})
    shown_at = MappingProxyType(
        {
            "period": "day",
            "alternatives": "alternative_1_day",
            "professional_present": "professional_absent",
        }
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "submission": uuid.uuid4(),
            "setting": organisation.setting_id,
            "postcode": organisation.postcode_id,
            "municipality": organisation.municipality_id,
            "address": organisation.address,
            "contact_phone": organisation.phone,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.language: Language | None = None
        self.period: Slot | None = None
        self.alternatives: list[Slot] = []
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)  # noqa: S101 - declared above
        topic.choices = _topics(organisation.setting)
        language = add_language_fields(
            self, "language", help_text="Für eine Begleitung darf sie fehlen."
        )
        for number in ALTERNATIVES:
            self.fields[f"alternative_{number}_day"] = DayField(
                label=f"{number}. anderer Tag", required=False
            )
            self.fields[f"alternative_{number}_time"] = TimeOfDayField(
                label=f"Beginn am {number}. anderen Tag", required=False
            )
        asked_again.add_fields(self)
        self._drawn = _sections(language)
        self.sections = self._drawn

    def clean(self) -> dict[str, Any]:
        """Settle place, language and times, or leave what is missing at its field."""
        cleaned = super().clean()
        is_interpreting = cleaned.get("kind") != Kind.GUIDE
        self.language = settle_language(self, "language", required=is_interpreting)
        self.period = asked_again.slot(self, "", "fold")
        self.alternatives = [
            slot
            for number in ALTERNATIVES
            if (slot := asked_again.slot(self, f"alternative_{number}_", f"fold_{number}"))
        ]
        asked_again.add_bridges(self)
        if cleaned.get("gender_must") and not cleaned.get("gender_wish"):
            self.add_error("gender_wish", ValidationError("Wählen Sie, wer kommen soll."))
        # The questions that came up in between belong where they are drawn, in the summary too.
        self.order_fields([name for section in self._drawn for name in section.names])
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what service_requests.posting.post_request wants, but who posts."""
        cleaned = self.cleaned_data
        same = (
            "kind",
            "modes",
            "setting",
            "variety",
            "address",
            "contact_name",
            "contact_phone",
            "gender_wish",
            "gender_must",
            "minors_present",
            "urgency_reason",
            "note",
            "case_code",
        )
        return {
            **{name: cleaned[name] for name in same},
            "organisation": self.organisation,
            "language": self.language,
            "bridge_languages": asked_again.bridges(self),
            "period": self.period,
            "alternatives": self.alternatives,
            "topic": Topic.objects.get(pk=cleaned["topic"]),
            "place": self.place,
            "professional_present": not cleaned["professional_absent"],
            "name_warning_accepted": cleaned.get("name_warning_accepted", False),
        }


def _topics(setting: Setting) -> list[tuple[str, Any]]:
    """Return the topics of this kind of place first, then the others."""
    own = list(setting.topics.all())
    others = Topic.objects.exclude(pk__in=[topic.pk for topic in own])
    return [
        ("", "Bitte auswählen"),
        (setting.label_de, [(topic.pk, topic.label_de) for topic in own]),
        ("Andere Themen", [(topic.pk, topic.label_de) for topic in others]),
    ]


def _sections(language: list[str]) -> tuple[Section, ...]:
    times = [
        name
        for number in ALTERNATIVES
        for name in (
            f"alternative_{number}_day",
            f"alternative_{number}_time",
            f"fold_{number}",
        )
    ]
    return (
        Section("Was brauchen Sie?", ("kind", *language, "bridge_languages")),
        Section("Wann?", ("second_request", "day", "time", "fold", "minutes")),
        Section("Worum geht es?", ("setting", "topic", "modes")),
        Section("Wo?", ("postcode", "municipality", "address", "contact_name", "contact_phone")),
        Section("Andere Zeiten, die auch passen", times, is_folded=True),
        Section(
            "Mehr angeben: Dialekt, Wünsche, Hinweis, Fallkennung",
            (
                "variety",
                "gender_wish",
                "gender_must",
                "minors_present",
                "professional_absent",
                "note",
                "case_code",
                "urgency_reason",
                "name_warning_accepted",
            ),
            is_folded=True,
        ),
    )
