"""«Hat der Einsatz stattgefunden?»: each side by its own link, said once, never by opening."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from background.clock import now
from matching import replies
from matching.models import Assignment
from notifications import links
from notifications.models import LinkPurpose
from pools.models import User
from reporting.models import Confirmation
from service_requests.models import Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.volunteer.offers import an_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(clock: MovableClock, db: None) -> Assignment:
    """Return an appointment that ended an hour ago."""
    answer = replies.accept(an_offer().proposal, via="link")
    assert answer.assignment is not None
    clock.forward(days=3, hours=2)
    return answer.assignment


def link_for(assignment: Assignment, person: User) -> str:
    token = links.issue(
        LinkPurpose.CONFIRMATION,
        person=person,
        pool=assignment.pool,
        target=assignment.public_id,
        expires_at=now() + timedelta(days=30),
    )
    return f"/b/{token}"


def of_volunteer(held: Assignment) -> str:
    return link_for(held, held.person)


def of_requester(held: Assignment) -> str:
    return link_for(held, held.service_request.posted_by)


def test_opening_it_says_nothing(client: Client, held: Assignment) -> None:
    url = of_volunteer(held)
    for _ in range(20):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert not Confirmation.objects.exists()


def test_the_planned_minutes_stand_in_the_form(client: Client, held: Assignment) -> None:
    page = client.get(of_volunteer(held)).content.decode()
    assert 'value="60"' in page
    assert "Nein, ich war nicht da" in page
    assert "Yilmaz" not in page
    assert "Musterweg" not in page


def test_each_side_has_its_own_words(client: Client, held: Assignment) -> None:
    page = client.get(of_requester(held)).content.decode()
    assert "Nein, von uns konnte niemand da sein" in page
    assert "Nein, die freiwillige Person war nicht da" in page
    assert "Amina" not in page


def test_both_sides_together_confirm_the_record(client: Client, held: Assignment) -> None:
    for url in (of_volunteer(held), of_requester(held)):
        response = client.post(url, {"outcome": "took_place", "minutes": "75"}, follow=True)
        assert "Danke für Ihre Bestätigung" in response.content.decode()
        assert "75 Minuten" in response.content.decode()
    held.service_request.refresh_from_db()
    assert held.service_request.status == Status.RECORD_CONFIRMED
    said = {one.side: one.said_by for one in Confirmation.objects.all()}
    assert said == {"volunteer": held.person, "requester": held.service_request.posted_by}


def test_it_is_said_once(client: Client, held: Assignment) -> None:
    url = of_volunteer(held)
    client.post(url, {"outcome": "took_place", "minutes": "60"})
    client.post(url, {"outcome": "client_absent", "minutes": ""})
    assert Confirmation.objects.get().outcome == "took_place"
    assert "Ja, der Einsatz hat stattgefunden" in client.get(url).content.decode()


def test_what_took_place_needs_its_minutes(client: Client, held: Assignment) -> None:
    url = of_volunteer(held)
    for minutes in ("", "0", "9999", "eine Stunde"):
        response = client.post(url, {"outcome": "took_place", "minutes": minutes})
        assert response.status_code == 422
    assert not Confirmation.objects.exists()


def test_a_no_show_needs_none(client: Client, held: Assignment) -> None:
    client.post(of_volunteer(held), {"outcome": "office_absent", "minutes": "60"})
    said = Confirmation.objects.get()
    assert (said.outcome, said.minutes) == ("office_absent", None)


def test_nothing_chosen_is_asked_again(client: Client, held: Assignment) -> None:
    response = client.post(of_volunteer(held), {"minutes": "60"})
    assert response.status_code == 422
    assert "Wählen Sie eine Möglichkeit aus." in response.content.decode()


def test_before_the_appointment_there_is_nothing_to_confirm(
    client: Client, clock: MovableClock
) -> None:
    answer = replies.accept(an_offer().proposal, via="link")
    assert answer.assignment is not None
    url = of_volunteer(answer.assignment)
    assert "noch nicht begonnen" in client.get(url).content.decode()
    client.post(url, {"outcome": "took_place", "minutes": "60"})
    assert not Confirmation.objects.exists()


def test_the_link_is_valid_for_thirty_days(
    client: Client, held: Assignment, clock: MovableClock
) -> None:
    url = of_volunteer(held)
    clock.forward(days=29)
    assert client.get(url).status_code == 200
    clock.forward(days=2)
    assert client.get(url).status_code == 410


def test_an_offer_link_confirms_nothing(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    assert client.get(offer.url.replace("/a/", "/b/")).status_code == 404


def test_somebody_else_confirms_nothing_from_the_signed_in_page(
    client: Client, held: Assignment
) -> None:
    url = f"/meine-einsaetze/{held.public_id}/bestaetigen/"
    client.force_login(builders.a_person())
    assert client.get(url).status_code == 404
    client.force_login(held.person)
    client.post(url, {"outcome": "took_place", "minutes": "60"})
    assert Confirmation.objects.get().side == "volunteer"
