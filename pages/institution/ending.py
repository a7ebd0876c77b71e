"""Taking a request back, cancelling an appointment, confirming that it took place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from matching import changes
from matching.models import Assignment
from pages.access import Audience, SignedInRequest, audience
from pages.confirmations import Side, confirmation_page
from pages.institution.following import visible
from reference.models import Reason
from service_requests.models import ServiceRequest

SEE_OTHER = 303
FASTER = "Die Anfrage hat sich inzwischen geändert. So steht es jetzt:"


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_POST
def withdraw(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """End a search before anybody said yes."""
    service_request = get_object_or_404(visible(request), public_id=public_id)
    if changes.withdraw(service_request, by=request.user, reason=_reason(request)):
        messages.success(request, "Ihre Anfrage ist zurückgezogen.")
    else:
        messages.warning(request, FASTER)
    return _back(service_request)


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_POST
def cancel(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Cancel a filled appointment; who said yes is told at once."""
    service_request = get_object_or_404(visible(request), public_id=public_id)
    if changes.cancel_by_office(service_request, by=request.user, reason=_reason(request)):
        messages.success(request, "Der Termin ist abgesagt. Wir sagen der Person Bescheid.")
    else:
        messages.warning(request, FASTER)
    return _back(service_request)


def _reason(request: SignedInRequest) -> Reason | None:
    code = request.POST.get("reason", "")
    return Reason.objects.filter(kind="cancel_by_requester", code=code).first()


def _back(service_request: ServiceRequest) -> HttpResponse:
    response = redirect("institution_request", service_request.public_id)
    response.status_code = SEE_OTHER
    return response


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask the institution whether the appointment took place."""
    service_request = get_object_or_404(visible(request), public_id=public_id)
    assignment = (
        Assignment.objects.visible_to(request.scope)
        .active()
        .filter(service_request=service_request)
        .select_related("pool", "service_request__pool", "language", "person", "proposal")
        .first()
    )
    if assignment is None:
        raise Http404
    return confirmation_page(request, assignment, side=Side.REQUESTER, person=request.user)
