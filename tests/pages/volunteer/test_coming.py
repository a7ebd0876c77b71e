"""The reminder asks «Kommen Sie?»: the page behind its link takes the yes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matching import assignments, coming, reminders
from matching.models import Assignment
from tests import builders
from tests.clock import MovableClock
from tests.pages import second_factor
from tests.pages.volunteer.offers import Offer, an_offer

pytestmark = pytest.mark.django_db
YES = 'value="coming"'
SAID = "Ihre Koordination weiß: Sie kommen."


@pytest.fixture
def offer(client: Client, clock: MovableClock) -> Offer:
    """An appointment in three days, said yes to on its page."""
    offer = an_offer()
    assert "Sie haben zugesagt" in offer.press(client, "yes")
    return offer


def remind(offer: Offer, clock: MovableClock) -> Assignment:
    clock.forward(days=2, hours=1)
    assert offer.assignment
    reminders.remind(offer.assignment.pk)
    assignment = offer.assignment
    assert assignment is not None
    return assignment


def test_the_yes_is_asked_for_after_the_reminder_and_once(
    offer: Offer, client: Client, clock: MovableClock
) -> None:
    assert YES not in offer.get(client)
    remind(offer, clock)
    page = offer.get(client)
    assert YES in page
    assert "Ja, ich komme" in page
    page = offer.press(client, "coming")
    assert YES not in page
    assert SAID in page
    assert offer.assignment
    assert offer.assignment.coming_confirmed_at == clock.at


def test_reading_the_page_says_nothing(offer: Offer, client: Client, clock: MovableClock) -> None:
    assignment = remind(offer, clock)
    offer.get(client)
    assignment.refresh_from_db()
    assert assignment.coming_confirmed_at is None


def test_the_first_yes_counts(offer: Offer, client: Client, clock: MovableClock) -> None:
    assignment = remind(offer, clock)
    first = clock.at
    offer.press(client, "coming")
    clock.forward(hours=1)
    offer.press(client, "coming")
    assignment.refresh_from_db()
    assert assignment.coming_confirmed_at == first


def test_a_yes_to_what_was_cancelled_or_has_begun_is_none(
    offer: Offer, client: Client, clock: MovableClock
) -> None:
    assignment = remind(offer, clock)
    clock.set(assignment.period.lower)
    assert not coming.confirm_coming(assignment)
    clock.forward(hours=-2)
    assignments.cancel_by_volunteer(assignment)
    assert not coming.confirm_coming(assignment)
    offer.press(client, "coming")
    assignment.refresh_from_db()
    assert assignment.coming_confirmed_at is None


def test_a_forwarded_link_still_shows_no_address(
    offer: Offer, client: Client, clock: MovableClock
) -> None:
    remind(offer, clock)
    page = offer.press(Client(), "coming")
    assert SAID in page
    assert "Musterweg 1" not in page


def test_the_coordinator_sees_it(offer: Offer, client: Client, clock: MovableClock) -> None:
    assignment = remind(offer, clock)
    desk = Client()
    second_factor.sign_in(desk, builders.a_coordinator(assignment.pool))
    url = reverse("coordinator_request", args=[offer.service_request.public_id])
    assert "bestätigt" not in desk.get(url).content.decode()
    offer.press(client, "coming")
    assert "Hat den Termin am Do 26.11., 11:00 Uhr bestätigt." in desk.get(url).content.decode()
