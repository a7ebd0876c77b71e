"""What volunteers wrote: the coordinator reads what the machine may not guess."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from notifications.arrivals import Reply, Verdict
from pools.models import Pool
from tests.builders import a_person, a_pool
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of

pytestmark = pytest.mark.django_db


def a_reply(pool: Pool, text: str, verdict: str, clock: MovableClock) -> Reply:
    return Reply.objects.create(
        carrier="x",
        provider_reference=text,
        sender="+4917139200001",
        receiver="+4917604069001",
        text=text,
        sent_at=clock(),
        verdict=verdict,
        person=a_person(family_name="Schreibend"),
        pool=pool,
    )


def test_what_waits_to_be_read_stands_first_and_on_the_board(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_reply(pool, "Ja, aber erst um 15 Uhr", Verdict.KEPT, clock)
    clock.forward(minutes=5)
    a_reply(pool, "JA 47", Verdict.YES, clock)
    text = text_of(desk.get(reverse("coordinator_replies")))
    assert text.index("erst um 15 Uhr") < text.index("JA 47")
    assert "Antworten lesen" in text_of(desk.get(reverse("coordinator_board")))


def test_who_has_read_it_says_so(desk: Client, pool: Pool, clock: MovableClock) -> None:
    reply = a_reply(pool, "<script>alert(1)</script>", Verdict.KEPT, clock)
    assert "<script>alert" not in desk.get(reverse("coordinator_replies")).content.decode()
    desk.post(reverse("coordinator_read_reply", args=[reply.public_id]))
    assert not Reply.objects.unread().exists()
    reply.refresh_from_db()
    assert reply.read_by is not None


def test_replies_to_another_pool_are_not_shown(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    foreign = a_reply(a_pool("06534"), "geheim", Verdict.KEPT, clock)
    assert "geheim" not in text_of(desk.get(reverse("coordinator_replies")))
    url = reverse("coordinator_read_reply", args=[foreign.public_id])
    assert desk.post(url).status_code == 404
