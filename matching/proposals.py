"""Asking: a proposal and its message are written together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from matching import candidates, filters, locks, telling
from matching.models import Proposal
from matching.ranking import Ranked, rank
from matching.reading import need_of
from notifications import outbox
from pools.models import User
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status
from volunteers.models import Volunteer

AT_ONCE = 3
"""How many are asked when a coordinator does not want to wait for the next wave."""


def create(
    service_request: ServiceRequest, one: Ranked, *, wave: int, asked_by: User | None = None
) -> Proposal:
    """Write one proposal with the reasons and the estimate it was made on; sends nothing."""
    candidate = one.candidate
    return Proposal.objects.create(
        pool=service_request.pool,
        service_request=service_request,
        volunteer_id=candidate.volunteer_id,
        volunteer_pool_id=candidate.pool_id,
        person_id=candidate.person_id,
        language_id=candidate.language_id,
        search_round=service_request.search_round,
        wave=wave,
        mode=candidate.mode,
        distance_m=round(candidate.distance_m) if candidate.mode == "on_site" else None,
        probability=candidate.probability,
        reasons=[list(reason) for reason in one.reasons],
        asked_by=asked_by,
        asked_at=now(),
    )


def write(
    service_request: ServiceRequest,
    chosen: Sequence[Ranked],
    *,
    wave: int,
    asked_by: User | None = None,
    relaxed: Collection[str] = (),
) -> list[Proposal]:
    """Write proposals and their offers; the caller holds the lock on the request.

    Whom another search has asked since we looked is left out: budgets and «one open offer at a
    time» count over all requests.
    """
    written = []
    for one in _still_to_be_asked(service_request, chosen, relaxed):
        proposal = create(service_request, one, wave=wave, asked_by=asked_by)
        failpoint("proposal.before_message")
        telling.offer(proposal)
        written.append(proposal)
    return written


def _still_to_be_asked(
    service_request: ServiceRequest, chosen: Sequence[Ranked], relaxed: Collection[str]
) -> list[Ranked]:
    """Hold the chosen people until we commit, and keep those whom every filter still lets pass."""
    failpoint("proposals.before_people")
    locks.hold_people(one.candidate.person_id for one in chosen)
    instant = now()
    volunteers = [one.candidate.volunteer_id for one in chosen]
    found = candidates.find(
        need_of(service_request, instant), instant, volunteers=volunteers, relaxed=relaxed
    )
    still = {candidate.volunteer_id for candidate in found}
    return [one for one in chosen if one.candidate.volunteer_id in still]


@transaction.atomic
def ask(service_request: ServiceRequest, volunteer: Volunteer, *, by: User) -> Proposal:
    """Ask one person on a coordinator's word: records and conflicts count, her budget does not."""
    locked = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)
    if locked.status != Status.SEARCHING:
        raise ValidationError("Für diese Anfrage suchen wir gerade nicht.")
    instant = now()
    need = need_of(locked, instant)
    relaxed = filters.COORDINATOR_MAY_RELAX
    found = candidates.find(need, instant, volunteers=[volunteer.pk], relaxed=relaxed)
    chosen = rank(need, found, instant)[:1]
    written = write(locked, chosen, wave=0, asked_by=by, relaxed=relaxed) if chosen else []
    if not written:
        raise ValidationError(
            "Diese Person können wir nicht fragen: Sprache, Nachweise, ein anderer Einsatz"
            " oder eine frühere Absage stehen dagegen."
        )
    lifecycle.write_event(locked, "asked_by_coordinator", by=by)
    return written[0]


@transaction.atomic
def ask_next(service_request: ServiceRequest, *, by: User, at_most: int = AT_ONCE) -> int:
    """Ask the next few in the engine's order without waiting for their hour; return how many."""
    locked = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)
    if locked.status != Status.SEARCHING:
        raise ValidationError("Für diese Anfrage suchen wir gerade nicht.")
    instant = now()
    need = need_of(locked, instant)
    chosen = rank(need, candidates.find(need, instant), instant)[:at_most]
    written = write(locked, chosen, wave=0, asked_by=by)
    if not written:
        raise ValidationError(
            "Es ist niemand mehr da, den wir von selbst fragen. Fragen Sie einzelne Personen,"
            " oder rufen Sie jemanden an."
        )
    detail = {"asked": len(written)}
    lifecycle.write_event(locked, "asked_by_coordinator", by=by, detail=detail)
    return len(written)


@transaction.atomic
def retract(proposal: Proposal, *, by: User) -> None:
    """Take back an offer that has not gone out yet; in this round the person is not asked again.

    Raises ValidationError when it was answered, or when its message is out or in hand.
    """
    locked = ServiceRequest.objects.select_for_update(of=("self",)).get(
        pk=proposal.service_request_id
    )
    if not Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.ASKED).update(
        state=Proposal.State.CLOSED, answered_at=now()
    ):
        raise ValidationError("Dieser Vorschlag ist nicht mehr offen.")
    # First take it back, then look: whoever is sending it has the row by now, or never gets it.
    outbox.supersede(telling.about_proposal(proposal))
    if outbox.was_handed_over(telling.about_proposal(proposal)):
        raise ValidationError(
            "Die Nachricht ist schon unterwegs. Rufen Sie an, wenn die Person nicht kommen soll."
        )
    lifecycle.write_event(locked, "offer_retracted", by=by)
