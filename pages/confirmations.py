"""«Hat der Einsatz stattgefunden?»: asked of both sides, each for itself, and said once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from background.clock import now
from matching.models import Assignment
from pages import when
from pages.forms import Form
from pages.rendering import page
from pages.volunteer.facts import facts_of
from pools.models import User
from reporting import records
from reporting.models import Confirmation

Side = Confirmation.Side
Outcome = Confirmation.Outcome
SEE_OTHER = 303
LONGEST_MINUTES = 720
OUTCOMES = {
    Side.VOLUNTEER: (
        (Outcome.TOOK_PLACE, "Ja, der Einsatz hat stattgefunden"),
        (Outcome.CLIENT_ABSENT, "Nein, die ratsuchende Person war nicht da"),
        (Outcome.OFFICE_ABSENT, "Nein, von der Stelle war niemand da"),
        (Outcome.VOLUNTEER_ABSENT, "Nein, ich war nicht da"),
    ),
    Side.REQUESTER: (
        (Outcome.TOOK_PLACE, "Ja, der Einsatz hat stattgefunden"),
        (Outcome.CLIENT_ABSENT, "Nein, die ratsuchende Person war nicht da"),
        (Outcome.OFFICE_ABSENT, "Nein, von uns konnte niemand da sein"),
        (Outcome.VOLUNTEER_ABSENT, "Nein, die freiwillige Person war nicht da"),
    ),
}


class ConfirmationForm(Form):
    """What happened, and how long it took."""

    outcome = forms.ChoiceField(label="Was ist passiert?", widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label="Wie viele Minuten hat der Einsatz gedauert?",
        help_text="Nur wenn er stattgefunden hat.",
        min_value=1,
        max_value=LONGEST_MINUTES,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    unmarked = frozenset({"minutes"})

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - declared above
        outcome.choices = [(choice.value, label) for choice, label in OUTCOMES[Side(side)]]

    def clean(self) -> dict[str, Any]:
        """Ask for the minutes of what took place; of the rest there are none."""
        cleaned: dict[str, Any] = super().clean() or {}
        took_place = cleaned.get("outcome") == Outcome.TOOK_PLACE
        if took_place and cleaned.get("minutes") is None and "minutes" not in self.errors:
            self.add_error("minutes", ValidationError("Tragen Sie die Dauer in Minuten ein."))
        return cleaned


def confirmation_page(
    request: HttpRequest, assignment: Assignment, *, side: str, person: User
) -> HttpResponse:
    """Ask one side, or write down what it says; what was said once is only shown."""
    said = Confirmation.objects.filter(assignment=assignment, side=side).first()
    context: dict[str, Any] = {
        "facts": facts_of(assignment),
        "help_pool": assignment.pool,
        "said": said,
        "said_words": dict(OUTCOMES[Side(side)])[Outcome(said.outcome)] if said else "",
        "is_too_early": assignment.period.lower > now(),
        "is_cancelled": assignment.cancelled_at is not None,
        "is_for_requester": side == Side.REQUESTER,
    }
    if said or context["is_too_early"] or context["is_cancelled"]:
        return page(request, "volunteer/confirmation.html", context)
    form = ConfirmationForm(
        request.POST if request.method == "POST" else None,
        side=side,
        initial={"minutes": when.minutes(assignment.period)},
    )
    if request.method == "POST" and form.is_valid():
        records.confirm(
            assignment,
            side=side,
            outcome=form.cleaned_data["outcome"],
            minutes=form.cleaned_data["minutes"],
            said_by=person,
        )
        response = HttpResponseRedirect(request.path)
        response.status_code = SEE_OTHER
        return response
    return page(request, "volunteer/confirmation.html", context | {"form": form})
