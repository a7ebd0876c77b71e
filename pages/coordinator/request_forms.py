"""Forms of a coordinator's steps: endings with a reason, letting somebody go, a dispute."""

from __future__ import annotations

from typing import Any

from django import forms

from pages.forms import Form
from reference.models import Reason
from reporting.models import Confirmation
from service_requests.models import Status

# name of the form: the list of reasons it offers, and in which states it is offered
KINDS = {
    "reject": "reject_request",
    "give_up": "not_filled",
    "withdraw": "cancel_by_requester",
    "cancel": "cancel_by_requester",
}
OFFERED = {
    Status.DRAFT: ("withdraw",),
    Status.SUBMITTED: ("reject", "withdraw"),
    Status.SEARCHING: ("give_up", "withdraw"),
    Status.CONFIRMED: ("cancel",),
}


class ReasonForm(Form):
    """Asks why."""

    reason = forms.ModelChoiceField(
        label="Grund", queryset=Reason.objects.none(), empty_label="Bitte auswählen"
    )

    def __init__(self, name: str, data: Any = None) -> None:
        super().__init__(data, prefix=name)
        self.name = name
        field = self.fields["reason"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Reason.objects.filter(kind=KINDS[name])


class ReleaseForm(Form):
    """Asks who has cancelled: it decides what the volunteer is told."""

    name = "let_go"
    who = forms.ChoiceField(
        label="Warum kommt die Person nicht?",
        choices=[
            ("volunteer", "Sie hat selbst abgesagt, zum Beispiel am Telefon."),
            ("pool", "Wir setzen sie nicht ein, zum Beispiel weil ein Nachweis fehlt."),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix=self.name)


class DisputeForm(Form):
    """Asks what really happened when the two sides said different things."""

    name = "dispute"
    outcome = forms.ChoiceField(
        label="Was ist herausgekommen?",
        choices=Confirmation.Outcome.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix=self.name)


def reason_forms(status: Status) -> list[ReasonForm]:
    """Return the empty forms for what may end a request in this state."""
    return [ReasonForm(name) for name in OFFERED.get(status, ())]


StepForm = ReasonForm | ReleaseForm | DisputeForm
"""A form of which the page draws what was typed when something is missing."""
