"""Questions that come up only after a first look at a request: which hour, which other language.

Each is a field that is there only when it is needed, so that the form works without JavaScript.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from pages.place import PlaceForm
from pools.models import Organisation
from reference.languages import substitutes_for
from reference.models import Language, LanguageSubstitution
from service_requests import slots
from service_requests.free_text import NAME_WARNING
from service_requests.models import ServiceRequest, Status
from service_requests.slots import MOST_ALTERNATIVES, Slot

if TYPE_CHECKING:
    from pages.institution.request_form import RequestForm

FOLDS = ("fold", *(f"fold_{number}" for number in range(1, MOST_ALTERNATIVES + 1)))
BOTH_HOURS = [("0", "die erste (Sommerzeit)"), ("1", "die zweite (Winterzeit)")]
SEND_ANYWAY = "Es ist kein Name einer ratsuchenden Person. Trotzdem senden."
SECOND = "Ja, ich brauche noch eine Person. Eine zweite Anfrage senden."
STILL_OPEN = (Status.SUBMITTED, Status.SEARCHING, Status.CONFIRMED)


class FormOfInstitution(PlaceForm):
    """To inherit from: a form about a time and a place, for this institution."""

    organisation: Organisation


def add_fields(form: FormOfInstitution) -> None:
    """Add the fields that answer a question the person was asked the last time."""
    for name in FOLDS:
        if name in form.data:
            form.fields[name] = _which_hour("Welche der beiden Stunden?", BOTH_HOURS)
    if "name_warning_accepted" in form.data:
        _ask_about_name(form)
    if "second_request" in form.data:
        _ask_about_second(form)


def _which_hour(label: str, choices: list[tuple[str, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, coerce=int, required=False
    )


def slot(form: FormOfInstitution, prefix: str, fold_name: str) -> Slot | None:
    """Return start and end, or leave at the field what is wrong: no such hour, or which of two."""
    cleaned = form.cleaned_data
    day, time = cleaned.get(f"{prefix}day"), cleaned.get(f"{prefix}time")
    minutes = cleaned.get("minutes")
    if prefix and (day is None) != (time is None):
        missing = f"{prefix}{'day' if day is None else 'time'}"
        if missing not in form.errors:
            form.add_error(missing, ValidationError("Hier fehlt noch etwas: Tag und Beginn."))
    if day is None or time is None or minutes is None:
        return None
    fold = cleaned.get(fold_name)
    try:
        return slots.slot(
            day, time, minutes, form.organisation.pool.zone, fold if fold in (0, 1) else None
        )
    except slots.NonexistentTime as error:
        form.add_error(f"{prefix}time", error)
    except slots.AmbiguousTime as error:
        choices = [(str(value), label) for value, label in error.choices]
        form.fields[fold_name] = _which_hour("Welche der beiden Stunden?", choices)
        form.cleaned_data.pop(fold_name, None)
        form.add_error(fold_name, ValidationError(error.messages[0]))
    return None


def pairs(form: RequestForm) -> list[LanguageSubstitution]:
    """Return which other languages may be asked about, for this language in this setting."""
    setting = form.cleaned_data.get("setting")
    if form.language is None or setting is None:
        return []
    return substitutes_for(form.language, setting.setting_class)


def add_bridges(form: RequestForm) -> None:
    """Keep the answer about other languages, once it was asked about these."""
    offered = pairs(form)
    if not offered or form.cleaned_data.get("bridges_for") != bridges_key(form):
        return
    field = forms.MultipleChoiceField(
        label="Ist auch eine andere Sprache in Ordnung?",
        choices=[(pair.offered.code, pair.ask or pair.offered.name_de) for pair in offered],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    form.fields["bridge_languages"] = field
    known = {pair.offered.code for pair in offered}
    given = form.data.getlist("bridge_languages") if isinstance(form.data, QueryDict) else []
    form.cleaned_data["bridge_languages"] = [code for code in given if code in known]


def bridges(form: RequestForm) -> list[Language]:
    """Return the other languages that were said to be fine."""
    codes = form.cleaned_data.get("bridge_languages", [])
    return list(Language.objects.shown().filter(code__in=codes))


def bridges_key(form: RequestForm) -> str:
    """Return for what the question was asked: another language or setting asks again."""
    setting = form.cleaned_data["setting"]
    return f"{form.language.code}/{setting.setting_class}" if form.language else ""


def add_refusals(form: RequestForm, error: ValidationError) -> None:
    """Show what the verb refused; what may be overruled gets its tick box."""
    form.add_errors(error)
    told: dict[str, Any] = getattr(error, "message_dict", {})
    if any(NAME_WARNING in messages for messages in told.values()):
        _ask_about_name(form)


def _ask_about_name(form: FormOfInstitution) -> None:
    form.fields["name_warning_accepted"] = forms.BooleanField(label=SEND_ANYWAY, required=False)


def _ask_about_second(form: FormOfInstitution) -> None:
    form.fields["second_request"] = forms.BooleanField(label=SECOND, required=False)


def submission_of(form: RequestForm) -> UUID:
    """Return the key this rendering of the form was given; a spoilt one is as good as none."""
    try:
        return UUID(form.data.get("submission", ""))
    except ValueError:
        return uuid4()


def is_said_twice(form: RequestForm) -> bool:
    """Ask back when the institution has the same request already; False when that is meant."""
    if form.period is None or form.cleaned_data.get("second_request"):
        return False
    same = ServiceRequest.objects.filter(
        organisation=form.organisation,
        kind=form.cleaned_data["kind"],
        language=form.language,
        period__startswith=form.period[0],
        status__in=STILL_OPEN,
        # The other half of a double click may have posted this very form a moment ago.
    ).exclude(public_id=submission_of(form))
    if not same.exists():
        return False
    _ask_about_second(form)
    form.add_error(
        "second_request",
        ValidationError(
            "Ihre Stelle hat für diese Zeit und Sprache schon eine Anfrage gesendet."
            " Brauchen Sie zwei Personen? Dann setzen Sie hier ein Häkchen."
        ),
    )
    return True
