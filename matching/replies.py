"""Answers: the first yes gets it, everybody is told which it was (decisions 10 and 11).

Order of locks, always: the request, then the person. The constraints behind it hold even if this
module is wrong; their names say what they promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, connection, transaction

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from matching import locks, telling
from matching.models import Assignment, Proposal
from notifications import outbox
from pools import rules
from pools.models import User
from reference.models import Reason
from service_requests import lifecycle
from service_requests.models import Kind as RequestKind
from service_requests.models import ServiceRequest, Status
from volunteers.models import Volunteer

UNDO_MINUTES = 10
OVERTAKEN_BY_A_YES = (*telling.OFFERS, "requester_nobody_yet", "requester_searching_again")
"""What is no longer true after a yes; quiet hours may have held it back until then."""


class Kind(StrEnum):
    """How a yes or a no ended."""

    ACCEPTED = "accepted"
    ALREADY_YOURS = "already_yours"
    TAKEN = "taken"
    OVERLAP = "overlap"
    RECORD_MISSING = "record_missing"
    CLOSED = "closed"
    OVER = "over"
    DECLINED = "declined"


@dataclass(frozen=True)
class Answer:
    """What came of it; the assignment when it is hers."""

    kind: Kind
    assignment: Assignment | None = None


class _Refused(Exception):
    """Rolls the attempt back; carries why."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind)
        self.kind = kind


def accept(proposal: Proposal, *, via: str, by: User | None = None) -> Answer:
    """Give the appointment to the person if it is free; the same yes twice is the same answer."""
    try:
        with transaction.atomic():
            assignment = _take(proposal, via=via, by=by)
    except _Refused as refused:
        return _why_not(proposal, refused.kind)
    except IntegrityError as error:
        if "records_hold_on_the_day" not in str(error):
            raise
        return _why_not(proposal, Kind.RECORD_MISSING)
    return Answer(Kind.ACCEPTED, assignment)


def _take(proposal: Proposal, *, via: str, by: User | None) -> Assignment:
    """Do all of the yes in the caller's transaction, or raise _Refused."""
    service_request = _request_of(proposal)
    instant = now()
    if service_request.period.lower <= instant:
        raise _Refused(Kind.OVER)
    failpoint("accept.before_request")
    if not lifecycle.move(
        service_request, Status.CONFIRMED, kind="accepted", by=by, expected=Status.SEARCHING
    ):
        raise _Refused(Kind.TAKEN)
    failpoint("accept.before_person")
    locks.hold_person(proposal.person_id)
    if (
        Assignment.objects.let_go()
        .about(proposal)
        .filter(cancelled_at__gte=proposal.asked_at)
        .exists()
    ):
        raise _Refused(Kind.CLOSED)
    if not _is_still_unlocked(proposal, service_request):
        raise _Refused(Kind.RECORD_MISSING)
    if is_busy(proposal, service_request):
        raise _Refused(Kind.OVERLAP)
    assignment = _insert(proposal, service_request, via=via, instant=instant)
    failpoint("accept.before_messages")
    Proposal.objects.filter(pk=proposal.pk).update(
        state=Proposal.State.ACCEPTED, answered_at=instant
    )
    _tell(assignment, instant)
    return assignment


def _request_of(proposal: Proposal) -> ServiceRequest:
    return ServiceRequest.objects.select_related("pool").get(pk=proposal.service_request_id)


def _is_still_unlocked(proposal: Proposal, service_request: ServiceRequest) -> bool:
    """Return whether the volunteer is approved and unlocked for the role.

    Whoever locks or refuses holds the person first (volunteers/approval.py), as we do here.
    """
    is_guide = service_request.kind == RequestKind.GUIDE
    role = "guiding_unlocked_at" if is_guide else "interpreting_unlocked_at"
    return Volunteer.objects.filter(
        pk=proposal.volunteer_id,
        status=Volunteer.Status.APPROVED,
        **{f"{role}__isnull": False},
    ).exists()


