"""What may happen to an appointment that somebody holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from matching import candidates, filters, locks, proposals, replies, telling
from matching.models import BY_TELEPHONE, Assignment, Proposal
from matching.ranking import rank
from matching.reading import need_of
from notifications import outbox
from pools.models import User
from reference.models import Reason
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status
from service_requests.slots import inform_at
from volunteers.models import Volunteer


@transaction.atomic
def cancel_by_volunteer(assignment: Assignment, *, reason: Reason | None = None) -> bool:
    """Let the volunteer out and search again at once; the requester is told in the same commit."""
    locks.hold_request(assignment.service_request_id)
    return end_and_search_again(
        assignment,
        ended_by="volunteer",
        by=assignment.person,
        tell=telling.cancellation_noted,
        reason=reason,
    )


@transaction.atomic
def release(assignment: Assignment, *, by: User, is_asked_for: bool) -> bool:
    """Let a volunteer out as the coordinator decides, and search again; both sides are told.

    `is_asked_for`: the volunteer herself cancelled, on the telephone for instance.
    """
    locks.hold_request(assignment.service_request_id)
    return end_and_search_again(
        assignment,
        ended_by="volunteer" if is_asked_for else "pool",
        by=by,
        tell=telling.cancellation_noted if is_asked_for else telling.cancelled_by_office,
    )


def end_and_search_again(
    assignment: Assignment,
    *,
    ended_by: str,
    by: User | None,
    tell: Callable[[Assignment], None],
    reason: Reason | None = None,
) -> bool:
    """End an appointment before its time, open the next round, tell both sides.

    The caller holds the request. False, and nothing told, when it had ended or begun. `tell` speaks
    of the appointment as `assignment` has it, the search of the request as it stands by now.
    """
    if not _cancel(assignment, by=ended_by, reason=reason):
        return False
    service_request = ServiceRequest.objects.select_related(*telling.READ_WITH).get(
        pk=assignment.service_request_id
    )
    moved = lifecycle.move(
        service_request,
        Status.SEARCHING,
        kind="reopened",
        by=by,
        reason=reason,
        detail={
            "by": ended_by,
            "late": service_request.period.lower - now() < timedelta(hours=24),
            "round": service_request.search_round + 1,
        },
        expected=Status.CONFIRMED,
    )
    if moved:
        outbox.supersede(telling.about_assignment(assignment))
        tell(assignment)
        search_again(service_request)
        telling.requester(
            service_request, "requester_searching_again", step=f"again-{assignment.public_id}"
        )
    return moved


def search_again(service_request: ServiceRequest) -> None:
    """Open the next round now; people on stand-by are asked first."""
    Proposal.objects.filter(service_request=service_request, state=Proposal.State.ASKED).update(
        state=Proposal.State.CLOSED
    )
    instant = now()
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        search_round=F("search_round") + 1,
        look_again_at=instant,
        inform_at=inform_at(service_request.period.lower, instant),
        informed_at=None,
    )
    failpoint("search.reopened")
    wake("matching.search.advance", service_request.pk)


def _cancel(assignment: Assignment, *, by: str, reason: Reason | None) -> bool:
    changed = Assignment.objects.filter(
        pk=assignment.pk, cancelled_at__isnull=True, period__startswith__gt=now()
    ).update(cancelled_at=now(), cancelled_by=by, cancel_reason=reason)
    failpoint("assignment.cancelled")
    return bool(changed)


def cancel_for_office(assignment: Assignment, *, reason: Reason | None) -> bool:
    """Release the volunteer because the office cancelled, and say so."""
    if not _cancel(assignment, by="office", reason=reason):
        return False
    outbox.supersede(telling.about_assignment(assignment))
    telling.cancelled_by_office(assignment)
    return True


@transaction.atomic
def assign_by_telephone(
    service_request: ServiceRequest, *, volunteer: Volunteer, by: User
) -> replies.Answer:
    """Write down a yes said on the telephone; every constraint counts as for a pressed one."""
    locks.hold_request(service_request.pk)
    service_request.refresh_from_db(fields=["search_round"])
    asked = Proposal.objects.filter(
        service_request=service_request,
        person_id=volunteer.person_id,
        search_round=service_request.search_round,
    ).first()
    proposal = asked or _note_call(service_request, volunteer, by=by)
    answer = replies.accept(proposal, via=BY_TELEPHONE, by=by)
    if asked is None and answer.kind is not replies.Kind.ACCEPTED:
        # Left open, it would be taken for an offer that lost its message, and be sent.
        Proposal.objects.filter(pk=proposal.pk).update(
            state=Proposal.State.CLOSED, answered_at=now()
        )
    return answer


def _note_call(service_request: ServiceRequest, volunteer: Volunteer, *, by: User) -> Proposal:
    """Write the proposal of a call; nobody is sent a message."""
    instant = now()
    need = need_of(service_request, instant)
    found = candidates.find(
        need, instant, volunteers=[volunteer.pk], relaxed=filters.TELEPHONE_MAY_RELAX
    )
    if not found:
        raise ValidationError(
            "Diese Person können wir nicht zuteilen: Sprache, Nachweise oder ein anderer Einsatz"
            " stehen dagegen."
        )
    return proposals.create(service_request, rank(need, found, instant)[0], wave=0, asked_by=by)
