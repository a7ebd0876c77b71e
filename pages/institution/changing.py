"""«Zeit oder Ort ändern»: what was typed when the request was posted, ready to be corrected."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from matching import moving
from pages.access import Audience, SignedInRequest, audience
from pages.fields import DayField, TimeOfDayField
from pages.institution import asked_again
from pages.institution.following import visible
from pages.institution.request_form import DURATIONS, RequestForm
from pages.institution.whose import is_coordinator_of
from pages.rendering import page
from pages.when import minutes
from service_requests.changing import Change
from service_requests.models import ServiceRequest, Status
from service_requests.slots import Slot

SEE_OTHER = 303
MOVED = "Die Änderung ist gespeichert."
HAVE_TO_ANSWER = (
    "Die Änderung ist gespeichert. Die zugesagte Person bekommt eine Nachricht und sagt, ob es"
    " ihr noch passt."
)
ASKED_ANEW = "Die Änderung ist gespeichert. Wir suchen für die neue Zeit."
NOTHING = "Es war alles schon so."


class ChangeForm(asked_again.FormOfInstitution):
    """When and where, and whom to ask for there."""

    day = DayField(label="Tag")
    time = TimeOfDayField(label="Beginn")
    minutes = forms.TypedChoiceField(label="Dauer", coerce=int)
    address = RequestForm.base_fields["address"]
    contact_name = RequestForm.base_fields["contact_name"]
    contact_phone = RequestForm.base_fields["contact_phone"]

    field_order = ("day", "time", "fold", "minutes", "postcode", "municipality", "address")
    unmarked = frozenset({"address"})
    shown_at = MappingProxyType({"period": "day"})

    def __init__(self, *args: Any, service_request: ServiceRequest, **kwargs: Any) -> None:
        zone, period = service_request.pool.zone, service_request.period
        length = minutes(period)
        kwargs["initial"] = {
            "day": period.lower.astimezone(zone).date(),
            "time": period.lower.astimezone(zone).time(),
            "minutes": length,
            "postcode": service_request.postcode_id,
            "municipality": service_request.municipality_id,
            "address": service_request.address,
            "contact_name": service_request.contact_name,
            "contact_phone": service_request.contact_phone,
        }
        super().__init__(*args, **kwargs)
        self.organisation = service_request.organisation
        self.period: Slot | None = None
        length_field = self.fields["minutes"]
        assert isinstance(length_field, forms.TypedChoiceField)  # noqa: S101 - declared above
        length_field.choices = [(each, f"{each} Minuten") for each in sorted({*DURATIONS, length})]
        asked_again.add_fields(self)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Settle place and time, or leave at its field what is missing."""
        cleaned = super().clean()
        self.period = asked_again.slot(self, "", "fold")
        self.order_fields(self.field_order)
        return cleaned

    def wanted(self) -> Change:
        """Return the change; the form is valid."""
        assert self.period is not None  # noqa: S101 - the form is valid
        assert self.place is not None  # noqa: S101
        texts = {
            name: self.cleaned_data[name] for name in ("address", "contact_name", "contact_phone")
        }
        return Change(period=self.period, place=self.place, **texts)


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show the form, or change the request and say what follows."""
    service_request = get_object_or_404(visible(request), public_id=public_id)
    sent = request.POST if request.method == "POST" else None
    form = ChangeForm(sent, service_request=service_request)
    if sent is not None and form.is_valid() and _move(request, service_request, form):
        response = redirect("institution_request", service_request.public_id)
        response.status_code = SEE_OTHER
        return response
    context = {"form": form, "r": service_request, "help_pool": service_request.pool}
    return page(request, "institution/change_request.html", context)


def _move(request: SignedInRequest, service_request: ServiceRequest, form: ChangeForm) -> bool:
    """Do it, or leave at the fields what the pool refuses."""
    was_held = service_request.status == Status.CONFIRMED
    try:
        what = moving.move(
            service_request,
            form.wanted(),
            by=request.user,
            by_coordinator=is_coordinator_of(request, service_request.organisation),
        )
    except ValidationError as error:
        _add_refusals(form, error)
        return False
    messages.success(request, _said(service_request, what, was_held=was_held))
    return True


def _said(service_request: ServiceRequest, what: frozenset[str], *, was_held: bool) -> str:
    if not what:
        return NOTHING
    service_request.refresh_from_db(fields=["status"])
    if not what & moving.DECIDING or service_request.status == Status.SUBMITTED:
        return MOVED
    is_held = was_held and service_request.status == Status.CONFIRMED
    return HAVE_TO_ANSWER if is_held else ASKED_ANEW


def _add_refusals(form: ChangeForm, error: ValidationError) -> None:
    refused = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for name, texts in refused.items():
        field = form.shown_at.get(name, name)
        for text in texts:
            form.add_error(field if field in form.fields else None, text)
