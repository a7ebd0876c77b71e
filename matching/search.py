"""The search: looks at a request, asks the next few, notes when to look again.

State is in the database; a wake-up only shortens the wait until the heartbeat would look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from matching import candidates, changes, proposals, telling
from matching.models import Proposal, Wave
from matching.ranking import rank
from matching.reading import limits_of, need_of, pending_of
from matching.waves import Decision, decide
from notifications.models import Message, MessageClass
from pools import rules
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status

log = logging.getLogger(__name__)
PER_SWEEP = 500
REPAIR_AFTER = timedelta(seconds=30)
REPAIR_WINDOW = timedelta(hours=1)


@transaction.atomic
def advance(request_pk: int) -> Decision | None:
    """Ask the next wave if it is due; None when there is nothing to do or another worker has it."""
    instant = now()
    service_request = (
        ServiceRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related(*telling.READ_WITH)
        .filter(pk=request_pk, status=Status.SEARCHING, look_again_at__lte=instant)
        .first()
    )
    if service_request is None:
        return None
    with rules.read_once():
        return _advance(service_request, instant)


def _advance(service_request: ServiceRequest, instant: datetime) -> Decision | None:
    need = need_of(service_request, instant)
    if instant >= need.deadline():
        changes.nobody_came(service_request)
        return None
    found = candidates.find(need, instant)
    ranked = rank(need, found, instant)
    pending = pending_of(service_request, instant)
    began_at = _round_began_at(service_request, instant)
    limits = limits_of(service_request, instant)
    decision = decide(
        need,
        ranked,
        pending,
        now=instant,
        search_began_at=began_at,
        zone=service_request.pool.zone,
        limits=limits,
    )
    log.info(
        "search_decided",
        extra={"request": str(service_request.public_id), "count": len(decision.ask)},
    )
    failpoint("search.decided")
    _write_down(service_request, decision, len(ranked), len(pending), began_at)
    return decision


def _round_began_at(service_request: ServiceRequest, instant: datetime) -> datetime:
    """Return when this round of the search first asked somebody."""
    first = Wave.objects.filter(
        service_request=service_request, search_round=service_request.search_round, asked__gt=0
    ).aggregate(at=Min("decided_at"))
    return first["at"] or instant


def _write_down(
    service_request: ServiceRequest,
    decision: Decision,
    n_candidates: int,
    n_pending: int,
    began_at: datetime,
) -> None:
    """Write the wave, its proposals and the time to look again, in the transaction at hand."""
    if decision.ask:
        earlier = Wave.objects.filter(
            service_request=service_request, search_round=service_request.search_round
        ).count()
        asked = proposals.write(service_request, decision.ask, wave=earlier + 1)
        Wave.objects.create(
            service_request=service_request,
            search_round=service_request.search_round,
            number=earlier + 1,
            decided_at=now(),
            candidates=n_candidates,
            asked=len(asked),
            look_again_at=decision.look_again_at,
            inputs={
                "pending": n_pending,
                "search_began_at": began_at.isoformat(),
                "ranked": [[one.candidate.volunteer_id, one.score] for one in decision.ask],
            },
        )
        lifecycle.write_event(
            service_request,
            "asked",
            by=None,
            detail={"asked": len(asked), "left": decision.left},
        )
    elif not n_candidates and not n_pending:
        _note_nobody_left(service_request)
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        look_again_at=decision.look_again_at
    )


def _note_nobody_left(service_request: ServiceRequest) -> None:
    """Note once per round that nobody is left to ask: the coordinator's list shows it red."""
    detail = {"round": service_request.search_round}
    if not service_request.events.filter(kind="nobody_left", detail=detail).exists():
        lifecycle.write_event(service_request, "nobody_left", by=None, detail=detail)


def sweep() -> None:
    """Do everything the search owes by now; one failing request does not stop the others."""
    due = ServiceRequest.objects.filter(status=Status.SEARCHING, look_again_at__lte=now())
    _each(due.order_by("look_again_at"), advance)
    late = ServiceRequest.objects.filter(
        status__in=changes.WAITING, inform_at__lte=now(), informed_at__isnull=True
    )
    _each(late, changes.inform_requester)
    forgotten = ServiceRequest.objects.filter(
        status=Status.SUBMITTED, period__startswith__lte=now()
    )
    _each(forgotten, changes.close_forgotten)
    _each(_offers_without_message(), _repair)


def _each(some: QuerySet[Any], step: Callable[[int], object]) -> None:
    pks = some.values_list("pk", flat=True)[:PER_SWEEP]
    one_by_one(pks, step, log, fails_as="search_step_failed", of="request")


def _offers_without_message() -> QuerySet[Proposal]:
    """Return fresh open offers for which no message was written: a broken invariant."""
    written = Message.objects.filter(
        person=OuterRef("person"),
        message_class=MessageClass.OFFER,
        created_at__gte=OuterRef("asked_at"),
    )
    return Proposal.objects.filter(
        ~Exists(written),
        state=Proposal.State.ASKED,
        service_request__status=Status.SEARCHING,
        asked_at__range=(now() - REPAIR_WINDOW, now() - REPAIR_AFTER),
    )


@transaction.atomic
def _repair(proposal_pk: int) -> None:
    proposal = Proposal.objects.select_related("service_request", "person").get(pk=proposal_pk)
    log.error("offer_without_message", extra={"proposal": str(proposal.public_id)})
    telling.offer(proposal)
