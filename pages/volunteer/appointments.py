"""A signed-in volunteer's offers and appointments."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from background.clock import now
from matching import standing
from matching.models import Assignment, Proposal
from matching.querysets import AssignmentQuerySet
from pages.access import Audience, SignedInRequest, audience
from pages.confirmations import Side, confirmation_page
from pages.rendering import page
from pages.volunteer.answering import SEE_OTHER, cancel
from pages.volunteer.facts import Facts, facts_of
from pages.volunteer.offer import ROWS, of_her_appointment
from reporting.models import Confirmation

MOST_EARLIER = 50
ASSIGNMENT_ROWS = (
    "person",
    "language",
    "pool",
    "proposal",
    "service_request__pool",
    "service_request__language",
    "service_request__setting",
    "service_request__topic",
    "service_request__postcode",
    "service_request__municipality",
    "service_request__organisation",
)
CANCELLED_BY = {
    "volunteer": "von Ihnen abgesagt",
    "office": "von der Stelle abgesagt",
    "pool": "von der Koordination abgesagt",
    "change": "verlegt, ohne Sie",
    "silence": "verlegt, ohne Sie",
}


@dataclass(frozen=True)
class Line:
    """One row of a list: the facts, where it leads, and a word about its state."""

    facts: Facts
    url: str
    note: str = ""
    tone: str = "info"


@audience(Audience.SIGNED_IN)
@require_safe
def my_appointments(request: SignedInRequest) -> HttpResponse:
    """List open offers, what is to come, and what was."""
    held = _mine(request)
    coming = held.active().filter(period__endswith__gt=now()).order_by("period")
    earlier = held.exclude(pk__in=coming.values("pk")).exclude(cancelled_by="undo")
    open_offers = (
        Proposal.objects.visible_to(request.scope)
        .filter(
            person=request.user,
            state=Proposal.State.ASKED,
            service_request__status="searching",
            service_request__period__startswith__gt=now(),
        )
        .select_related(*ROWS)
        .order_by("service_request__period")
    )
    return page(
        request,
        "volunteer/appointments.html",
        {
            "offers": [
                Line(facts_of(offer), reverse("my_offer", args=[offer.public_id]))
                for offer in open_offers
                if standing.of_offer(offer).kind is standing.Kind.OPEN
            ],
            "coming": [_line(assignment) for assignment in coming],
            "earlier": [
                _line(assignment) for assignment in earlier.order_by("-period")[:MOST_EARLIER]
            ],
        },
    )


def _mine(request: SignedInRequest) -> AssignmentQuerySet:
    return (
        Assignment.objects.visible_to(request.scope)
        .filter(person=request.user)
        .select_related(*ASSIGNMENT_ROWS)
    )


def _line(assignment: Assignment) -> Line:
    note, tone = _note(assignment)
    return Line(
        facts_of(assignment),
        reverse("my_appointment", args=[assignment.public_id]),
        note,
        tone,
    )


def _note(assignment: Assignment) -> tuple[str, str]:
    if assignment.cancelled_at:
        return CANCELLED_BY.get(assignment.cancelled_by, "abgesagt"), "warning"
    if assignment.period.lower > now():
        return "zugesagt", "success"
    if assignment.period.upper > now():
        return "läuft gerade", "info"
    has_said = assignment.confirmations.filter(side=Side.VOLUNTEER).exists()
    return ("bestätigt", "success") if has_said else ("bitte bestätigen", "warning")


@audience(Audience.SIGNED_IN)
@require_safe
def my_appointment(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show one appointment with its address; how to cancel and how to confirm it."""
    assignment = get_object_or_404(_mine(request), public_id=public_id)
    note, tone = _note(assignment)
    is_active = assignment.cancelled_at is None
    said = Confirmation.objects.filter(assignment=assignment, side=Side.VOLUNTEER).exists()
    context = of_her_appointment(request, assignment) | {
        "facts": facts_of(assignment),
        "mode": assignment.mode,
        "note": note,
        "tone": tone,
        "is_active": is_active,
        "is_over": assignment.period.upper <= now(),
        "may_confirm": is_active and assignment.period.lower <= now() and not said,
        "cancel_url": reverse("cancel_my_appointment", args=[assignment.public_id]),
        "help_pool": assignment.volunteer_pool,
    }
    if not is_active:
        context["address"] = None
    return page(request, "volunteer/appointment.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def cancel_my_appointment(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Give an appointment back; cancelling it twice is cancelling it once."""
    assignment = get_object_or_404(_mine(request), public_id=public_id)
    cancel(request, assignment)
    response = redirect("my_appointment", assignment.public_id)
    response.status_code = SEE_OTHER
    return response


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_my_appointment(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask the volunteer whether the appointment took place."""
    assignment = get_object_or_404(_mine(request), public_id=public_id)
    return confirmation_page(request, assignment, side=Side.VOLUNTEER, person=request.user)
