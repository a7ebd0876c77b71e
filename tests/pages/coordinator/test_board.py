"""The board: what a coordinator has to care about now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from pools.models import Organisation, Pool
from service_requests.models import Status
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_pool,
    a_request,
    a_volunteer,
    an_organisation,
)
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def board(desk: Client) -> str:
    response = desk.get(reverse("coordinator_board"))
    assert response.status_code == 200
    return text_of(response)


def test_the_search_that_needs_help_comes_first_and_says_why(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    for _ in range(4):
        a_volunteer(pool, speaks="prs")
    a_request(pool, language="prs", starts_at=clock() + timedelta(days=2, hours=1))
    a_request(pool, language="ti", starts_at=clock() + timedelta(days=9))
    page = board(desk)
    assert "braucht Hilfe Keine passende Person mehr, Termin in 9 Tagen" in page
    assert "gut unterwegs Noch 4 Personen nicht gefragt, Termin in 2 Tagen" in page
    assert page.index("Tigrinya") < page.index("Dari")


def test_a_search_with_one_person_left_is_short(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_volunteer(pool, speaks="prs")
    a_request(pool, language="prs", starts_at=clock() + timedelta(days=9))
    assert "knapp Noch 1 Person nicht gefragt, Termin in 9 Tagen" in board(desk)


def test_what_waits_for_a_decision_stands_on_top(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_request(pool, language="ti", status=Status.SUBMITTED, look_again_at=None)
    volunteer = a_volunteer(
        pool,
        given_name="Neu",
        family_name="Angekommen",
        status=Volunteer.Status.REGISTERED,
        interpreting_unlocked_at=None,
        guiding_unlocked_at=None,
    )
    organisation = an_organisation(pool, status=Organisation.Status.REGISTERED)
    page = board(desk)
    assert page.index("Tigrinya") < page.index("Wir suchen Keine offene Anfrage")
    assert str(volunteer.person) in page
    assert organisation.name in page
    assert "1 Warten auf Sie" in page
    assert "1 Neue Freiwillige" in page
    assert "1 Stellen warten" in page


def test_when_all_is_filled_the_next_appointment_is_named(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    a_request(pool, language="prs", status=Status.CONFIRMED)
    assert "Alles besetzt. Nächster Termin: Fr 27.11., 10:00 Uhr, Dari" in board(desk)


def test_another_pool_is_not_on_the_board(desk: Client, clock: MovableClock) -> None:
    a_request(a_pool("06534"), language="ti")
    assert "Tigrinya" not in board(desk)


def test_what_she_posted_for_her_own_organisation_elsewhere_is_not_on_her_board(
    client: Client, pool: Pool, clock: MovableClock
) -> None:
    elsewhere = an_organisation(a_pool("06534"))
    both = a_caseworker(elsewhere)
    a_coordinator(pool)
    pool.memberships.create(person=both, role="coordinator")
    service_request = a_request(organisation=elsewhere, language="ti")
    client.force_login(both)
    assert "Tigrinya" not in board(client)
    found = client.get(reverse("coordinator_request", args=[service_request.public_id]))
    assert found.status_code == 404


def test_a_caseworker_may_not_open_the_board(client: Client, pool: Pool) -> None:
    client.force_login(a_caseworker(an_organisation(pool)))
    assert client.get(reverse("coordinator_board")).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: Client, pool: Pool) -> None:
    response = client.get(reverse("coordinator_board"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
