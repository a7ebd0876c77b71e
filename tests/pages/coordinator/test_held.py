"""Appointments already held whose volunteer may no longer come: seen, and somebody else found."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matching import assignments
from matching.models import Assignment
from pools.models import Pool
from service_requests.models import ServiceRequest, Status
from tests.builders import a_coordinator, a_pool, a_request, a_volunteer
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from volunteers.models import Qualification, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TITLE = "Zugesagte Einsätze, denen etwas fehlt"


def held(pool: Pool) -> Assignment:
    """Return an appointment in three days that somebody holds."""
    volunteer = a_volunteer(pool, given_name="Amal", family_name="Kommt")
    answer = assignments.assign_by_telephone(
        a_request(pool), volunteer=volunteer, by=a_coordinator(pool)
    )
    assert answer.assignment
    return answer.assignment


def press(desk: Client, name: str, *args: object, **fields: object) -> str:
    return text_of(desk.post(reverse(name, args=args), fields, follow=True))


def let_go(desk: Client, assignment: Assignment, who: str = "pool") -> str:
    fields = {"let_go-who": who}
    return press(desk, "coordinator_let_go", assignment.service_request.public_id, **fields)


def board(desk: Client) -> str:
    return text_of(desk.get(reverse("coordinator_board")))


def request_page(desk: Client, assignment: Assignment) -> str:
    url = reverse("coordinator_request", args=[assignment.service_request.public_id])
    return text_of(desk.get(url))


def test_a_revoked_record_shows_on_the_board_and_at_the_request(desk: Client, pool: Pool) -> None:
    assignment = held(pool)
    assert TITLE not in board(desk)
    assert "es fehlt etwas" not in request_page(desk, assignment)
    record = Qualification.objects.get(volunteer=assignment.volunteer, type="german_b1")
    told = press(
        desk, "coordinator_revoke_record", assignment.volunteer.public_id, record.public_id
    )
    assert "1 zugesagter Einsatz ist betroffen. Er steht unter «Lage»." in told
    page = board(desk)
    assert TITLE in page
    assert "Amal Kommt am Tag gilt nicht: Deutsch B1 oder höher" in page
    assert "Zugesagt, aber es fehlt etwas: am Tag gilt nicht" in request_page(desk, assignment)


@pytest.mark.parametrize(
    ("step", "role"),
    [
        ("coordinator_lock", ["interpret"]),
        ("coordinator_refuse_volunteer", []),
        ("coordinator_volunteer_left", []),
    ],
)
def test_whoever_locks_is_told_how_many_appointments_it_touches(
    desk: Client, pool: Pool, step: str, role: list[str]
) -> None:
    assignment = held(pool)
    told = press(desk, step, assignment.volunteer.public_id, *role)
    assert "1 zugesagter Einsatz ist betroffen." in told


def test_what_touches_no_appointment_says_nothing_of_them(desk: Client, pool: Pool) -> None:
    assignment = held(pool)
    assert "betroffen" not in press(
        desk, "coordinator_lock", assignment.volunteer.public_id, "guide"
    )
    other = a_volunteer(pool)
    assert "betroffen" not in press(desk, "coordinator_lock", other.public_id, "interpret")


def test_another_pools_appointments_are_not_on_the_board(desk: Client, pool: Pool) -> None:
    assignment = held(a_pool("06534"))
    Volunteer.objects.filter(pk=assignment.volunteer_id).update(interpreting_unlocked_at=None)
    assert TITLE not in board(desk)
    url = reverse("coordinator_let_go", args=[assignment.service_request.public_id])
    assert desk.post(url, {"let_go-who": "pool"}).status_code == 404
    assert Assignment.objects.active().exists()


def test_the_volunteer_is_let_go_and_somebody_else_is_looked_for(desk: Client, pool: Pool) -> None:
    assignment = held(pool)
    assert "Die Person kommt nicht" in request_page(desk, assignment)
    told = let_go(desk, assignment)
    assert "Amal Kommt kommt nicht und erfährt es. Wir suchen wieder." in told
    assert ServiceRequest.objects.get().status == Status.SEARCHING
    assert "Zusage abgesagt, wir suchen wieder (Jonas Seibert)" in told
    assert "Das geht nicht mehr." in let_go(desk, assignment)


def test_who_cancelled_has_to_be_said(desk: Client, pool: Pool) -> None:
    assignment = held(pool)
    for who in ("", "nobody"):
        assert "Wählen Sie eine Möglichkeit aus." in let_go(desk, assignment, who)
    assert Assignment.objects.active().exists()


def test_opening_the_address_lets_nobody_go(desk: Client, pool: Pool) -> None:
    url = reverse("coordinator_let_go", args=[held(pool).service_request.public_id])
    assert desk.get(url).status_code == 405


def test_once_it_has_begun_nobody_is_let_go(desk: Client, pool: Pool, clock: MovableClock) -> None:
    assignment = held(pool)
    clock.set(assignment.period.lower)
    assert "Die Person kommt nicht" not in request_page(desk, assignment)
    assert "Das geht nicht mehr." in let_go(desk, assignment)


def test_the_volunteer_reads_who_cancelled(desk: Client, client: Client, pool: Pool) -> None:
    assignment = held(pool)
    let_go(desk, assignment)
    theirs = Client()
    theirs.force_login(assignment.person)
    for url in (
        reverse("my_appointments"),
        reverse("my_appointment", args=[assignment.public_id]),
    ):
        assert "von der Koordination abgesagt" in text_of(theirs.get(url))
    assert assignment.proposal
    offer = text_of(theirs.get(reverse("my_offer", args=[assignment.proposal.public_id])))
    assert "Sie müssen nicht kommen" in offer
    assert "Ja, ich komme" not in offer
