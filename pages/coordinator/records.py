"""Records of a volunteer: choose the type, fill in what belongs to it, take one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from background.clock import now
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.coordinator.held import warn_of_held_appointments
from pages.fields import DayField
from pages.forms import Form
from pages.rendering import page
from reference.models import Language, QualificationType
from volunteers import qualifications
from volunteers.approval import missing_records
from volunteers.models import Qualification, Volunteer
from volunteers.qualifications import POLICE


class RecordForm(Form):
    """Only the fields that belong to the type; a criminal-record certificate is never a file."""

    language = forms.ModelChoiceField(
        label="Sprache", queryset=Language.objects.none(), empty_label="Bitte auswählen"
    )
    certificate_on = DayField(label="Datum auf dem Zeugnis")
    has_no_relevant_entry = forms.BooleanField(
        label="Das Zeugnis enthält keinen einschlägigen Eintrag.",
        help_text="Steht etwas darin, speichern wir nichts. Sprechen Sie dann mit der Person.",
    )
    inspected_on = DayField(label="Eingesehen am")
    valid_from = DayField(label="Gilt ab")
    valid_until = DayField(
        label="Gilt bis", help_text="Letzter Tag. Leer lassen: ohne Ende.", required=False
    )
    issuer = forms.CharField(label="Ausgestellt von", max_length=120, required=False)
    units = forms.IntegerField(
        label="Unterrichtseinheiten (UE zu 45 Minuten)",
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, type_: QualificationType, volunteer: Volunteer, data: Any = None) -> None:
        today = localdate(now())
        super().__init__(
            data,
            initial={
                "inspected_on": f"{today:%d.%m.%Y}",
                "valid_from": f"{today:%d.%m.%Y}",
                "valid_until": _german(qualifications.proposed_until(type_, today)),
                "units": type_.units_default,
            },
        )
        if type_.is_per_language:
            field = self.fields["language"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
            spoken = volunteer.person.profile.languages.values("language")
            field.queryset = Language.objects.filter(pk__in=spoken)
        else:
            del self.fields["language"]
        if type_.code not in POLICE:
            del self.fields["certificate_on"], self.fields["has_no_relevant_entry"]
        if type_.storage == QualificationType.Storage.SEEN_NOT_STORED:
            del self.fields["issuer"], self.fields["units"]


def _german(day: Any) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


@audience(Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Choose a type, then record it."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    code = request.GET.get("type", "")[:40]
    if not code:
        return _choose(request, volunteer)
    type_ = get_object_or_404(QualificationType, code=code)
    form = RecordForm(type_, volunteer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            qualifications.record(
                volunteer, type=type_, inspected_by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, f"Eingetragen: {type_.label_de}.")
            return redirect("coordinator_volunteer", public_id)
    context = {"volunteer": volunteer, "type": type_, "form": form}
    return page(request, "coordinator/record.html", context)


def _choose(request: SignedInRequest, volunteer: Volunteer) -> HttpResponse:
    """List the types, those that are missing first."""
    today = localdate(now())
    roles = [
        role
        for role, wanted in (
            ("interpret", volunteer.wants_interpreting),
            ("guide", volunteer.wants_guiding),
        )
        if wanted
    ]
    missing = {
        type_.code: type_ for role in roles for type_ in missing_records(volunteer, role, today)
    }
    context = {
        "volunteer": volunteer,
        "missing": list(missing.values()),
        "others": QualificationType.objects.exclude(code__in=missing),
    }
    return page(request, "coordinator/record_types.html", context)


@audience(Audience.COORDINATOR)
@require_POST
def revoke(request: SignedInRequest, public_id: UUID, record: UUID) -> HttpResponse:
    """Let a record hold no longer."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    found = get_object_or_404(
        Qualification.objects.visible_to(request.scope),
        volunteer=volunteer,
        public_id=record,
    )
    qualifications.revoke(found, by=request.user)
    messages.success(
        request, f"Zurückgenommen: {found.type.label_de}. Der Nachweis zählt ab jetzt nicht mehr."
    )
    warn_of_held_appointments(request, volunteer)
    return redirect("coordinator_volunteer", public_id)
