"""«Meine Zeiten»: hours, limits, quiet hours, pause and days away of the signed-in volunteer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from background.clock import now
from notifications import contacts
from notifications.models import Contact
from pages.access import Audience, SignedInRequest, audience
from pages.forms import Form
from pages.rendering import page
from pages.volunteer.times_forms import AbsenceForm, PauseForm, TimesForm
from pools.models import Pool
from volunteers import availability
from volunteers.models import Absence, Profile, Volunteer


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def my_times(request: SignedInRequest) -> HttpResponse:
    """Show the times, or keep what was changed."""
    profile = my_profile(request)
    form = TimesForm(request.POST if request.method == "POST" else None, initial=times_of(profile))
    if request.method == "POST" and form.is_valid() and keep_times(profile, form):
        messages.success(request, "Ihre Zeiten sind gespeichert.")
        return redirect("my_times")
    return _show(request, profile, form=form)


def my_profile(request: SignedInRequest) -> Profile:
    """Return the person's own profile, or 404 for somebody who is no volunteer."""
    return get_object_or_404(
        Profile.objects.visible_to(request.scope).select_related("postcode", "municipality"),
        person=request.user,
    )


def my_pool(profile: Profile) -> Pool:
    """Return the pool on whose clock the person's days are meant: the first one she joined."""
    first = (
        Volunteer.objects.filter(person=profile.person_id)
        .select_related("pool")
        .order_by("registered_at", "pk")
        .first()
    )
    if first is None:
        raise Http404
    return first.pool


def times_of(profile: Profile) -> dict[str, Any]:
    """Return what stands in a TimesForm before anything is changed."""
    contact = Contact.objects.filter(person=profile.person_id).first()
    return {
        "week": profile.week,
        "messages_per_week": profile.messages_per_week,
        "assignments_per_week": profile.assignments_per_week,
        "urgent_beyond_budget": profile.urgent_beyond_budget,
        "quiet_from": contact.quiet_from if contact else "20:00",
        "quiet_until": contact.quiet_until if contact else "08:00",
    }


def keep_times(profile: Profile, form: TimesForm) -> bool:
    """Keep all of it or nothing; False leaves the errors at the form."""
    cleaned = form.cleaned_data
    try:
        with transaction.atomic():
            availability.set_week(profile, cleaned["week"])
            availability.set_wishes(
                profile,
                list(profile.opted_out_settings.all()),
                cleaned["messages_per_week"],
                cleaned["assignments_per_week"],
                cleaned["urgent_beyond_budget"],
            )
            contacts.set_quiet_hours(
                profile.person, begins=cleaned["quiet_from"], ends=cleaned["quiet_until"]
            )
    except ValidationError as error:
        form.add_errors(error)
        return False
    return True


def _show(request: SignedInRequest, profile: Profile, **forms: Form) -> HttpResponse:
    """Draw the page; the form that was sent keeps what was typed in it."""
    pool = my_pool(profile)
    today = now().astimezone(pool.zone).date()
    is_resting = profile.paused_until is not None and profile.paused_until > today
    context: dict[str, Any] = {
        "form": forms.get("form") or TimesForm(initial=times_of(profile)),
        "pause_form": forms.get("pause_form") or PauseForm(pool=pool),
        "absence_form": forms.get("absence_form") or AbsenceForm(pool=pool),
        "is_paused": profile.is_paused or is_resting,
        "paused_until": None if profile.is_paused else profile.paused_until,
        "absences": [
            (absence, absence.days.lower, absence.days.upper - timedelta(days=1))
            for absence in profile.absences.filter(days__endswith__gt=today).order_by("days")
        ],
        "has_no_hours": "1" not in profile.week,
    }
    return page(request, "volunteer/times.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def pause(request: SignedInRequest) -> HttpResponse:
    """Begin a pause."""
    profile = my_profile(request)
    form = PauseForm(request.POST, pool=my_pool(profile))
    if not form.is_valid():
        return _show(request, profile, pause_form=form)
    availability.pause(profile, form.cleaned_data["again_on"])
    messages.success(request, "Sie machen Pause. Wir fragen Sie so lange nicht.")
    return redirect("my_times")


@audience(Audience.SIGNED_IN)
@require_POST
def resume(request: SignedInRequest) -> HttpResponse:
    """End the pause."""
    availability.resume(my_profile(request))
    messages.success(request, "Die Pause ist zu Ende. Schön, dass Sie wieder da sind.")
    return redirect("my_times")


@audience(Audience.SIGNED_IN)
@require_POST
def add_absence(request: SignedInRequest) -> HttpResponse:
    """Note days away."""
    profile = my_profile(request)
    form = AbsenceForm(request.POST, pool=my_pool(profile))
    if form.is_valid():
        try:
            availability.add_absence(profile, form.cleaned_data["first"], form.cleaned_data["last"])
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, "Ihre Abwesenheit ist eingetragen.")
            return redirect("my_times")
    return _show(request, profile, absence_form=form)


@audience(Audience.SIGNED_IN)
@require_POST
def remove_absence(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Forget days away; pressing twice is pressing once."""
    mine = Absence.objects.visible_to(request.scope).filter(profile=my_profile(request))
    for found in mine.filter(public_id=public_id):
        availability.remove_absence(found)
    messages.success(request, "Die Abwesenheit ist entfernt.")
    return redirect("my_times")
