"""What a coordinator does about a volunteer; every step is a POST and a verb of a lower storey."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from notifications import contacts
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.coordinator.held import warn_of_held_appointments
from pages.coordinator.volunteer_forms import NotesForm
from pages.coordinator.volunteers import ROLES, show
from pages.volunteer.times_forms import PauseForm
from volunteers import approval, availability
from volunteers.models import Volunteer
from volunteers.notes import write_notes


def _volunteer(request: SignedInRequest, public_id: UUID) -> Volunteer:
    return get_object_or_404(own.volunteers(request), public_id=public_id)


def _do(
    request: SignedInRequest, volunteer: Volunteer, step: Callable[[], bool | None], done: str
) -> HttpResponse:
    """Do one step, say how it went, and lead back to the volunteer."""
    try:
        if step() is False:
            messages.info(request, "Das war schon so. Die Seite zeigt den Stand.")
        else:
            messages.success(request, done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("coordinator_volunteer", volunteer.public_id)


def _role(role: str) -> str:
    if role not in dict(ROLES):
        raise Http404("no such role")
    return role


@audience(Audience.COORDINATOR)
@require_POST
def approve(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Take the volunteer on."""
    volunteer, by = _volunteer(request, public_id), request.user
    return _do(
        request,
        volunteer,
        lambda: approval.approve(volunteer, by=by),
        f"{volunteer.person} ist aufgenommen. Tragen Sie jetzt die Nachweise ein.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def refuse(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Decline the volunteer."""
    volunteer, by = _volunteer(request, public_id), request.user
    response = _do(
        request, volunteer, lambda: approval.refuse(volunteer, by=by), "Nicht aufgenommen."
    )
    warn_of_held_appointments(request, volunteer)
    return response


@audience(Audience.COORDINATOR)
@require_POST
def leave(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Note that the volunteer stopped."""
    volunteer, by = _volunteer(request, public_id), request.user
    response = _do(
        request, volunteer, lambda: approval.leave(volunteer, by=by), "Als ausgeschieden notiert."
    )
    warn_of_held_appointments(request, volunteer)
    return response


@audience(Audience.COORDINATOR)
@require_POST
def unlock(request: SignedInRequest, public_id: UUID, role: str) -> HttpResponse:
    """Open a role; what is missing is said."""
    volunteer, by, role = _volunteer(request, public_id), request.user, _role(role)
    return _do(
        request,
        volunteer,
        lambda: approval.unlock(volunteer, role=role, by=by),
        f"{dict(ROLES)[role]} ist freigeschaltet. Ab jetzt fragen wir {volunteer.person}.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def lock(request: SignedInRequest, public_id: UUID, role: str) -> HttpResponse:
    """Close a role."""
    volunteer, by, role = _volunteer(request, public_id), request.user, _role(role)
    response = _do(
        request,
        volunteer,
        lambda: approval.lock(volunteer, role=role, by=by),
        f"{dict(ROLES)[role]} ist gesperrt. Neue Anfragen kommen nicht mehr.",
    )
    warn_of_held_appointments(request, volunteer)
    return response


@audience(Audience.COORDINATOR)
@require_POST
def verify_contact(request: SignedInRequest, public_id: UUID, contact: UUID) -> HttpResponse:
    """Note that the person uses this number or address."""
    volunteer, by = _volunteer(request, public_id), request.user
    found = get_object_or_404(volunteer.person.contacts, public_id=contact)
    return _do(
        request,
        volunteer,
        lambda: contacts.verify(found, by=by),
        "Als geprüft notiert.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def pause(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask the person nothing until a day, or until further notice."""
    volunteer = _volunteer(request, public_id)
    form = PauseForm(request.POST, pool=volunteer.pool)
    if not form.is_valid():
        return show(request, volunteer, {"pause_form": form})
    until = form.cleaned_data["again_on"]
    return _do(
        request,
        volunteer,
        lambda: availability.pause(volunteer.person.profile, until),
        f"Pause. Ab {until:%d.%m.%Y} fragen wir wieder." if until else "Pause bis auf Weiteres.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def resume(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """End the pause."""
    volunteer = _volunteer(request, public_id)
    return _do(
        request,
        volunteer,
        lambda: availability.resume(volunteer.person.profile),
        "Die Pause ist beendet.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def notes(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Keep the notes."""
    volunteer = _volunteer(request, public_id)
    form = NotesForm(request.POST, prefix="notes")
    if not form.is_valid():
        return show(request, volunteer, {"notes_form": form})
    return _do(
        request,
        volunteer,
        lambda: write_notes(volunteer, form.cleaned_data["notes"]),
        "Notizen gespeichert.",
    )
