"""A signed-in volunteer's appointments and offers; nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from matching import replies
from matching.models import Assignment
from service_requests.models import Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.volunteer.offers import Offer, an_offer

pytestmark = pytest.mark.django_db
LIST = "/meine-einsaetze/"


def test_one_has_to_be_signed_in(client: Client) -> None:
    response = client.get(LIST)
    assert response.status_code == 302
    assert response["Location"].startswith("/anmelden/")


def test_an_empty_list_says_what_happens_next(client: Client) -> None:
    client.force_login(builders.a_volunteer(builders.a_pool()).person)
    page = client.get(LIST).content.decode()
    assert "Noch keine Einsätze" in page
    assert "Zeiten prüfen" in page


def test_open_offers_are_listed_and_answered_without_a_link(client: Client) -> None:
    offer = an_offer()
    client.force_login(offer.volunteer.person)
    page = client.get(LIST).content.decode()
    assert "Wir fragen Sie gerade" in page
    url = f"{LIST}anfrage/{offer.proposal.public_id}/"
    assert url in page
    response = client.post(url, {"action": "yes"}, follow=True)
    assert "Sie haben zugesagt" in response.content.decode()
    assert "Musterweg 1" in response.content.decode()
    assert Assignment.objects.get().accepted_via == "page"


def test_an_offer_that_is_gone_is_no_longer_listed(client: Client) -> None:
    offer = an_offer()
    offer.service_request.status = Status.WITHDRAWN
    offer.service_request.save()
    client.force_login(offer.volunteer.person)
    assert "Wir fragen Sie gerade" not in client.get(LIST).content.decode()


def held_by(offer: Offer) -> Assignment:
    answer = replies.accept(offer.proposal, via="link")
    assert answer.assignment is not None
    return answer.assignment


def test_an_appointment_shows_its_address(client: Client, clock: MovableClock) -> None:
    held = held_by(an_offer())
    client.force_login(held.person)
    assert f"{LIST}{held.public_id}/" in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{held.public_id}/").content.decode()
    for text in ("Musterweg 1", "35390 Gießen", "Frau Sommer", "069 90009 100", "3 Regeln"):
        assert text in page


def test_an_appointment_can_be_cancelled(client: Client) -> None:
    held = held_by(an_offer())
    client.force_login(held.person)
    url = f"{LIST}{held.public_id}/absagen/"
    assert client.get(url).status_code == 405
    response = client.post(url, {"reason": "vcancel_prevented"}, follow=True)
    page = response.content.decode()
    assert "von Ihnen abgesagt" in page
    assert "Musterweg" not in page
    held.refresh_from_db()
    assert held.cancel_reason_id == "vcancel_prevented"


def test_afterwards_one_is_asked_to_confirm(client: Client, clock: MovableClock) -> None:
    held = held_by(an_offer())
    client.force_login(held.person)
    clock.forward(days=3, hours=2)
    assert "bitte bestätigen" in client.get(LIST).content.decode()
    assert "Einsatz bestätigen" in client.get(f"{LIST}{held.public_id}/").content.decode()
    client.post(f"{LIST}{held.public_id}/bestaetigen/", {"outcome": "took_place", "minutes": "60"})
    assert "bitte bestätigen" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["volunteer of another pool", "colleague of the same pool"])
def test_other_volunteers_see_none_of_it(client: Client, who: str) -> None:
    offer = an_offer()
    held = held_by(offer)
    pool = builders.a_pool() if "another" in who else offer.volunteer.pool
    client.force_login(builders.a_volunteer(pool).person)
    for url in (
        f"{LIST}{held.public_id}/",
        f"{LIST}{held.public_id}/bestaetigen/",
        f"{LIST}anfrage/{offer.proposal.public_id}/",
    ):
        assert client.get(url).status_code == 404
    assert client.post(f"{LIST}{held.public_id}/absagen/").status_code == 404
    assert (
        client.post(f"{LIST}anfrage/{offer.proposal.public_id}/", {"action": "no"}).status_code
        == 404
    )
    held.refresh_from_db()
    assert held.cancelled_at is None


def test_a_coordinator_does_not_answer_for_a_volunteer_here(
    client: Client, settings: pytest.FixtureRequest
) -> None:
    settings.MFA_REQUIRED_ROLES = frozenset()  # type: ignore[attr-defined]
    offer = an_offer()
    client.force_login(builders.a_coordinator(offer.volunteer.pool))
    url = f"{LIST}anfrage/{offer.proposal.public_id}/"
    assert client.post(url, {"action": "yes"}).status_code == 404
    assert offer.assignment is None
