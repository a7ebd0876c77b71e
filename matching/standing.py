"""How an offer or a search stands at this moment: read for the pages, never changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import F, Q

from background.clock import now
from matching.models import Assignment, Proposal
from matching.replies import is_busy
from service_requests.models import Event, ServiceRequest, Status
from volunteers.models import Qualification

TRAVEL_AT_MOST = timedelta(hours=6)
"""As in matching_is_busy: further away in time no journey matters."""
ENDED_BEFORE_A_YES = (Status.WITHDRAWN, Status.REJECTED, Status.DRAFT, Status.SUBMITTED)


class Kind(StrEnum):
    """What an offer means for its person now; exactly one is true."""

    OPEN = "open"
    YOURS = "yours"
    YOURS_OVER = "yours_over"
    CANCELLED = "cancelled"  # the office cancelled an appointment of hers
    GIVEN_BACK = "given_back"  # she cancelled herself
    RELEASED = "released"  # the coordinator let her go
    DECLINED = "declined"
    TAKEN = "taken"
    STAND_BY = "stand_by"
    NOT_NEEDED = "not_needed"
    OVER = "over"
    OVERLAP = "overlap"
    RECORD_MISSING = "record_missing"


LET_GO = {
    "volunteer": Kind.GIVEN_BACK,
    "pool": Kind.RELEASED,
    "change": Kind.RELEASED,
    "silence": Kind.RELEASED,
}


@dataclass(frozen=True)
class Standing:
    """The kind, the appointment that is or was hers, and the one that is in the way."""

    kind: Kind
    assignment: Assignment | None = None
    clash: Assignment | None = None


def of_offer(proposal: Proposal) -> Standing:
    """Return how the offer stands; a yes on OPEN fails only when somebody was faster."""
    service_request = proposal.service_request
    hers = _latest_of(proposal)
    if hers is not None and hers.cancelled_at is None:
        is_over = hers.period.upper <= now()
        return Standing(Kind.YOURS_OVER if is_over else Kind.YOURS, hers)
    ended = _ended(service_request, hers)
    if ended is not None:
        return Standing(ended, hers)
    if hers is not None and hers.cancelled_by in LET_GO and _is_last_word(proposal, hers):
        return Standing(LET_GO[hers.cancelled_by], hers)
    if proposal.state == Proposal.State.DECLINED:
        return Standing(Kind.DECLINED)
    if service_request.status == Status.CONFIRMED:
        is_reserve = proposal.state == Proposal.State.STAND_BY
        return Standing(Kind.STAND_BY if is_reserve else Kind.TAKEN)
    clash = clash_of(proposal)
    if clash is not None:
        return Standing(Kind.OVERLAP, clash=clash)
    if not records_hold(proposal):
        return Standing(Kind.RECORD_MISSING)
    return Standing(Kind.OPEN)


def _latest_of(proposal: Proposal) -> Assignment | None:
    return (
        Assignment.objects.filter(
            service_request_id=proposal.service_request_id, person_id=proposal.person_id
        )
        .select_related("service_request")
        .order_by(F("cancelled_at").desc(nulls_first=True))
        .first()
    )


def _is_last_word(proposal: Proposal, hers: Assignment) -> bool:
    """Return whether the person was not asked again after she gave the appointment back."""
    return hers.cancelled_at is None or proposal.asked_at <= hers.cancelled_at


def _ended(service_request: ServiceRequest, hers: Assignment | None) -> Kind | None:
    status = service_request.status
    if status == Status.CANCELLED:
        was_hers = hers is not None and hers.cancelled_by == "office"
        return Kind.CANCELLED if was_hers else Kind.NOT_NEEDED
    if status in ENDED_BEFORE_A_YES:
        return Kind.NOT_NEEDED
    if service_request.period.lower <= now() or status not in (Status.SEARCHING, Status.CONFIRMED):
        return Kind.OVER
    return None


def clash_of(proposal: Proposal) -> Assignment | None:
    """Return the person's appointment at that time, or too near to it to get there."""
    period = proposal.service_request.period
    around = (period.lower - TRAVEL_AT_MOST, period.upper + TRAVEL_AT_MOST)
    near = list(
        Assignment.objects.active()
        .filter(person_id=proposal.person_id, period__overlap=around)
        .select_related("service_request__municipality", "service_request__pool")
    )
    if not near or not is_busy(proposal, proposal.service_request):
        return None
    return min(near, key=lambda other: _gap(other, period.lower, period.upper))


def _gap(other: Assignment, begins: datetime, ends: datetime) -> timedelta:
    gap: timedelta = max(other.period.lower - ends, begins - other.period.upper)
    return gap


def records_hold(proposal: Proposal) -> bool:
    """Return whether every required record holds on the day; the trigger on the yes decides."""
    service_request = proposal.service_request
    day = service_request.period.lower.astimezone(service_request.pool.zone).date()
    held = set(
        Qualification.objects.held_on(day)
        .filter(Q(language=None) | Q(language=proposal.language_id))
        .filter(volunteer=proposal.volunteer_id)
        .values_list("type_id", flat=True)
    )
    groups: Collection[Collection[str]] = service_request.required_records
    return all(held.intersection(group) for group in groups)


@dataclass(frozen=True)
class Progress:
    """What a requester may know of a search: figures, never names.

    `was_filled`: this round began because somebody who had said yes cannot come.
    """

    asked: int
    declined: int
    waiting: int
    look_again_at: datetime | None
    is_nobody_left: bool
    was_filled: bool


def of_search(service_request: ServiceRequest) -> Progress:
    """Return how many people were asked so far, how many said no, how many have yet to answer."""
    offers = Proposal.objects.filter(service_request=service_request)
    this_round = offers.filter(search_round=service_request.search_round)
    said_no = Q(state=Proposal.State.DECLINED)
    look = service_request.look_again_at
    return Progress(
        asked=offers.values("person").distinct().count(),
        declined=offers.filter(said_no).values("person").distinct().count(),
        waiting=this_round.filter(state=Proposal.State.ASKED).count(),
        look_again_at=look if look and look > now() else None,
        is_nobody_left=Event.objects.filter(
            service_request=service_request,
            kind="nobody_left",
            detail__round=service_request.search_round,
        ).exists(),
        was_filled=Event.objects.filter(
            service_request=service_request,
            kind="reopened",
            detail__round=service_request.search_round,
        ).exists(),
    )
