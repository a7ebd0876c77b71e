"""What did not arrive: the coordinator sees it, knows what to do, and takes it off the list."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from notifications import elsewhere, receipts
from notifications.channels import sms
from notifications.channels.base import Sighting
from notifications.models import Channel, Message, MessageState
from pools.models import Pool
from tests.builders import a_contact, a_pool
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from tests.pages.coordinator.test_messages_and_rules import a_message

pytestmark = pytest.mark.django_db
DEAD = {"state": "dead"}


def a_failure(pool: Pool, clock: MovableClock, code: str, **names: str) -> Message:
    message = a_message(pool, MessageState.FAILED, clock, **names)
    Message.objects.filter(pk=message.pk).update(failure=code)
    return message


@pytest.mark.parametrize(
    ("code", "reason", "advice"),
    [
        ("21610", "hat Nachrichten gesperrt", "START"),
        ("30005", "Nummer unbekannt", "neuen Nummer"),
        ("30003", "Handy nicht erreichbar", "Rufen Sie später an"),
        ("30007", "vom Netz herausgefiltert", "Das Netz lässt diesen Text nicht durch."),
        ("99999", "Fehler 99999", "Rufen Sie an."),
    ],
)
def test_each_failure_says_why_and_what_can_be_done(
    desk: Client, pool: Pool, clock: MovableClock, code: str, reason: str, advice: str
) -> None:
    a_failure(pool, clock, code, family_name="Unerreichbar")
    text = text_of(desk.get(reverse("coordinator_messages"), DEAD))
    assert "Unerreichbar" in text
    assert reason in text
    assert advice in text


def test_who_has_seen_to_it_takes_it_off_the_list(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    message = a_failure(pool, clock, "30003", family_name="Unerreichbar")
    text = text_of(desk.post(reverse("coordinator_see_to_message", args=[message.pk]), follow=True))
    assert "Erledigt." in text
    assert "Unerreichbar" not in text
    message.refresh_from_db()
    assert message.seen_to_by is not None
    assert message.state == MessageState.FAILED


def test_what_reached_the_next_address_is_not_dead(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    message = a_message(pool, MessageState.ACCEPTED, clock, family_name="Zweitweg")
    Message.objects.update(
        spare={"x": "y"}, provider_reference="SM1", not_after=clock().replace(year=2027)
    )
    a_contact(message.person, channel=Channel.EMAIL, rank=2)
    receipts.note_sighting(message.pk, Sighting("SM1", "failed", code="30005"))
    assert "Zweitweg" not in text_of(desk.get(reverse("coordinator_messages"), DEAD))
    shown = text_of(desk.get(reverse("coordinator_message", args=[message.pk])))
    assert "Danach ging sie an die nächste Adresse: E-Mail" in shown


def test_the_log_of_a_message_tells_its_life(desk: Client, pool: Pool, clock: MovableClock) -> None:
    message = a_message(pool, MessageState.ACCEPTED, clock)
    clock.forward(minutes=1)
    receipts.take(
        sms.PATH,
        provider_reference="SM1",
        status="undelivered",
        code="30006",
        message_id=message.pk,
    )
    shown = text_of(desk.get(reverse("coordinator_message", args=[message.pk])))
    assert "geschrieben" in shown
    assert "der Dienst meldet: undelivered (Festnetz oder kein Empfang von SMS möglich)" in shown


def test_the_log_of_a_person_shows_hers_only(desk: Client, pool: Pool, clock: MovableClock) -> None:
    hers = a_failure(pool, clock, "30003", family_name="Gesucht")
    a_failure(pool, clock, "30003", family_name="Andere")
    text = text_of(
        desk.get(reverse("coordinator_messages"), {"person": str(hers.person.public_id)})
    )
    assert "Nachrichten an" in text
    assert "Andere" not in text
    assert desk.get(reverse("coordinator_messages"), {"person": "' OR 1=1"}).status_code == 200


def test_messages_of_another_pool_can_be_neither_read_nor_seen_to(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    foreign = a_failure(a_pool("06534"), clock, "30003")
    assert desk.get(reverse("coordinator_message", args=[foreign.pk])).status_code == 404
    url = reverse("coordinator_see_to_message", args=[foreign.pk])
    assert desk.post(url).status_code == 404
    assert Message.objects.dead().count() == 1


def test_the_board_counts_what_is_to_be_seen_to(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    message = a_failure(pool, clock, "30003")
    assert "Nicht zugestellt 1" in _tile(desk)
    elsewhere.see_to(message, by=message.person)
    assert "Nicht zugestellt 0" in _tile(desk)


def _tile(desk: Client) -> str:
    text = " ".join(text_of(desk.get(reverse("coordinator_board"))).split())
    place = text.index("Nicht zugestellt")
    before = text[:place].split()[-1:]
    return f"Nicht zugestellt {before[0]}" if before and before[0].isdigit() else text[place:][:20]
