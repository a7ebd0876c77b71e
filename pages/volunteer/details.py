"""«Meine Angaben» and «Meine Nachweise» of the signed-in volunteer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from background.clock import now
from notifications.contacts import usable
from pages.access import Audience, SignedInRequest, audience
from pages.contact_words import readable
from pages.forms import Form
from pages.rendering import page
from pages.volunteer.details_forms import MODES, DetailsForm, ExtraPlaceForm
from pages.volunteer.times import my_profile
from pools.models import Pool
from reference.models import Municipality
from reference.places import Place
from volunteers import availability
from volunteers.approval import missing_records
from volunteers.models import Profile, Qualification, Volunteer

OUTSIDE = "Dieser Ort liegt außerhalb von Hessen. Ihr Umkreis zählt auch dort."


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def my_details(request: SignedInRequest) -> HttpResponse:
    """Show the details, or keep what was changed."""
    profile = my_profile(request)
    form = DetailsForm(request.POST if request.method == "POST" else None, profile=profile)
    if request.method == "POST" and form.is_valid() and keep_details(profile, form):
        messages.success(request, "Ihre Angaben sind gespeichert.")
        return redirect("my_details")
    return _show(request, profile, form=form)


def keep_details(profile: Profile, form: DetailsForm) -> bool:
    """Keep all of it or nothing."""
    cleaned = form.cleaned_data
    assert form.place is not None  # noqa: S101 - the form is valid
    try:
        with transaction.atomic():
            availability.set_languages(profile, form.languages)
            availability.set_gender(profile, cleaned["gender"])
            availability.set_reach(
                profile,
                form.place,
                cleaned["means"],
                cleaned["radius_km"],
                set(cleaned["modes"]),
                list(profile.extra_municipalities.all()),
            )
            availability.set_wishes(
                profile,
                list(cleaned["opted_out"]),
                profile.messages_per_week,
                profile.assignments_per_week,
                profile.urgent_beyond_budget,
            )
    except ValidationError as error:
        form.add_errors(error)
        return False
    return True


def _show(request: SignedInRequest, profile: Profile, **forms: Form) -> HttpResponse:
    return page(
        request,
        "volunteer/details.html",
        {
            "form": forms.get("form") or DetailsForm(profile=profile),
            "extra_form": forms.get("extra_form") or ExtraPlaceForm(),
            "extra": profile.extra_municipalities.order_by("name"),
            "contacts": [
                (contact.get_channel_display(), readable(contact))
                for contact in usable(request.user)
            ],
        },
    )


@audience(Audience.SIGNED_IN)
@require_POST
def add_place(request: SignedInRequest) -> HttpResponse:
    """Add a municipality the person comes to beyond her radius."""
    profile = my_profile(request)
    form = ExtraPlaceForm(request.POST)
    if form.is_valid():
        municipality = form.place.municipality if form.place else None
        if municipality is None:
            form.add_error("postcode", OUTSIDE)
        else:
            extra = {*profile.extra_municipalities.all(), municipality}
            try:
                _set_extra(profile, extra)
            except ValidationError as error:
                form.add_error("postcode", error.messages[0])
            else:
                messages.success(request, f"{municipality.name} steht jetzt in Ihrer Liste.")
                return redirect("my_details")
    return _show(request, profile, extra_form=form)


@audience(Audience.SIGNED_IN)
@require_POST
def remove_place(request: SignedInRequest, ags: str) -> HttpResponse:
    """Take a municipality off the list; pressing twice is pressing once."""
    profile = my_profile(request)
    _set_extra(profile, set(profile.extra_municipalities.exclude(ags=ags)))
    messages.success(request, "Der Ort ist aus Ihrer Liste entfernt.")
    return redirect("my_details")


def _set_extra(profile: Profile, extra: set[Municipality]) -> None:
    place = Place(profile.postcode, profile.municipality, None, profile.point)
    modes = {mode for mode, _ in MODES if getattr(profile, mode)}
    availability.set_reach(profile, place, profile.means, profile.radius_km, modes, list(extra))


@dataclass(frozen=True)
class Held:
    """A record in words, for reading only."""

    label: str
    language: str
    validity: str
    tone: str
    inspected: str


@audience(Audience.SIGNED_IN)
@require_safe
def my_records(request: SignedInRequest) -> HttpResponse:
    """Show the records each pool has seen, and what is missing for which role; read only."""
    volunteering = (
        Volunteer.objects.visible_to(request.scope)
        .filter(person=request.user)
        .select_related("pool")
        .order_by("pool")
    )
    return page(
        request,
        "volunteer/records.html",
        {"pools": [_of_pool(volunteer) for volunteer in volunteering]},
    )


def _of_pool(volunteer: Volunteer) -> dict[str, Any]:
    today = now().astimezone(volunteer.pool.zone).date()
    records = volunteer.qualifications.filter(revoked_at=None).select_related("type", "language")
    roles = [
        ("interpret", "Dolmetschen", volunteer.wants_interpreting),
        ("guide", "Begleiten", volunteer.wants_guiding),
    ]
    missing = [
        (word, missing_records(volunteer, role, today)) for role, word, wanted in roles if wanted
    ]
    return {
        "pool": volunteer.pool,
        "status": volunteer.get_status_display(),
        "is_approved": volunteer.status == Volunteer.Status.APPROVED,
        "held": [
            _held(record, volunteer.pool) for record in records.order_by("type__position", "valid")
        ],
        "missing": [(word, types) for word, types in missing if types],
    }


def _held(record: Qualification, pool: Pool) -> Held:
    today = now().astimezone(pool.zone).date()
    begins = record.valid.lower
    last = record.valid.upper - timedelta(days=1) if record.valid.upper else None
    if last is not None and last < today:
        validity, tone = f"abgelaufen, galt bis {last:%d.%m.%Y}", "danger"
    elif begins > today:
        validity, tone = f"gilt ab {begins:%d.%m.%Y}", "info"
    elif last is None:
        validity, tone = "gilt ohne Ende", "success"
    else:
        validity, tone = f"gilt bis {last:%d.%m.%Y}", "success"
    return Held(
        label=record.type.label_de,
        language=record.language.name_de if record.language else "",
        validity=validity,
        tone=tone,
        inspected=f"{record.inspected_on:%d.%m.%Y}",
    )
