"""After the appointment: both sides are asked by link whether it took place."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from matching import telling
from matching.models import Assignment
from notifications import outbox
from notifications.links import LinkSpec
from notifications.models import LinkPurpose, MessageClass
from pools.models import User
from reference.models import Reason
from reporting.models import Confirmation, Record
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status

log = logging.getLogger(__name__)
LINK_VALID = timedelta(days=30)
TOLD_WITHIN = timedelta(days=7)
TOOK_PLACE = "hat stattgefunden"
DID_NOT = "hat nicht stattgefunden"
Side = Confirmation.Side
Outcome = Confirmation.Outcome
REASONS = {
    Outcome.CLIENT_ABSENT: "absent_client",
    Outcome.OFFICE_ABSENT: "absent_office",
    Outcome.VOLUNTEER_ABSENT: "absent_volunteer",
}


def sweep() -> None:
    """Open the record of every appointment that is over, and ask both sides."""
    over = Assignment.objects.filter(
        cancelled_at__isnull=True,
        period__endswith__lte=now(),
        record__isnull=True,
        service_request__status=Status.CONFIRMED,
    )
    some = over.values_list("pk", flat=True)[:500]
    one_by_one(some, open_record, log, fails_as="record_not_opened", of="assignment")


@transaction.atomic
def open_record(assignment_pk: int) -> Record | None:
    """Open a record and write both questions; None when somebody else did."""
    assignment = (
        Assignment.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "pool", "service_request__posted_by")
        .filter(pk=assignment_pk, record__isnull=True)
        .first()
    )
    if assignment is None:
        return None
    record = Record.objects.create(pool=assignment.pool, assignment=assignment, opened_at=now())
    failpoint("record.opened")
    _ask(assignment, assignment.person, "confirm_volunteer")
    _ask(assignment, assignment.service_request.posted_by, "confirm_requester")
    return record


def _ask(assignment: Assignment, person: User, template: str) -> None:
    expires_at = now() + LINK_VALID
    outbox.write(
        person,
        pool=assignment.pool,
        template=template,
        parameters=telling.appointment(assignment.service_request, person, mode=assignment.mode),
        message_class=MessageClass.NEWS,
        about=[telling.about_assignment(assignment)],
        step="1",
        not_after=expires_at,
        link=LinkSpec(LinkPurpose.CONFIRMATION, assignment.public_id, expires_at),
    )


@transaction.atomic
def confirm(
    assignment: Assignment,
    *,
    side: str,
    outcome: str,
    said_by: User,
    minutes: int | None = None,
) -> Confirmation:
    """Write down what one side says; said once, and both together decide the request's end.

    Saying it again returns what was said first: corrections go through the coordinator.
    """
    record, _ = Record.objects.select_for_update(of=("self",)).get_or_create(
        assignment=assignment, defaults={"pool_id": assignment.pool_id, "opened_at": now()}
    )
    said, is_new = Confirmation.objects.get_or_create(
        assignment=assignment,
        side=side,
        defaults={
            "pool_id": assignment.pool_id,
            "outcome": outcome,
            "minutes": minutes if outcome == Outcome.TOOK_PLACE else None,
            "said_by": said_by,
            "said_at": now(),
        },
    )
    failpoint("record.said")
    if is_new:
        _draw_conclusion(record, said)
    return said


def _draw_conclusion(record: Record, said: Confirmation) -> None:
    """Move the request on: one side is a report, two that agree are the record."""
    assignment = record.assignment
    outcomes = list(
        Confirmation.objects.filter(assignment=assignment).values_list("outcome", flat=True)
    )
    if said.outcome == Outcome.TOOK_PLACE:
        lifecycle.move(
            assignment.service_request,
            Status.TOOK_PLACE,
            kind="took_place",
            by=said.said_by,
            detail={"side": said.side},
            expected=Status.CONFIRMED,
        )
    if len(outcomes) < len(Side.choices):
        return
    if len(set(outcomes)) > 1:
        Record.objects.filter(pk=record.pk).update(disputed_at=now())
        return
    Record.objects.filter(pk=record.pk).update(agreed_at=now())
    if said.outcome == Outcome.TOOK_PLACE:
        _close_as_held(assignment.service_request, kind="record_confirmed", by=said.said_by)
    else:
        _close_as_not_held(
            assignment.service_request, said.outcome, kind="did_not_take_place", by=said.said_by
        )


@transaction.atomic
def decide(record: Record, *, outcome: str, by: User) -> bool:
    """End a dispute with what the coordinator found out, and tell both sides.

    False, and nothing told, when there is none any more.
    """
    undecided = Record.objects.disputed().filter(pk=record.pk)
    if not undecided.update(decided_at=now(), decided_by=by):
        return False
    service_request = record.assignment.service_request
    _tell_decision(record.assignment, did_take_place=outcome == Outcome.TOOK_PLACE)
    if outcome != Outcome.TOOK_PLACE:
        _close_as_not_held(service_request, outcome, kind="decided_not_held", by=by)
        return True
    lifecycle.move(  # where both sides said that it did not
        service_request,
        Status.TOOK_PLACE,
        kind="took_place",
        by=by,
        detail={"side": "coordinator"},
        expected=Status.CONFIRMED,
    )
    _close_as_held(service_request, kind="decided_held", by=by)
    return True


def _tell_decision(assignment: Assignment, *, did_take_place: bool) -> None:
    sides = (
        (assignment.person, "decided_volunteer"),
        (assignment.service_request.posted_by, "requester_decided"),
    )
    for person, template in sides:
        outbox.write(
            person,
            pool=assignment.pool,
            template=template,
            parameters={
                **telling.appointment(assignment.service_request, person, mode=assignment.mode),
                "ergebnis": TOOK_PLACE if did_take_place else DID_NOT,
            },
            message_class=MessageClass.NEWS,
            about=[telling.about_assignment(assignment)],
            step="1",
            not_after=now() + TOLD_WITHIN,
        )


def _close_as_held(service_request: ServiceRequest, *, kind: str, by: User) -> None:
    lifecycle.move(
        service_request, Status.RECORD_CONFIRMED, kind=kind, by=by, expected=Status.TOOK_PLACE
    )


def _close_as_not_held(
    service_request: ServiceRequest, outcome: str, *, kind: str, by: User
) -> None:
    """One side may have said before that it took place."""
    for status in (Status.CONFIRMED, Status.TOOK_PLACE):
        if lifecycle.move(
            service_request,
            Status.DID_NOT_TAKE_PLACE,
            kind=kind,
            by=by,
            reason=Reason.objects.get(code=REASONS[Outcome(outcome)]),
            expected=status,
        ):
            return
