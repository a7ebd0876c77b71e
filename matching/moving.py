"""A request that moves to another time or place, and what that means for those asked (decision 7).

The old time is void at once. Who holds the appointment has some time to say whether it still
suits; a no or silence opens the search again. Who was only asked is asked anew.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from matching import assignments, changes, locks, telling
from matching.models import Assignment
from notifications import outbox
from pools.models import User
from service_requests import changing
from service_requests.changing import Change
from service_requests.models import ServiceRequest, Status

log = logging.getLogger(__name__)
MAY_MOVE = (Status.SUBMITTED, Status.SEARCHING, Status.CONFIRMED)
LONGEST_TO_ANSWER = timedelta(hours=24)
DECIDING = frozenset({"time", "place"})
NOT_ANY_MORE = "Dieser Termin lässt sich nicht mehr ändern. Stellen Sie eine neue Anfrage."
CANNOT_HOLD = ("assignment_nobody_in_two_places", "records_hold_on_the_day")


@transaction.atomic
def move(
    service_request: ServiceRequest, wanted: Change, *, by: User, by_coordinator: bool
) -> frozenset[str]:
    """Change time, place or contact; return what changed, nothing if it was the same.

    Raises ValidationError: at a field what the pool refuses, without one when it is too late.
    """
    locks.hold_request(service_request.pk)
    service_request.refresh_from_db()
    if service_request.status not in MAY_MOVE or service_request.period.lower <= now():
        raise ValidationError(NOT_ANY_MORE)
    before = _as_told(service_request)
    held = (
        Assignment.objects.active()
        .filter(service_request=service_request)
        .select_related("person", "pool", "proposal", "service_request__pool")
        .first()
    )
    what = changing.change(service_request, wanted, by=by, by_coordinator=by_coordinator)
    failpoint("moving.changed")
    if held is not None and what:
        _move_held(held, service_request, before, needs_answer=bool(what & DECIDING))
    elif what & DECIDING and service_request.status == Status.SEARCHING:
        changes.close_offers(before)  # the thanks speak of the old time
        assignments.search_again(service_request)
    if what and by.pk != service_request.posted_by_id:
        telling.requester(service_request, "requester_changed", step=now().isoformat())
    return what


def _as_told(service_request: ServiceRequest) -> ServiceRequest:
    """Return the request as it stands now, for those who have to hear of the old time."""
    return ServiceRequest.objects.select_related(*telling.READ_WITH).get(pk=service_request.pk)


def _move_held(
    held: Assignment, service_request: ServiceRequest, before: ServiceRequest, *, needs_answer: bool
) -> None:
    """Let the holder keep the appointment at its new time, or let her go if she cannot have it."""
    period = service_request.period
    until = answer_until(now(), period.lower) if needs_answer else held.answer_until
    locks.hold_person(held.person_id)
    try:
        with transaction.atomic():
            Assignment.objects.filter(pk=held.pk).update(
                period=period,
                answer_until=until,
                **({"coming_confirmed_at": None, "reminded_at": None} if needs_answer else {}),
            )
    except IntegrityError as error:
        if not any(name in str(error) for name in CANNOT_HOLD):
            raise
        held.service_request = before
        _let_go(held, ended_by="change")
        return
    if needs_answer:
        held.refresh_from_db()
        held.service_request = service_request
        outbox.supersede(telling.about_assignment(held))
        telling.changed(held)


def answer_until(instant: datetime, start: datetime) -> datetime:
    """Return until when the holder may say whether the new time suits."""
    return instant + min(LONGEST_TO_ANSWER, (start - instant) / 2)


def _let_go(held: Assignment, *, ended_by: str) -> None:
    """End the appointment that could not move along or was not answered, and search again."""
    assignments.end_and_search_again(
        held, ended_by=ended_by, by=None, tell=telling.cancelled_by_office
    )
    failpoint("moving.let_go")


def sweep() -> None:
    """Let everybody go who did not answer to a change in time."""
    silent = Assignment.objects.active().filter(
        answer_until__lte=now(), period__startswith__gt=now()
    )
    some = silent.values_list("pk", flat=True)[:500]
    one_by_one(some, let_go_of_silent, log, fails_as="silent_change_failed", of="assignment")


@transaction.atomic
def let_go_of_silent(assignment_pk: int) -> bool:
    """Open the search again if the holder has not said that the new time suits."""
    held = Assignment.objects.select_related(
        "person", "pool", "proposal", "service_request__pool"
    ).get(pk=assignment_pk)
    locks.hold_request(held.service_request_id)
    still = (
        Assignment.objects.active()
        .select_for_update(of=("self",))  # she may be saying so at this moment
        .filter(pk=assignment_pk, answer_until__lte=now(), period__startswith__gt=now())
        .first()
    ) is not None
    if still:
        _let_go(held, ended_by="silence")
    return still
