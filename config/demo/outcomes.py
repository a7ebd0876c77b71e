"""What became of appointments of the past: what both sides said, and where it went from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from config.demo import history
from config.demo.history import HOUR
from config.demo.lines import Line, confirmed, end
from matching.models import Assignment
from reporting.models import Confirmation, Record
from service_requests.models import ServiceRequest, Status

Side, Outcome = Confirmation.Side, Confirmation.Outcome
ABSENT = {
    Outcome.CLIENT_ABSENT: "absent_client",
    Outcome.OFFICE_ABSENT: "absent_office",
}


def _record(
    assignment: Assignment, outcomes: dict[Confirmation.Side, Confirmation.Outcome]
) -> dt.datetime:
    """Write what the sides said afterwards; return when the last one said it."""
    service_request = assignment.service_request
    said_at: dt.datetime = assignment.period.upper
    record = Record.objects.create(
        pool_id=assignment.pool_id, assignment=assignment, opened_at=said_at
    )
    for side, outcome in outcomes.items():
        said_at += 2 * HOUR
        is_volunteer = side == Side.VOLUNTEER
        Confirmation.objects.create(
            pool_id=assignment.pool_id,
            assignment=assignment,
            side=side,
            outcome=outcome,
            minutes=60 if outcome == Outcome.TOOK_PLACE else None,
            said_by=assignment.person if is_volunteer else service_request.posted_by,
            said_at=said_at,
        )
    if len(outcomes) > 1:
        agreed = len(set(outcomes.values())) == 1
        Record.objects.filter(pk=record.pk).update(
            **{"agreed_at" if agreed else "disputed_at": said_at}
        )
    return said_at


def took_place(line: Line) -> None:
    """One side has said that it took place, the other has not answered yet."""
    service_request, assignment = confirmed(line)
    said_at = _record(assignment, {Side.VOLUNTEER: Outcome.TOOK_PLACE})
    _go_on(service_request, ["took_place"], said_at, side="volunteer")


def disputed(line: Line) -> None:
    """The two sides say different things: the coordinator has to ask."""
    service_request, assignment = confirmed(line)
    sides = {Side.VOLUNTEER: Outcome.TOOK_PLACE, Side.REQUESTER: Outcome.CLIENT_ABSENT}
    said_at = _record(assignment, sides)
    _go_on(service_request, ["took_place"], said_at, side="volunteer")


def until(*kinds: str) -> Callable[[Line], None]:
    """Return the story of an appointment that took place and went on to the last of these."""

    def tell(line: Line) -> None:
        service_request, assignment = confirmed(line)
        both = {Side.VOLUNTEER: Outcome.TOOK_PLACE, Side.REQUESTER: Outcome.TOOK_PLACE}
        _go_on(service_request, ["took_place", *kinds], _record(assignment, both))

    return tell


def _go_on(
    service_request: ServiceRequest, kinds: list[str], first_at: dt.datetime, side: str = ""
) -> None:
    """Write one event after the other; each kind is the status it leads to."""
    before: str = Status.CONFIRMED
    for step, kind in enumerate(kinds):
        happened_at = first_at if step < 2 else first_at + dt.timedelta(days=12 * (step - 1))
        history.event(service_request, kind, happened_at, before=before, after=kind, side=side)
        before = kind
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=before)


def did_not_take_place(line: Line) -> None:
    """Both sides say the same: somebody was not there."""
    service_request, assignment = confirmed(line)
    outcome = Outcome(line.more["outcome"])
    said_at = _record(assignment, {Side.VOLUNTEER: outcome, Side.REQUESTER: outcome})
    end(service_request, line, said_at, "did_not_take_place", Status.CONFIRMED, ABSENT[outcome])
