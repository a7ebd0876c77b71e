"""What arrived nowhere goes out once more, by another way, as long as that makes sense."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from background.clock import now
from matching import changes, undelivered
from matching.models import Proposal
from notifications import outbox, receipts, states
from notifications.channels.base import Sighting
from notifications.models import Channel, Contact, DemoMessage, Message, MessageState
from pools.models import Pool
from service_requests.models import ServiceRequest
from tests import builders
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from tests.phone import heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]
BUTTON = "Noch einmal senden"


def a_dead_offer(pool: Pool, *, code: str = "30005") -> Message:
    """Return an offer that the provider took and then could not deliver."""
    builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    message = Message.objects.get(template="offer")
    receipts.note_sighting(
        message.pk, Sighting(message.provider_reference, MessageState.FAILED, code=code)
    )
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    return message


def press(desk: Client, message: Message, **fields: str) -> str:
    url = reverse("coordinator_send_again", args=[message.pk])
    data: dict[str, Any] = {f"again-{name}": value for name, value in fields.items()}
    return text_of(desk.post(url, data, follow=True))


def test_after_the_number_is_corrected_the_offer_goes_out_again(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    dead = a_dead_offer(pool)
    undelivered.sweep()
    assert Proposal.objects.get().state == Proposal.State.CLOSED
    shown = text_of(desk.get(reverse("coordinator_message", args=[dead.pk])))
    assert BUTTON in shown
    assert "geht noch einmal hinaus" in press(desk, dead, address="0171 39200 42")
    assert Proposal.objects.get().state == Proposal.State.ASKED
    heartbeat()
    again = Message.objects.get(instead_of=dead)
    assert (again.state, again.contact.address) == (MessageState.ACCEPTED, "+491713920042")
    assert again.dedupe_key != dead.dedupe_key
    sent = DemoMessage.objects.get(address="+491713920042")
    assert "Dari gesucht" in sent.text
    assert "/a/" in sent.text
    dead.refresh_from_db()
    assert dead.seen_to_by is not None
    assert not Message.objects.dead().exists()
    assert ServiceRequest.objects.get().events.filter(kind="offer_sent_again").count() == 1
    undelivered.sweep()
    assert Proposal.objects.get().state == Proposal.State.ASKED


def test_it_goes_to_the_address_she_chose(desk: Client, pool: Pool, clock: MovableClock) -> None:
    dead = a_dead_offer(pool, code="30007")
    mail = builders.a_contact(dead.person, channel=Channel.EMAIL, rank=2)
    assert "geht noch einmal hinaus" in press(desk, dead, to=str(mail.public_id))
    assert Message.objects.get(instead_of=dead).contact == mail


def test_who_wrote_stop_is_not_written_to(desk: Client, pool: Pool, clock: MovableClock) -> None:
    dead = a_dead_offer(pool)
    Contact.objects.update(stopped_at=now())
    assert "START" in press(desk, dead, address=dead.contact.address)
    assert Contact.objects.get(pk=dead.contact_id).stopped_at is not None
    assert not Message.objects.filter(instead_of=dead).exists()


def test_once_is_enough(desk: Client, pool: Pool, clock: MovableClock) -> None:
    dead = a_dead_offer(pool)
    press(desk, dead, address="0171 39200 42")
    assert "geht noch einmal hinaus" not in press(desk, dead, address="0171 39200 43")
    assert Message.objects.filter(instead_of=dead).count() == 1
    assert not Contact.objects.filter(address="+491713920043").exists()
    assert BUTTON not in text_of(desk.get(reverse("coordinator_message", args=[dead.pk])))


@pytest.mark.parametrize("end", ["withdrawn", "too late", "a day", "seen to", "wrong number"])
def test_what_makes_no_sense_any_more_is_refused(
    desk: Client, pool: Pool, clock: MovableClock, end: str
) -> None:
    dead = a_dead_offer(pool)
    service_request = ServiceRequest.objects.get()
    address = "0171 39200 42"
    if end == "withdrawn":
        changes.withdraw(service_request, by=service_request.posted_by)
    elif end == "too late":
        clock.forward(days=4)
    elif end == "a day":
        states.forget_spares(now() + timedelta(seconds=1))
    elif end == "seen to":
        desk.post(reverse("coordinator_see_to_message", args=[dead.pk]))
    else:
        address = "0641 12345"
    page = press(desk, dead, address=address)
    assert "geht noch einmal hinaus" not in page
    assert not Message.objects.filter(instead_of=dead).exists()
    assert not Contact.objects.filter(address="+491713920042").exists()
    if end != "wrong number":
        assert BUTTON not in page


def test_neither_opened_nor_pressed_by_others_does_it_go_out(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    dead = a_dead_offer(pool)
    url = reverse("coordinator_send_again", args=[dead.pk])
    assert desk.get(url).status_code == 405
    Message.objects.update(pool=builders.a_pool("06534"))
    assert desk.post(url, {"again-address": "0171 39200 42"}).status_code == 404
    assert not Message.objects.filter(instead_of=dead).exists()


def test_a_strangers_address_cannot_be_chosen(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    dead = a_dead_offer(pool)
    stranger = builders.a_contact(builders.a_person())
    press(desk, dead, to=str(stranger.public_id))
    assert not Message.objects.filter(instead_of=dead).exists()


def test_the_text_of_a_code_is_not_kept(pool: Pool, clock: MovableClock) -> None:
    person = builders.a_person()
    builders.a_contact(person)
    code = outbox.write(
        person,
        pool=None,
        template="code",
        parameters={"code": "123456"},
        message_class="code",
        about=["code:1"],
        step="1",
        not_after=now() + timedelta(minutes=10),
    )
    assert code is not None
    states.move(code.pk, MessageState.FAILED, failure="30003")
    code.refresh_from_db()
    assert code.spare == {}
