"""Offers that reached nobody do not hold up the search."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching import undelivered
from matching.models import Proposal
from notifications import contacts
from notifications.models import Channel, DemoMessage, Message, MessageState
from pools.models import Pool
from tests import builders
from tests.clock import MovableClock
from tests.phone import heartbeat

pytestmark = pytest.mark.usefixtures("messages_go_out")


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def an_offer(pool: Pool) -> Proposal:
    builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(hours=30))
    heartbeat()
    return Proposal.objects.get()


@pytest.mark.parametrize(
    ("state", "failure", "ended"),
    [
        (MessageState.FAILED, "30005", True),
        (MessageState.EXPIRED, "", True),
        (MessageState.SUPERSEDED, "no_contact", True),
        (MessageState.SUPERSEDED, "budget", True),
        (MessageState.UNKNOWN, "timeout", False),
        (MessageState.ACCEPTED, "", False),
        (MessageState.DELIVERED, "", False),
        (MessageState.PENDING, "429", False),
    ],
)
def test_an_offer_ends_when_nothing_of_it_arrived(
    pool: Pool, state: MessageState, failure: str, ended: bool
) -> None:
    offer = an_offer(pool)
    Message.objects.filter(template="offer").update(state=state, failure=failure)
    undelivered.sweep()
    undelivered.sweep()
    offer.refresh_from_db()
    assert (offer.state == Proposal.State.CLOSED) == ended
    events = offer.service_request.events.filter(kind="offer_not_delivered")
    assert events.count() == int(ended)


def test_while_another_address_is_tried_the_offer_stays(pool: Pool) -> None:
    offer = an_offer(pool)
    first = Message.objects.get(template="offer")
    Message.objects.update(state=MessageState.FAILED, failure="30005")
    first.pk, first.dedupe_key, first.instead_of_id = offer.public_id, "elsewhere", first.pk
    first.state, first.provider_reference = MessageState.PENDING, ""
    first.save(force_insert=True)
    undelivered.sweep()
    offer.refresh_from_db()
    assert offer.state == Proposal.State.ASKED


def test_after_a_stop_the_search_goes_on_with_somebody_else(
    pool: Pool, clock: MovableClock
) -> None:
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    amal = builders.a_volunteer(pool)
    heartbeat(1)
    offer = Proposal.objects.get(person=amal.person)
    Message.objects.filter(person=amal.person).update(state=MessageState.PENDING)
    DemoMessage.objects.all().delete()
    contacts.stop(amal.person.contacts.get(channel=Channel.SMS))
    boris = builders.a_volunteer(pool)
    heartbeat(3)
    offer.refresh_from_db()
    assert offer.state == Proposal.State.CLOSED
    assert Proposal.objects.filter(
        service_request=service_request, person=boris.person, state=Proposal.State.ASKED
    ).exists()


def test_an_answered_offer_is_left_as_it_is(pool: Pool) -> None:
    offer = an_offer(pool)
    Message.objects.filter(template="offer").update(state=MessageState.FAILED)
    Proposal.objects.update(state=Proposal.State.DECLINED)
    assert not undelivered.end(offer.pk)
    offer.refresh_from_db()
    assert offer.state == Proposal.State.DECLINED
