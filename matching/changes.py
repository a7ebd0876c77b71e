"""The ways a search or an appointment ends other than by a yes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from matching import assignments, telling
from matching.models import Assignment, Proposal
from notifications import outbox
from pools.models import User
from reference.models import Reason
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status

OPEN = (Status.DRAFT, Status.SUBMITTED, Status.SEARCHING)
STILL_INTERESTED = (Proposal.State.ASKED, Proposal.State.FILLED, Proposal.State.STAND_BY)
WAITING = (Status.SUBMITTED, Status.SEARCHING)


@transaction.atomic
def withdraw(service_request: ServiceRequest, *, by: User, reason: Reason | None = None) -> bool:
    """End a request before anybody said yes."""
    for status in OPEN:
        if lifecycle.move(
            service_request,
            Status.WITHDRAWN,
            kind="withdrawn",
            by=by,
            reason=reason,
            expected=status,
        ):
            close_offers(service_request)
            _tell_requester_of_the_end(service_request, by=by, reason=reason)
            return True
    return False


def _tell_requester_of_the_end(
    service_request: ServiceRequest, *, by: User, reason: Reason | None
) -> None:
    """Tell the requester that the request has ended, unless it was she who ended it."""
    if by.pk == service_request.posted_by_id:
        return
    telling.requester(
        service_request,
        "requester_ended",
        step="ended",
        grund=reason.label_de if reason else "",
    )


@transaction.atomic
def cancel_by_office(
    service_request: ServiceRequest, *, by: User, reason: Reason | None = None
) -> bool:
    """End a confirmed request; the volunteer is told not to go there. False once it has begun."""
    if service_request.period.lower <= now():
        return False
    late = service_request.period.lower - now() < timedelta(hours=24)
    if not lifecycle.move(
        service_request,
        Status.CANCELLED,
        kind="cancelled",
        by=by,
        reason=reason,
        detail={"by": "office", "late": late},
        expected=Status.CONFIRMED,
    ):
        return False
    for assignment in Assignment.objects.filter(
        service_request=service_request, cancelled_at__isnull=True
    ).select_related("person", "pool", "service_request", "proposal"):
        assignments.cancel_for_office(assignment, reason=reason)
    close_offers(service_request)
    _tell_requester_of_the_end(service_request, by=by, reason=reason)
    return True


@transaction.atomic
def give_up(service_request: ServiceRequest, *, by: User | None, reason: Reason) -> bool:
    """Say honestly that nobody was found, with the reason."""
    if not lifecycle.move(
        service_request,
        Status.NOT_FILLED,
        kind="not_filled",
        by=by,
        reason=reason,
        expected=Status.SEARCHING,
    ):
        return False
    close_offers(service_request)
    failpoint("request.given_up")
    telling.requester(
        service_request,
        "requester_not_filled",
        step=f"round-{service_request.search_round}",
        not_after=max(service_request.period.upper, now() + timedelta(days=2)),
        grund=reason.label_de,
    )
    return True


@transaction.atomic
def close_forgotten(request_pk: int) -> bool:
    """End a request that waited for a coordinator until its time was past."""
    service_request = ServiceRequest.objects.get(pk=request_pk)
    reason = Reason.objects.get(code="unfilled_too_late")
    if not lifecycle.move(
        service_request,
        Status.NOT_FILLED,
        kind="not_filled",
        by=None,
        reason=reason,
        expected=Status.SUBMITTED,
    ):
        return False
    telling.requester(
        service_request,
        "requester_not_filled",
        step="forgotten",
        not_after=now() + timedelta(days=2),
        grund=reason.label_de,
    )
    return True


def nobody_came(service_request: ServiceRequest) -> bool:
    """End a search whose time is up."""
    asked = Proposal.objects.filter(service_request=service_request).exists()
    code = "unfilled_no_reply" if asked else "unfilled_no_language"
    return give_up(service_request, by=None, reason=Reason.objects.get(code=code))


@transaction.atomic
def inform_requester(request_pk: int) -> bool:
    """Tell the requester in time that nobody has said yes yet; the search or check goes on."""
    service_request = (
        ServiceRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            pk=request_pk,
            status__in=WAITING,
            informed_at__isnull=True,
            inform_at__lte=now(),
        )
        .first()
    )
    if service_request is None:
        return False
    asked = service_request.proposals.values("person").distinct().count()
    ServiceRequest.objects.filter(pk=request_pk).update(informed_at=now())
    failpoint("requester.before_told")
    lifecycle.write_event(service_request, "informed", by=None, detail={"asked": asked})
    is_searching = service_request.status == Status.SEARCHING
    telling.requester(
        service_request,
        "requester_nobody_yet" if is_searching else "requester_still_checking",
        step=f"round-{service_request.search_round}",
        not_after=service_request.period.lower,
        pers=asked,
    )
    return True


def close_offers(service_request: ServiceRequest) -> None:
    """Close what is open, supersede what is unsent, thank those who wait for an answer from us.

    Who was told that it is taken waits no more, unless she offered to stand by.
    """
    offers = list(
        Proposal.objects.select_for_update(of=("self",))
        .filter(service_request=service_request, state__in=STILL_INTERESTED)
        .select_related("person", "volunteer_pool")
        .order_by("pk")
    )
    outbox.supersede(telling.about_request(service_request))
    Proposal.objects.filter(pk__in=[offer.pk for offer in offers]).update(
        state=Proposal.State.CLOSED, answered_at=now()
    )
    failpoint("offers.closed")
    thanked: set[int] = set()
    for offer in reversed(offers):  # of several rounds the last
        if offer.person_id in thanked:
            continue
        thanked.add(offer.person_id)
        was_told = outbox.was_handed_over(telling.about_proposal(offer), templates=("filled",))
        if offer.state == Proposal.State.STAND_BY or not was_told:
            telling.no_longer_needed(offer, service_request)
