"""Taking back an accidental yes within its minutes: everything stands as before it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from background.clock import now
from background.waking import wake
from matching import locks, telling
from matching.models import BY_TELEPHONE, Assignment, Proposal
from notifications import outbox
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status


def may_undo(assignment: Assignment) -> bool:
    """Return whether the yes can be taken back: one said on the telephone was no slip."""
    return (
        assignment.cancelled_at is None
        and assignment.undo_until > now()
        and assignment.accepted_via != BY_TELEPHONE
    )


@transaction.atomic
def undo(assignment: Assignment) -> bool:
    """Take back an accidental yes within its minutes: as if it had not been pressed."""
    locks.hold_request(assignment.service_request_id)
    service_request = assignment.service_request
    still_her_own = Assignment.objects.active().filter(pk=assignment.pk, undo_until__gt=now())
    changed = still_her_own.exclude(accepted_via=BY_TELEPHONE).update(
        cancelled_at=now(), cancelled_by="undo"
    )
    if not changed:
        return False
    lifecycle.move(
        service_request, Status.SEARCHING, kind="undone", by=None, expected=Status.CONFIRMED
    )
    outbox.supersede(telling.about_assignment(assignment))
    _reopen_offers(assignment)
    # At short notice the office was told of the yes at once: it must not wait for nobody.
    if outbox.was_handed_over(
        telling.about_request(service_request), templates=("requester_filled",)
    ):
        telling.requester(
            service_request, "requester_searching_again", step=f"again-{assignment.public_id}"
        )
    ServiceRequest.objects.filter(pk=service_request.pk).update(look_again_at=now())
    wake("matching.search.advance", service_request.pk)
    return True


def _reopen_offers(assignment: Assignment) -> None:
    """Let offers stand as before the yes; who was told «filled», or is a reserve, is asked anew.

    The latter takes a new round, since nobody is asked twice in one; what is open comes along.
    """
    request = ServiceRequest.objects.filter(pk=assignment.service_request_id)
    this_round = request.values_list("search_round", flat=True).get()
    asked = Proposal.objects.filter(
        service_request_id=assignment.service_request_id, search_round=this_round
    )
    filled = asked.filter(state=Proposal.State.FILLED)
    for proposal in filled.select_related("service_request__pool", "person", "volunteer_pool"):
        about = telling.about_proposal(proposal)
        if outbox.was_handed_over(about, templates=("filled",)):
            continue
        Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.ASKED, answered_at=None)
        if not outbox.was_handed_over(about, templates=telling.OFFERS):
            telling.offer(proposal, again=str(assignment.public_id))
    Proposal.objects.filter(assignments=assignment).update(
        state=Proposal.State.ASKED, answered_at=None
    )
    told = Q(state__in=(Proposal.State.FILLED, Proposal.State.STAND_BY))
    if asked.filter(told).exists():
        asked.exclude(told).update(search_round=this_round + 1)
        request.update(search_round=this_round + 1)
