"""What was sent, and by which rules a pool works."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import Message, MessageState
from pools.models import Pool, Rule, User
from pools.rules import rule
from tests.builders import a_contact, a_person, a_pool
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of

pytestmark = pytest.mark.django_db


def a_message(pool: Pool, state: MessageState, clock: MovableClock, **names: str) -> Message:
    person: User = a_person(**names)
    return Message.objects.create(
        pool=pool,
        person=person,
        contact=a_contact(person),
        dedupe_key=f"{person.public_id}",
        message_class="offer",
        template="offer",
        not_before=clock(),
        not_after=clock(),
        state=state,
        created_at=clock(),
    )


def test_what_did_not_arrive_stands_first(desk: Client, pool: Pool, clock: MovableClock) -> None:
    a_message(pool, MessageState.FAILED, clock, family_name="Unerreichbar")
    clock.forward(hours=1)
    a_message(pool, MessageState.DELIVERED, clock, family_name="Erreicht")
    page = text_of(desk.get(reverse("coordinator_messages")))
    assert page.index("Unerreichbar") < page.index("Erreicht")
    failed = desk.get(reverse("coordinator_messages"), {"state": "failed"})
    assert "Erreicht" not in text_of(failed)


def test_messages_of_another_pool_are_not_shown(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_message(a_pool("06534"), MessageState.FAILED, clock, family_name="Fremd")
    assert "Fremd" not in desk.get(reverse("coordinator_messages")).content.decode()


def test_rules_are_shown_in_words_with_their_source(desk: Client, pool: Pool) -> None:
    page = text_of(desk.get(reverse("coordinator_rules")))
    assert "Vorgabe: Neutrale Vorgabe." in page
    assert "Höchstens so viele Personen auf einmal fragen 8 Vorgabe" in page
    assert "Jobcenter Koordination entscheidet möglich Vorgabe" in page


def test_a_rule_is_set_from_a_day_on(desk: Client, pool: Pool, clock: MovableClock) -> None:
    fields = {"name": "wave.max_size", "value": "5", "since": "1.12.2026"}
    page = text_of(desk.post(reverse("coordinator_rules"), fields, follow=True))
    assert "ab 01.12.2026" in page
    assert rule(pool, "wave.max_size", date(2026, 11, 30)) == "8"
    assert rule(pool, "wave.max_size", date(2026, 12, 1)) == "5"


def test_a_setting_is_closed_in_words(desk: Client, pool: Pool, clock: MovableClock) -> None:
    fields = {
        "name": "setting.jobcenter.interpreting",
        "value": "nicht möglich",
        "since": "24.11.2026",
    }
    page = text_of(desk.post(reverse("coordinator_rules"), fields, follow=True))
    assert "Jobcenter nicht möglich möglich eigene Regel" in page


@pytest.mark.parametrize(
    ("name", "value", "since", "text"),
    [
        ("wave.max_size", "viele", "24.11.2026", "Tragen Sie hier eine ganze Zahl ein."),
        ("wave.max_size", "5", "1.1.2026", "Eine Regel gilt frühestens ab heute."),
        ("setting.school.guidance", "vielleicht", "24.11.2026", "Schreiben Sie eines davon"),
        ("gibt.es.nicht", "5", "24.11.2026", "Wählen Sie eine Möglichkeit aus."),
    ],
)
def test_a_rule_that_cannot_be_is_said_at_its_field(
    desk: Client, pool: Pool, clock: MovableClock, name: str, value: str, since: str, text: str
) -> None:
    fields = {"name": name, "value": value, "since": since}
    response = desk.post(reverse("coordinator_rules"), fields)
    assert response.status_code == 422
    assert text in text_of(response)
    assert not Rule.objects.exists()


def test_the_rules_of_another_pool_are_not_found(desk: Client, pool: Pool) -> None:
    other = a_pool("06534")
    url = reverse("coordinator_rules") + f"?pool={other.slug}"
    fields = {"name": "wave.max_size", "value": "5", "since": "1.12.2030"}
    assert desk.get(url).status_code == 404
    assert desk.post(url, fields).status_code == 404
