"""The two sides said different things: the coordinator asks them, and writes down what it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from matching import assignments
from matching.models import Assignment
from pools.models import Pool, User
from reporting import records
from reporting.models import Confirmation
from service_requests.models import ServiceRequest, Status
from tests.builders import a_coordinator, a_pool, a_request, a_volunteer
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of

pytestmark = pytest.mark.django_db
Side, Outcome = Confirmation.Side, Confirmation.Outcome
ON_BOARD = "Fragen Sie beide Seiten."


def a_disputed_request(pool: Pool, clock: MovableClock) -> ServiceRequest:
    service_request = a_request(pool, starts_at=clock() + timedelta(days=2))
    assignments.assign_by_telephone(
        service_request, volunteer=a_volunteer(pool), by=a_coordinator(pool)
    )
    clock.forward(days=3)
    assignment = Assignment.objects.get(service_request=service_request)
    for side, outcome in (
        (Side.VOLUNTEER, Outcome.TOOK_PLACE),
        (Side.REQUESTER, Outcome.VOLUNTEER_ABSENT),
    ):
        records.confirm(assignment, side=side, outcome=outcome, said_by=assignment.person)
    return service_request


def decide(desk: Client, service_request: ServiceRequest, outcome: str) -> str:
    url = reverse("coordinator_decide_dispute", args=[service_request.public_id])
    return desk.post(url, {"dispute-outcome": outcome}, follow=True).content.decode()


def board(desk: Client) -> str:
    return text_of(desk.get(reverse("coordinator_board")))


@pytest.mark.parametrize(
    ("outcome", "status", "told"),
    [
        (Outcome.TOOK_PLACE, Status.RECORD_CONFIRMED, "hat stattgefunden"),
        (
            Outcome.OFFICE_ABSENT,
            Status.DID_NOT_TAKE_PLACE,
            "hat nicht stattgefunden (Stelle oder Fachkraft war nicht da)",
        ),
    ],
)
def test_a_decision_ends_the_dispute_and_names_who_took_it(
    desk: Client, pool: Pool, clock: MovableClock, outcome: str, status: str, told: str
) -> None:
    service_request = a_disputed_request(pool, clock)
    assert ON_BOARD in board(desk)
    assert "Ihre Entscheidung ist festgehalten." in decide(desk, service_request, outcome)
    service_request.refresh_from_db()
    assert service_request.status == status
    page = text_of(desk.get(reverse("coordinator_request", args=[service_request.public_id])))
    assert f"Entscheidung der Koordination: {told} (Jonas Seibert)" in page
    assert "Was ist herausgekommen?" not in page
    assert ON_BOARD not in board(desk)


def test_a_decision_is_taken_once(desk: Client, pool: Pool, clock: MovableClock) -> None:
    service_request = a_disputed_request(pool, clock)
    decide(desk, service_request, Outcome.TOOK_PLACE)
    assert "Das geht nicht mehr." in decide(desk, service_request, Outcome.CLIENT_ABSENT)
    service_request.refresh_from_db()
    assert service_request.status == Status.RECORD_CONFIRMED


def test_without_a_choice_the_page_asks_for_one(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    service_request = a_disputed_request(pool, clock)
    url = reverse("coordinator_decide_dispute", args=[service_request.public_id])
    for fields in ({}, {"dispute-outcome": "rained"}):
        response = desk.post(url, fields)
        assert response.status_code == 422
        assert "Wählen Sie eine Möglichkeit aus." in text_of(response)
    assert ON_BOARD in board(desk)


def test_opening_the_address_decides_nothing(desk: Client, pool: Pool, clock: MovableClock) -> None:
    service_request = a_disputed_request(pool, clock)
    url = reverse("coordinator_decide_dispute", args=[service_request.public_id])
    assert desk.get(url).status_code == 405


def test_a_dispute_of_another_pool_is_not_found(
    desk: Client, coordinator: User, clock: MovableClock
) -> None:
    service_request = a_disputed_request(a_pool("06534"), clock)
    assert ON_BOARD not in board(desk)
    url = reverse("coordinator_decide_dispute", args=[service_request.public_id])
    assert desk.post(url, {"dispute-outcome": Outcome.TOOK_PLACE}).status_code == 404
    service_request.refresh_from_db()
    assert service_request.status == Status.TOOK_PLACE
