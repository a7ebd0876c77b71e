"""One request: who could come and why, who was asked, and what a coordinator does about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from background.clock import now
from matching import proposals
from matching.models import Assignment, Proposal
from notifications.models import Message, MessageState
from pools.models import Pool, User
from reference.models import Reason
from service_requests.models import ServiceRequest, Status
from tests.builders import a_pool, a_request, a_volunteer
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
STEPS = (
    "coordinator_ask",
    "coordinator_ask_next",
    "coordinator_assign",
    "coordinator_release",
    "coordinator_reject",
    "coordinator_give_up",
    "coordinator_withdraw",
    "coordinator_cancel",
)


def page_of(desk: Client, service_request: ServiceRequest) -> str:
    response = desk.get(reverse("coordinator_request", args=[service_request.public_id]))
    assert response.status_code == 200
    return text_of(response)


def press(
    desk: Client, name: str, service_request: ServiceRequest, **fields: object
) -> HttpResponse:
    """Press a button and read the page it leads to."""
    url = reverse(name, args=[service_request.public_id])
    return desk.post(url, fields, follow=True)  # type: ignore[return-value]


def status_of(service_request: ServiceRequest) -> str:
    return ServiceRequest.objects.get(pk=service_request.pk).status


def test_people_are_proposed_with_the_reason_in_words(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs", given_name="Amal", family_name="Nah", postcode="35390")
    service_request = a_request(pool, language="prs", postcode="35390")
    page = page_of(desk, service_request)
    assert "Amal Nah" in page
    assert "spricht Dari als Erstsprache · unter 1 km · noch kein Einsatz diesen Monat" in page


def test_whom_the_engine_spares_is_shown_with_the_reason(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs", postcode="35321", radius_km=5, family_name="Weitweg")
    page = page_of(desk, a_request(pool, language="prs", postcode="35390"))
    assert "Weitweg" in page
    assert "Wir fragen nicht von selbst: der Ort liegt weiter weg als der eigene Umkreis" in page


def test_nobody_without_the_records_is_proposed(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs", records=["german_b1"], family_name="Ohneschulung")
    page = page_of(desk, a_request(pool, language="prs"))
    assert "Ohneschulung" not in page
    assert "Zurzeit passt niemand mehr" in page


def test_a_request_of_another_pool_is_not_found(desk: Client, clock: MovableClock) -> None:
    foreign = a_request(a_pool("06534"))
    assert desk.get(reverse("coordinator_request", args=[foreign.public_id])).status_code == 404
    for step in STEPS:
        assert desk.post(reverse(step, args=[foreign.public_id])).status_code == 404
    assert status_of(foreign) == Status.SEARCHING


def test_nothing_happens_by_opening_an_address(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    service_request = a_request(pool)
    for step in STEPS:
        response = desk.get(reverse(step, args=[service_request.public_id]))
        assert response.status_code == 405


def test_one_person_is_asked(desk: Client, pool: Pool, coordinator: User) -> None:
    volunteer = a_volunteer(pool, speaks="prs")
    service_request = a_request(pool, language="prs")
    response = press(desk, "coordinator_ask", service_request, volunteer=volunteer.public_id)
    assert f"{volunteer.person} wird gefragt." in response.content.decode()
    proposal = Proposal.objects.get(service_request=service_request)
    assert (proposal.volunteer, proposal.asked_by) == (volunteer, coordinator)
    assert "Von der Koordination gefragt" in page_of(desk, service_request)


def test_somebody_of_another_pool_cannot_be_asked(desk: Client, pool: Pool) -> None:
    foreign = a_volunteer(a_pool("06534"), speaks="prs")
    service_request = a_request(pool, language="prs")
    url = reverse("coordinator_ask", args=[service_request.public_id])
    assert desk.post(url, {"volunteer": foreign.public_id}).status_code == 404
    assert desk.post(url, {"volunteer": "keine-nummer"}).status_code == 404
    assert not Proposal.objects.exists()


def test_the_next_three_are_asked_at_once(desk: Client, pool: Pool) -> None:
    for _ in range(5):
        a_volunteer(pool, speaks="prs")
    service_request = a_request(pool, language="prs")
    press(desk, "coordinator_ask_next", service_request)
    assert Proposal.objects.filter(service_request=service_request).count() == 3


def test_asking_the_next_says_so_when_nobody_is_left(desk: Client, pool: Pool) -> None:
    response = press(desk, "coordinator_ask_next", a_request(pool, language="ti"))
    assert "Es ist niemand mehr da" in response.content.decode()


def test_a_yes_on_the_telephone_fills_the_request(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(pool, speaks="prs", family_name="Amtelefon")
    service_request = a_request(pool, language="prs")
    press(desk, "coordinator_assign", service_request, volunteer=volunteer.public_id)
    assert status_of(service_request) == Status.CONFIRMED
    assert Assignment.objects.get().accepted_via == "telephone"
    page = page_of(desk, service_request)
    assert f"Es kommt: {volunteer.person}" in page
    assert "am Telefon" in page


def test_a_yes_on_the_telephone_by_somebody_without_records_is_refused(
    desk: Client, pool: Pool
) -> None:
    volunteer = a_volunteer(pool, speaks="prs", records=[])
    service_request = a_request(pool, language="prs")
    response = press(desk, "coordinator_assign", service_request, volunteer=volunteer.public_id)
    assert "Diese Person können wir nicht zuteilen" in response.content.decode()
    assert status_of(service_request) == Status.SEARCHING


def test_somebody_is_found_by_name(desk: Client, pool: Pool) -> None:
    a_volunteer(pool, speaks="ti", given_name="Selam", family_name="Gesucht")
    service_request = a_request(pool, language="prs")
    url = reverse("coordinator_request", args=[service_request.public_id])
    assert "Selam Gesucht" in text_of(desk.get(url, {"name": "such sel"}))
    assert "Niemand mit diesem Namen" in text_of(desk.get(url, {"name": "Xaver"}))


def test_why_not_her_is_said_next_to_her_name(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs", family_name="Pause", is_paused=True)
    a_volunteer(pool, speaks="prs", family_name="Bereit")
    url = reverse("coordinator_request", args=[a_request(pool, language="prs").public_id])
    assert "Dagegen spricht: macht gerade Pause." in text_of(desk.get(url, {"name": "Pause"}))
    assert "Nichts spricht dagegen." in text_of(desk.get(url, {"name": "Bereit"}))


def test_the_funnel_shows_where_people_are_lost_and_what_would_help(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs", postcode="35321", radius_km=5)
    a_volunteer(pool, speaks="prs")
    page = page_of(desk, a_request(pool, language="prs", postcode="35390"))
    assert "sprechen die Sprache 2" in page
    assert "davon kommen an den Ort oder sprechen aus der Ferne 1" in page
    assert "wenn der Weg weiter sein darf: 1 Person mehr" in page


def test_an_offer_that_is_not_out_yet_is_taken_back(
    desk: Client, pool: Pool, coordinator: User
) -> None:
    volunteer = a_volunteer(pool, speaks="prs")
    service_request = a_request(pool, language="prs")
    proposal = proposals.ask(service_request, volunteer, by=coordinator)
    assert "Zurückholen" in page_of(desk, service_request)
    url = reverse("coordinator_retract", args=[service_request.public_id, proposal.public_id])
    desk.post(url)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.CLOSED
    assert Message.objects.get(template__startswith="offer").state == MessageState.SUPERSEDED
    assert "Zurückholen" not in page_of(desk, service_request)


def test_an_offer_that_is_out_cannot_be_taken_back(
    desk: Client, pool: Pool, coordinator: User
) -> None:
    volunteer = a_volunteer(pool, speaks="prs")
    service_request = a_request(pool, language="prs")
    proposal = proposals.ask(service_request, volunteer, by=coordinator)
    Message.objects.update(state=MessageState.ACCEPTED, handed_over_at=now())
    url = reverse("coordinator_retract", args=[service_request.public_id, proposal.public_id])
    response = desk.post(url, follow=True)
    assert "Die Nachricht ist schon unterwegs." in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.ASKED


def test_a_submitted_request_is_released(desk: Client, pool: Pool) -> None:
    service_request = a_request(pool, status=Status.SUBMITTED, look_again_at=None)
    assert "Ihre Entscheidung" in page_of(desk, service_request)
    press(desk, "coordinator_release", service_request)
    assert status_of(service_request) == Status.SEARCHING


def test_a_submitted_request_is_rejected_with_a_reason(desk: Client, pool: Pool) -> None:
    service_request = a_request(pool, status=Status.SUBMITTED, look_again_at=None)
    fields = {"reject-reason": "reject_sworn_needed"}
    press(desk, "coordinator_reject", service_request, **fields)
    assert status_of(service_request) == Status.REJECTED
    page = page_of(desk, service_request)
    assert "abgelehnt" in page
    assert Reason.objects.get(code="reject_sworn_needed").label_de in page


def test_rejecting_without_a_reason_asks_for_one(desk: Client, pool: Pool) -> None:
    service_request = a_request(pool, status=Status.SUBMITTED, look_again_at=None)
    response = press(desk, "coordinator_reject", service_request)
    assert response.status_code == 422
    assert "<title>Fehler: " in response.content.decode()
    assert "Grund: Wählen Sie eine Möglichkeit aus." in text_of(response)
    assert status_of(service_request) == Status.SUBMITTED


def test_a_reason_of_another_list_is_refused(desk: Client, pool: Pool) -> None:
    service_request = a_request(pool)
    fields = {"give_up-reason": "rcancel_client"}
    assert press(desk, "coordinator_give_up", service_request, **fields).status_code == 422


@pytest.mark.parametrize(
    ("step", "reason", "end"),
    [
        ("give_up", "unfilled_no_language", Status.NOT_FILLED),
        ("withdraw", "rcancel_not_needed", Status.WITHDRAWN),
    ],
)
def test_a_search_ends_with_a_reason(
    desk: Client, pool: Pool, step: str, reason: str, end: Status
) -> None:
    service_request = a_request(pool)
    press(desk, f"coordinator_{step}", service_request, **{f"{step}-reason": reason})
    assert status_of(service_request) == end


def test_an_appointment_is_cancelled_and_the_volunteer_told(
    desk: Client, pool: Pool, coordinator: User
) -> None:
    volunteer = a_volunteer(pool, speaks="prs")
    service_request = a_request(pool, language="prs")
    press(desk, "coordinator_assign", service_request, volunteer=volunteer.public_id)
    fields = {"cancel-reason": "rcancel_client"}
    press(desk, "coordinator_cancel", service_request, **fields)
    assert status_of(service_request) == Status.CANCELLED
    assert Message.objects.filter(template="cancelled_by_office", person=volunteer.person).exists()


def test_who_comes_too_late_is_told(desk: Client, pool: Pool) -> None:
    service_request = a_request(pool, status=Status.WITHDRAWN)
    fields = {"give_up-reason": "unfilled_no_reply"}
    response = press(desk, "coordinator_give_up", service_request, **fields)
    assert "Das geht nicht mehr." in response.content.decode()


def test_requests_are_listed_by_state(desk: Client, pool: Pool) -> None:
    a_request(pool, language="prs", status=Status.CONFIRMED)
    a_request(pool, language="ti")
    page = text_of(desk.get(reverse("coordinator_requests"), {"status": "confirmed"}))
    assert "Dari" in page
    assert "Tigrinya" not in page


def test_the_telephone_way_leads_to_the_form_of_the_institution(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    organisation = a_request(pool).organisation
    page = desk.get(reverse("coordinator_new_request")).content.decode()
    form = f"{reverse('institution_new_request')}?organisation={organisation.public_id}"
    assert form in page
    assert desk.get(form).status_code == 200


def test_what_was_not_wanted_stays_readable(desk: Client, pool: Pool, clock: MovableClock) -> None:
    volunteer: Volunteer = a_volunteer(pool, speaks="prs")
    service_request = a_request(
        pool, language="prs", starts_at=clock() + timedelta(days=3), note="Aufzug ist defekt"
    )
    Proposal.objects.create(
        pool=pool,
        service_request=service_request,
        volunteer=volunteer,
        volunteer_pool=pool,
        person=volunteer.person,
        language=service_request.language,
        mode="on_site",
        probability=0.3,
        state=Proposal.State.DECLINED,
        answered_at=clock(),
        decline_reason=Reason.objects.get(code="decline_too_far"),
    )
    page = page_of(desk, service_request)
    assert "abgesagt" in page
    assert "Zu weit" in page
    assert "Aufzug ist defekt" in page
