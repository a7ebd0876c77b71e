"""Sending: due, allowed, claimed by one, handed over once, and noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from background.clock import now
from notifications import outbox
from notifications.channels.base import InsideTransaction
from notifications.models import (
    Channel,
    DemoMessage,
    LinkPurpose,
    Message,
    MessageState,
)
from pools.models import User
from tests.builders import a_pool
from tests.clock import MovableClock
from tests.notifications.builders import BERLIN, a_message, delivered, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


def test_a_due_message_reaches_the_telephone(amal: User) -> None:
    message = a_message(amal)
    assert delivered(message) == MessageState.ACCEPTED
    received = DemoMessage.objects.get()
    assert received.address == amal.contacts.get().address
    assert received.channel == Channel.SMS
    assert received.text.startswith("Dari gesucht: Di 24.11. 14:00")
    assert message.provider_reference == str(received.reference)
    assert message.attempts == 1
    assert message.accepted_at is not None
    assert message.lease_until is None


def test_an_email_has_a_subject_a_greeting_and_the_pools_telephone(berta: User) -> None:
    pool = a_pool(centre_name="WIR-Vielfaltszentrum Marburg", phone="06421 2010")
    delivered(a_message(berta, pool=pool))
    received = DemoMessage.objects.get()
    assert received.channel == Channel.EMAIL
    assert received.subject == "Dari am Di 24.11., 14:00 in Gießen: haben Sie Zeit?"
    assert received.text.startswith("Guten Tag Berta,")
    assert "WIR-Vielfaltszentrum Marburg\nTelefon: 06421 2010" in received.text


def test_sending_twice_sends_once(amal: User) -> None:
    message = a_message(amal)
    for _ in range(3):
        delivered(message)
    assert DemoMessage.objects.count() == 1
    assert message.attempts == 1


def test_an_unknown_or_strange_id_sends_nothing() -> None:
    outbox.deliver("5d3b1a52-7f0e-4a3c-9d7e-2c1b0a998877")
    assert not DemoMessage.objects.exists()


def test_parameters_and_the_token_in_them_are_gone_once_accepted(amal: User) -> None:
    spec = outbox.LinkSpec(LinkPurpose.OFFER, uuid4(), now() + timedelta(days=2))
    message = a_message(amal, pool=a_pool(), link=spec)
    token = message.parameters["link"].rsplit("/", 1)[1]
    delivered(message)
    assert message.parameters == {}
    assert token not in str(Message.objects.values().get())


def test_a_provider_is_never_called_inside_a_transaction(amal: User) -> None:
    message = a_message(amal)
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outbox.deliver(str(message.pk))
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outbox.sweep()
    with transaction.atomic(), pytest.raises(InsideTransaction):
        outbox.resolve_unknown(str(message.pk))
    assert state_of(message) == MessageState.PENDING
    assert message.attempts == 0


def test_a_day_is_named_as_of_the_moment_of_sending(amal: User, clock: MovableClock) -> None:
    clock.set(datetime(2026, 11, 23, 23, 0, tzinfo=BERLIN))
    message = a_message(
        amal,
        template="offer_urgent",
        not_before=now() + timedelta(hours=9),
        not_after=now() + timedelta(hours=14),
    )
    assert message.parameters["wann"] == "morgen"
    clock.forward(hours=9)
    delivered(message)
    assert "Dringend: Dari, heute 14:00" in DemoMessage.objects.get().text
