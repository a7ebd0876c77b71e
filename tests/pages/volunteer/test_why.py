"""«Warum keine Anfrage?»: counted from the requests of the own pool, nobody else's details."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from background.clock import now
from matching import proposals, why_not_me
from tests import builders
from tests.clock import MovableClock
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
WHY = "/meine-anfragen/warum/"


@pytest.fixture
def amina(db: None, clock: MovableClock, client: Client) -> Volunteer:
    volunteer = builders.a_volunteer(builders.a_pool(), radius_km=5, phone=False)
    client.force_login(volunteer.person)
    return volunteer


def text(client: Client) -> str:
    return " ".join(client.get(WHY).content.decode().split())


def test_each_request_counts_once_with_its_first_reason(client: Client, amina: Volunteer) -> None:
    asked = builders.a_request(amina.pool)
    proposals.ask(asked, amina, by=builders.a_coordinator(amina.pool))
    builders.a_request(amina.pool, starts_at=now() + timedelta(days=9))
    for _ in range(2):
        builders.a_request(amina.pool, postcode=builders.MARBURG)
    builders.a_request(amina.pool, modes=["phone"])
    look = why_not_me.look_back(amina, now())
    assert (look.requests, look.asked, look.fitting) == (5, 1, 1)
    assert look.reasons == (
        (why_not_me.REASONS["reach"], 2),
        (why_not_me.REASONS["mode"], 1),
    )
    page = text(client)
    assert "Anfragen in Ihren Sprachen: 5" in page
    assert "Der Ort liegt weiter weg als Ihr Umkreis. (2-mal)" in page


def test_other_languages_pools_and_times_do_not_count(
    client: Client, amina: Volunteer, clock: MovableClock
) -> None:
    builders.a_request(amina.pool, language="ti")
    builders.a_request(builders.a_pool("06534014"))
    builders.a_request(amina.pool)
    clock.forward(days=31)
    assert "In Ihren Sprachen gab es keine Anfrage." in text(client)


def test_whoever_is_no_volunteer_has_no_such_page(client: Client, clock: MovableClock) -> None:
    client.force_login(builders.a_caseworker(builders.an_organisation(builders.a_pool())))
    assert client.get(WHY).status_code == 404


def test_every_reason_that_may_come_has_words() -> None:
    from matching.funnel import STEPS

    codes = {name for names in STEPS.values() for name in names} | {"language"}
    assert set(why_not_me.REASONS) == codes - why_not_me.OF_THE_MOMENT
