"""What a coordinator does about a request; every step is a POST and a verb of a lower storey."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from matching import assignments, changes, proposals
from matching.models import Assignment, Proposal
from matching.replies import Kind
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.coordinator.request_forms import DisputeForm, ReasonForm, ReleaseForm
from pages.coordinator.requests import show
from reference.models import Reason
from reporting import records
from reporting.models import Record
from service_requests import posting
from service_requests.models import ServiceRequest
from volunteers.models import Volunteer

TOO_LATE = "Das geht nicht mehr. Jemand war schneller. Die Seite zeigt den neuen Stand."
ANSWERS = {
    Kind.ALREADY_YOURS: "Diese Person hat schon zugesagt.",
    Kind.TAKEN: "Gerade hat jemand anderes zugesagt.",
    Kind.OVERLAP: "Diese Person hat zu dieser Zeit schon einen Einsatz.",
    Kind.RECORD_MISSING: "Am Tag des Termins gilt ein Nachweis nicht. Prüfen Sie die Nachweise.",
    Kind.CLOSED: "Die Anfrage ist nicht mehr offen.",
    Kind.OVER: "Der Termin hat schon begonnen.",
}


def _request(request: SignedInRequest, public_id: UUID) -> ServiceRequest:
    return get_object_or_404(own.requests(request), public_id=public_id)


def _volunteer(request: SignedInRequest, service_request: ServiceRequest) -> Volunteer:
    """Return the volunteer whose button was pressed; of the same pool, or 404."""
    of_pool = own.volunteers(request).filter(pool=service_request.pool_id)
    try:
        return get_object_or_404(of_pool, public_id=UUID(request.POST.get("volunteer", "")))
    except ValueError:
        return get_object_or_404(of_pool.none())


def _do(
    request: SignedInRequest, service_request: ServiceRequest, step: Callable[[], str]
) -> HttpResponse:
    """Do one step, say how it went, and lead back to the request."""
    try:
        messages.success(request, step())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("coordinator_request", service_request.public_id)


def _end(
    request: SignedInRequest,
    public_id: UUID,
    name: str,
    verb: Callable[[ServiceRequest, Reason], bool],
    done: str,
) -> HttpResponse:
    """Do a step that needs a reason; without one the page asks for it."""
    service_request = _request(request, public_id)
    form = ReasonForm(name, request.POST)
    if not form.is_valid():
        return show(request, service_request, form)

    def step() -> str:
        if not verb(service_request, form.cleaned_data["reason"]):
            raise ValidationError(TOO_LATE)
        return done

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def ask(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask one person."""
    service_request = _request(request, public_id)
    volunteer = _volunteer(request, service_request)

    def step() -> str:
        proposals.ask(service_request, volunteer, by=request.user)
        return f"{volunteer.person} wird gefragt."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def ask_next(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Ask the next few at once."""
    service_request = _request(request, public_id)

    def step() -> str:
        number = proposals.ask_next(service_request, by=request.user)
        return "1 Person wird gefragt." if number == 1 else f"{number} Personen werden gefragt."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def assign(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down a yes said on the telephone."""
    service_request = _request(request, public_id)
    volunteer = _volunteer(request, service_request)

    def step() -> str:
        answer = assignments.assign_by_telephone(
            service_request, volunteer=volunteer, by=request.user
        )
        if answer.kind is not Kind.ACCEPTED:
            raise ValidationError(ANSWERS.get(answer.kind, TOO_LATE))
        return f"Zusage am Telefon notiert: {volunteer.person} kommt."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def retract(request: SignedInRequest, public_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Take back an offer that has not gone out yet."""
    service_request = _request(request, public_id)
    proposal = get_object_or_404(Proposal, service_request=service_request, public_id=proposal_id)

    def step() -> str:
        proposals.retract(proposal, by=request.user)
        return "Zurückgeholt. Die Nachricht geht nicht hinaus."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def release(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Let a request that was held back go to the search."""
    service_request = _request(request, public_id)

    def step() -> str:
        if posting.release(service_request, by=request.user) is False:
            raise ValidationError(TOO_LATE)
        return "Freigegeben. Wir suchen jetzt."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def reject(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Refuse a request that was held back, with a reason the institution reads."""
    by = request.user
    return _end(
        request,
        public_id,
        "reject",
        lambda one, reason: posting.reject(one, by=by, reason=reason) is not False,
        "Abgelehnt. Die Stelle erfährt den Grund.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def give_up(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Say honestly that nobody was found."""
    by = request.user
    return _end(
        request,
        public_id,
        "give_up",
        lambda one, reason: changes.give_up(one, by=by, reason=reason),
        "Die Suche ist beendet. Die Stelle erfährt, dass leider niemand kommt.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def withdraw(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """End a request before anybody said yes."""
    by = request.user
    return _end(
        request,
        public_id,
        "withdraw",
        lambda one, reason: changes.withdraw(one, by=by, reason=reason),
        "Zurückgezogen. Wer gefragt wurde, erfährt es.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def cancel(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Cancel an appointment that somebody holds."""
    by = request.user
    return _end(
        request,
        public_id,
        "cancel",
        lambda one, reason: changes.cancel_by_office(one, by=by, reason=reason),
        "Abgesagt. Die freiwillige Person erfährt es sofort.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def let_go(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Release the volunteer who holds the appointment, and search for somebody else."""
    service_request = _request(request, public_id)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return show(request, service_request, form)

    def step() -> str:
        held = Assignment.objects.active().filter(service_request=service_request)
        assignment = held.select_related("person", "pool", "service_request__pool").first()
        is_asked_for = form.cleaned_data["who"] == "volunteer"
        if assignment is None or not assignments.release(
            assignment, by=request.user, is_asked_for=is_asked_for
        ):
            raise ValidationError(TOO_LATE)
        return f"{assignment.person} kommt nicht und erfährt es. Wir suchen wieder."

    return _do(request, service_request, step)


@audience(Audience.COORDINATOR)
@require_POST
def decide_dispute(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Write down what happened when the two sides said different things."""
    service_request = _request(request, public_id)
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return show(request, service_request, form)

    def step() -> str:
        disputed = Record.objects.disputed().filter(assignment__service_request=service_request)
        record = disputed.select_related("assignment__service_request").first()
        outcome = form.cleaned_data["outcome"]
        if record is None or not records.decide(record, outcome=outcome, by=request.user):
            raise ValidationError(TOO_LATE)
        return "Ihre Entscheidung ist festgehalten."

    return _do(request, service_request, step)
