"""Details, hours and absences of a volunteer who rings up: the forms of her own pages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from background.clock import now
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.rendering import page
from pages.volunteer.details import keep_details
from pages.volunteer.details_forms import DetailsForm
from pages.volunteer.times import keep_times, times_of
from pages.volunteer.times_forms import AbsenceForm, TimesForm
from volunteers import availability
from volunteers.models import Absence, Volunteer


@audience(Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show languages, place and reach, or keep what was changed."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    profile = volunteer.person.profile
    form = DetailsForm(request.POST if request.method == "POST" else None, profile=profile)
    if request.method == "POST" and form.is_valid() and keep_details(profile, form):
        messages.success(request, "Gespeichert.")
        return redirect("coordinator_volunteer", public_id)
    context = {"volunteer": volunteer, "form": form}
    return page(request, "coordinator/edit_details.html", context)


@audience(Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show hours and limits, or keep what was changed."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    profile = volunteer.person.profile
    form = TimesForm(request.POST if request.method == "POST" else None, initial=times_of(profile))
    if request.method == "POST" and form.is_valid() and keep_times(profile, form):
        messages.success(request, "Gespeichert.")
        return redirect("coordinator_volunteer", public_id)
    return _show_times(request, volunteer, form=form)


def _show_times(
    request: SignedInRequest,
    volunteer: Volunteer,
    *,
    form: TimesForm | None = None,
    absence_form: AbsenceForm | None = None,
) -> HttpResponse:
    profile = volunteer.person.profile
    absences = profile.absences.filter(days__endswith__gt=localdate(now())).order_by("days")
    context = {
        "volunteer": volunteer,
        "form": form or TimesForm(initial=times_of(profile)),
        "absence_form": absence_form or AbsenceForm(pool=volunteer.pool),
        "absences": [
            (absence, absence.days.lower, absence.days.upper - timedelta(days=1))
            for absence in absences
        ],
    }
    return page(request, "coordinator/edit_times.html", context)


@audience(Audience.COORDINATOR)
@require_POST
def add_absence(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Note days away."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    form = AbsenceForm(request.POST, pool=volunteer.pool)
    if form.is_valid():
        days = form.cleaned_data
        try:
            availability.add_absence(volunteer.person.profile, days["first"], days["last"])
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, "Die Abwesenheit ist eingetragen.")
            return redirect("coordinator_edit_times", public_id)
    return _show_times(request, volunteer, absence_form=form)


@audience(Audience.COORDINATOR)
@require_POST
def remove_absence(request: SignedInRequest, public_id: UUID, absence: UUID) -> HttpResponse:
    """Forget days away; pressing twice is pressing once."""
    volunteer = get_object_or_404(own.volunteers(request), public_id=public_id)
    for found in Absence.objects.filter(profile=volunteer.person_id, public_id=absence):
        availability.remove_absence(found)
    messages.success(request, "Die Abwesenheit ist entfernt.")
    return redirect("coordinator_edit_times", public_id)
