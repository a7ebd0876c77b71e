"""Offers that reached nobody are ended, so that the search does not wait for their answers.

Nobody gets what failed, came too late, or was held back at the last look (gate.py).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from background.waking import wake
from matching import locks, telling
from matching.models import Proposal
from notifications.models import Message, MessageClass, MessageState
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status

log = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=14)
NEVER_SENT = {MessageState.FAILED, MessageState.EXPIRED, MessageState.SUPERSEDED}
"""Final states of what she never got; whoever closes an offer closes it in the same commit."""
PER_SWEEP = 500


def sweep() -> None:
    """End every open offer whose messages have all come to nothing. Idempotent."""
    lost = Message.objects.filter(
        message_class=MessageClass.OFFER,
        state__in=NEVER_SENT,
        created_at__gt=now() - LOOKED_BACK,
        person__proposals__state=Proposal.State.ASKED,
    )
    names = {name for about in lost.values_list("about", flat=True) for name in about}
    ids = [name.removeprefix("proposal:") for name in names if name.startswith("proposal:")]
    offers = Proposal.objects.filter(
        public_id__in=ids,
        state=Proposal.State.ASKED,
        service_request__status=Status.SEARCHING,
        service_request__search_round=F("search_round"),
    )
    some = offers.order_by("pk").values_list("pk", flat=True)[:PER_SWEEP]
    one_by_one(some, end, log, fails_as="undelivered_offer_failed", of="proposal")


@transaction.atomic
def end(proposal_pk: int) -> bool:
    """Close an open offer that nobody got, and let the search look again; False if somebody did."""
    proposal = Proposal.objects.select_related("service_request").get(pk=proposal_pk)
    service_request = proposal.service_request
    locks.hold_request(service_request.pk)
    if not came_to_nothing(proposal):
        return False
    instant = now()
    if not Proposal.objects.filter(pk=proposal_pk, state=Proposal.State.ASKED).update(
        state=Proposal.State.CLOSED, answered_at=instant
    ):
        return False
    failpoint("offer.ended")
    lifecycle.write_event(
        service_request,
        "offer_not_delivered",
        by=None,
        detail={"proposal": str(proposal.public_id)},
    )
    ServiceRequest.objects.filter(
        pk=service_request.pk, status=Status.SEARCHING, look_again_at__gt=instant
    ).update(look_again_at=instant)
    wake("matching.search.advance", service_request.pk)
    return True


def came_to_nothing(proposal: Proposal) -> bool:
    """Return whether there was a message about it, and each one failed or was held back."""
    told = Message.objects.about(telling.about_proposal(proposal)).filter(
        message_class=MessageClass.OFFER
    )
    states = set(told.values_list("state", flat=True))
    return bool(states) and states <= NEVER_SENT
