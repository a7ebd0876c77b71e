"""The list of requests, and one request with its facts, its story and who could come (K2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from background.clock import now
from matching import endangered, explain
from matching.models import Assignment
from notifications.contacts import reachable
from notifications.models import Contact
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own, words
from pages.coordinator.own import named
from pages.coordinator.request_forms import (
    DisputeForm,
    ReleaseForm,
    StepForm,
    reason_forms,
)
from pages.rendering import page
from reporting.models import Confirmation
from service_requests.models import ServiceRequest, Status
from volunteers.models import Mode, Profile, Volunteer

PER_PAGE = 50
FOUND_AT_MOST = 10
LOOKING = (Status.SUBMITTED, Status.SEARCHING)


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List all requests of the pools, by state, the latest appointment first."""
    status = request.GET.get("status", "")
    found = own.requests(request).order_by("-period")
    if status in Status.values:
        found = found.filter(status=status)
    context = {
        "requests": Paginator(found, PER_PAGE).get_page(request.GET.get("seite")),
        "statuses": Status.choices,
        "status": status,
    }
    return page(request, "coordinator/requests.html", context)


@audience(Audience.COORDINATOR)
@require_safe
def detail(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show one request."""
    return show(request, get_object_or_404(own.requests(request), public_id=public_id))


def show(
    request: SignedInRequest,
    service_request: ServiceRequest,
    sent: StepForm | None = None,
) -> HttpResponse:
    """Draw the page of a request; `sent` is the form in which something is missing."""
    instant = now()
    status = Status(service_request.status)
    is_looking = status in LOOKING and service_request.period.lower > instant
    may_ask = is_looking and status == Status.SEARCHING
    search = request.GET.get("name", "").strip()[:80]
    events = list(service_request.events.select_related("by", "reason"))
    context: dict[str, Any] = {
        "r": service_request,
        "modes": [Mode(mode).label for mode in service_request.modes],
        "wish": _wish(service_request),
        "bridges": service_request.bridge_languages.all(),
        "alternatives": service_request.alternatives.order_by("period"),
        "posted_by": service_request.posted_by,
        "events": [(event, words.of_event(event)) for event in events],
        "checks": words.of_checks(events),
        "risk": explain.risk_of(service_request, instant) if may_ask else None,
        "asked": explain.asked(service_request),
        "suggestions": explain.suggestions(service_request, instant) if is_looking else [],
        "is_looking": is_looking,
        "may_ask": may_ask,
        "search": search,
        "found": _named(request, service_request, search) if is_looking and search else [],
        "why": explain.why_so_few(service_request, instant) if is_looking else None,
        **_appointment(service_request),
        **_forms(status, sent),
        "form": sent,
    }
    return page(request, "coordinator/request.html", context)


def _forms(status: Status, sent: StepForm | None) -> dict[str, forms.Form]:
    """Return the forms for what may happen next; the one that was sent keeps what was typed."""
    drawn: dict[str, forms.Form] = {form.name: form for form in reason_forms(status)}
    drawn |= {form.name: form() for form in (ReleaseForm, DisputeForm)}
    if sent is not None:
        drawn[sent.name] = sent
    return {f"{name}_form": form for name, form in drawn.items()}


def _wish(service_request: ServiceRequest) -> str:
    if not service_request.gender_wish:
        return ""
    label = Profile.Gender(service_request.gender_wish).label
    return f"{label} ({'muss sein' if service_request.gender_must else 'Wunsch'})"


def _appointment(service_request: ServiceRequest) -> dict[str, Any]:
    """Return who comes, how to reach her, and what both sides said afterwards."""
    assignment = (
        Assignment.objects.filter(service_request=service_request, cancelled_at__isnull=True)
        .select_related("volunteer", "person", "language", "record")
        .first()
    )
    if assignment is None:
        return {"assignment": None}
    return {
        "assignment": assignment,
        "assignment_mode": Mode(assignment.mode).label,
        "may_let_go": assignment.period.lower > now(),
        "lacks": [
            words
            for one in endangered.find([service_request.pool_id], service_request=service_request)
            for words in one.lacks
        ],
        "contacts": reachable(Contact.objects.filter(person=assignment.person)),
        "confirmations": [
            (Confirmation.Side(said.side).label, said)
            for said in Confirmation.objects.filter(assignment=assignment).order_by("said_at")
        ],
    }


def _named(
    request: SignedInRequest, service_request: ServiceRequest, search: str
) -> list[tuple[Volunteer, tuple[str, ...]]]:
    """Return volunteers of the request's pool by name, each with what speaks against asking her."""
    found = own.volunteers(request).approved().filter(pool=service_request.pool_id)
    shown = list(named(found, search).order_by("person")[:FOUND_AT_MOST])
    against = explain.why_not(service_request, now(), shown)
    return [(volunteer, against[volunteer.pk]) for volunteer in shown]