def is_busy(proposal: Proposal, service_request: ServiceRequest) -> bool:
    """Return whether the person has, by now, another appointment then or too near to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT matching_is_busy(%s, tstzrange(%s, %s),"
            " ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s)",
            [
                proposal.person_id,
                service_request.period.lower,
                service_request.period.upper,
                service_request.point.x,
                service_request.point.y,
                proposal.mode == "on_site",
            ],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _insert(
    proposal: Proposal, service_request: ServiceRequest, *, via: str, instant: datetime
) -> Assignment:
    """Insert, ignoring conflicts: a plain INSERT would deadlock (retrieval.md, pitfall 6)."""
    undo = rules.rule_int(service_request.pool, "undo.minutes", instant.date(), UNDO_MINUTES)
    assignment = Assignment(
        pool_id=service_request.pool_id,
        service_request=service_request,
        volunteer_id=proposal.volunteer_id,
        volunteer_pool_id=proposal.volunteer_pool_id,
        lending_id=proposal.lending_id,
        person_id=proposal.person_id,
        language_id=proposal.language_id,
        proposal=proposal,
        period=service_request.period,
        mode=proposal.mode,
        accepted_at=instant,
        accepted_via=via,
        undo_until=instant + timedelta(minutes=undo),
    )
    Assignment.objects.bulk_create([assignment], ignore_conflicts=True)
    stored = Assignment.objects.filter(public_id=assignment.public_id).first()
    if stored is None:
        raise _Refused(Kind.OVERLAP)
    stored.service_request = service_request
    return stored


def _tell(assignment: Assignment, instant: datetime) -> None:
    """Tell the volunteer now, the others and the requester when the yes can no longer be undone."""
    service_request = assignment.service_request
    soon = service_request.period.lower - instant < timedelta(hours=24)
    settled_at = instant if soon else assignment.undo_until
    others = list(
        Proposal.objects.select_for_update(of=("self",))
        .filter(service_request=service_request, state=Proposal.State.ASKED)
        .exclude(person_id=assignment.person_id)
        .select_related("person", "volunteer_pool")
        .order_by("pk")
    )
    outbox.supersede(telling.about_request(service_request), templates=OVERTAKEN_BY_A_YES)
    Proposal.objects.filter(pk__in=[other.pk for other in others]).update(
        state=Proposal.State.FILLED, answered_at=instant
    )
    telling.accepted(assignment)
    telling.filled(assignment, others, not_before=settled_at)
    telling.requester(
        service_request,
        "requester_filled",
        step=f"filled-{assignment.public_id}",
        not_before=settled_at,
        about=f"assignment:{assignment.public_id}",
        wer=assignment.person.short_name,
    )


def _why_not(proposal: Proposal, kind: Kind) -> Answer:
    """Read, after the roll-back, which of the reasons it was."""
    if kind is Kind.RECORD_MISSING:
        # She is told that her coordinator will call: the coordinator has to know.
        lifecycle.write_event(
            proposal.service_request,
            "record_missing",
            by=proposal.person,
            detail={"proposal": str(proposal.public_id)},
        )
    if kind is not Kind.TAKEN:
        return Answer(kind)
    active = Assignment.objects.filter(
        service_request_id=proposal.service_request_id, cancelled_at__isnull=True
    ).first()
    if active is None:
        return Answer(Kind.CLOSED)
    if active.person_id == proposal.person_id:
        return Answer(Kind.ALREADY_YOURS, active)
    return Answer(Kind.TAKEN)


@transaction.atomic
def decline(proposal: Proposal, *, reason: Reason | None = None) -> Answer:
    """Note a no, with or without a reason; the next wave will make up for it."""
    locks.hold_request(proposal.service_request_id)
    changed = Proposal.objects.filter(
        pk=proposal.pk, state__in=[Proposal.State.ASKED, Proposal.State.STAND_BY]
    ).update(state=Proposal.State.DECLINED, answered_at=now(), decline_reason=reason)
    if not changed and reason is not None:
        Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.DECLINED).update(
            decline_reason=reason
        )
    if changed:
        outbox.supersede(telling.about_proposal(proposal))
        service_request = proposal.service_request
        if service_request.period.lower - now() < timedelta(hours=24):
            # Urgent: do not wait for the end of the epoch.
            ServiceRequest.objects.filter(
                pk=service_request.pk, status=Status.SEARCHING, look_again_at__gt=now()
            ).update(look_again_at=now())
            wake("matching.search.advance", service_request.pk)
    return Answer(Kind.DECLINED)


def stand_by(proposal: Proposal) -> bool:
    """Keep somebody who wanted to come as a reserve: asked first if the other drops out."""
    changed = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.FILLED).update(
        state=Proposal.State.STAND_BY
    )
    return bool(changed)
