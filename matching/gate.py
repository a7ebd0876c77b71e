"""The last look before an offer goes out (settings.OFFER_GATE): is it still right to ask her?

Written is not sent: quiet hours, a slow provider or a night without a worker lie between. The
sender holds the person by then, so that of two offers the second sees the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from background.clock import now
from matching import candidates, filters, verdicts
from matching.models import Proposal
from matching.need import Need
from matching.reading import need_of
from notifications.models import Message, MessageClass, MessageState
from service_requests.models import ServiceRequest, Status
from volunteers.models import Profile

IN_HER_HANDS = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.ACCEPTED,
    MessageState.DELIVERED,
)
OF_WRITING = frozenset({"asked", "budget", "arrives"})
"""True by now (she is asked), counted here instead, or kept by the message's own end."""
CLOSED, BUDGET, LOCKED, UNSUITABLE = "offer_closed", "budget", "locked", "unsuitable"
NAMED = {"kind": LOCKED, "records": "records", "unanswered": "unanswered"}


def why_not(message: Message) -> str:
    """Return the code of what speaks against sending an offer now, «» when nothing does.

    What a coordinator asked herself goes beyond comfort here too, as it did when it was written.
    """
    proposal = proposal_of(message)
    if proposal is None:
        return ""  # it speaks of nothing of ours
    instant = now()
    if not _is_open(proposal, instant):
        return CLOSED
    need = replace(
        need_of(proposal.service_request, instant),
        pools=(proposal.volunteer_pool_id,),
        languages=(proposal.language_id,),
        modes=(proposal.mode,),
    )
    by_hand = proposal.asked_by_id is not None
    exempt = OF_WRITING | (filters.COORDINATOR_MAY_RELAX if by_hand else frozenset())
    volunteers = [proposal.volunteer_id]
    if not candidates.find(need, instant, volunteers=volunteers, relaxed=exempt):
        return _what_speaks_against(need, instant, volunteers, exempt)
    is_urgent = need.is_urgent(instant)
    return BUDGET if not by_hand and _has_had_enough(message, instant, is_urgent) else ""


def _what_speaks_against(
    need: Need, instant: datetime, volunteers: list[int], exempt: frozenset[str]
) -> str:
    """Name it: dearer than to know that there is something, and seldom needed."""
    of_her = verdicts.of_all(need, instant, volunteers=volunteers)
    failed = of_her[0].failed - exempt if of_her else frozenset({"kind"})
    return next((NAMED[name] for name in NAMED if name in failed), UNSUITABLE)


def proposal_of(message: Message) -> Proposal | None:
    """Return the offer a message makes, None when it speaks of nothing of ours."""
    kind, _, public_id = message.about[0].partition(":")
    try:
        named = UUID(public_id)
    except ValueError:
        return None
    offers = Proposal.objects.filter(public_id=named, person=message.person_id)
    return offers.select_related("service_request__pool").first() if kind == "proposal" else None


def _is_open(proposal: Proposal, instant: datetime) -> bool:
    return (
        proposal.state == Proposal.State.ASKED
        and ServiceRequest.objects.filter(
            pk=proposal.service_request_id,
            status=Status.SEARCHING,
            search_round=proposal.search_round,
            period__startswith__gt=instant,
        ).exists()
    )


def _has_had_enough(message: Message, instant: datetime, is_urgent: bool) -> bool:
    """Return whether she got her messages of this week; what is still unsent does not count."""
    profile = Profile.objects.get(person=message.person_id)
    if is_urgent and profile.urgent_beyond_budget:
        return False
    got = Message.objects.filter(
        person=message.person_id,
        message_class=MessageClass.OFFER,
        state__in=IN_HER_HANDS,
        handed_over_at__gt=instant - filters.BUDGET_WINDOW,
    ).exclude(pk=message.pk)
    return got.count() >= profile.messages_per_week
