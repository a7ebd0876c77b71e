"""A dead message once more, because a coordinator knows a way that works.

For most it is a matter of the outbox. An offer that reached nobody was ended (undelivered.py), so
that the search went on: it is opened again first, if the search still goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from matching import gate, locks, undelivered
from matching.models import Proposal
from notifications import elsewhere
from notifications.models import Contact, Message, MessageClass
from pools.models import User
from service_requests import lifecycle
from service_requests.models import Status

NOT_OPEN = "Diese Anfrage ist nicht mehr offen. Die Person muss nichts mehr hören."


@transaction.atomic
def send_again(message: Message, *, to: Callable[[], Contact], by: User) -> Message:
    """Write it once more to this contact; raise ValidationError when it makes no sense any more.

    `to` names the contact when its turn in the order of locks has come: after the person.
    """
    if message.message_class == MessageClass.OFFER:
        proposal = gate.proposal_of(message)
        if proposal is not None:
            _open_again(proposal, by=by)
    locks.hold_person(message.person_id)
    return elsewhere.write_by_hand(message.pk, to=to(), by=by)


def _open_again(proposal: Proposal, *, by: User) -> None:
    """Let the offer stand again that was ended because nobody got it."""
    locks.hold_request(proposal.service_request_id)
    locks.hold_person(proposal.person_id)
    proposal.refresh_from_db()
    service_request = proposal.service_request
    service_request.refresh_from_db()
    is_searched = (
        service_request.status == Status.SEARCHING
        and service_request.search_round == proposal.search_round
        and service_request.period.lower > now()
    )
    was_ended = proposal.state == Proposal.State.CLOSED and undelivered.came_to_nothing(proposal)
    if not is_searched or not (was_ended or proposal.state == Proposal.State.ASKED):
        raise ValidationError(NOT_OPEN)
    Proposal.objects.filter(pk=proposal.pk).update(
        state=Proposal.State.ASKED, answered_at=None, asked_at=now(), asked_by=by
    )
    lifecycle.write_event(service_request, "offer_sent_again", by=by)
