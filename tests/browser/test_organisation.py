"""An institution that is new here, and the coordinator who lets it in."""

from __future__ import annotations

import pytest

from pools.models import Organisation, User
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.browser.conftest import NewVisitor
from tests.browser.steps import a_while_later, fill_in_request, send_request, sign_in
from tests.clock import MovableClock
from tests.phone import Phone

pytestmark = pytest.mark.browser


def test_an_institution_registers_is_approved_and_posts_its_first_request(
    visitor: NewVisitor, clock: MovableClock
) -> None:
    pool = builders.a_pool()
    newcomer = visitor(java_script_enabled=False).opens("/").follows("Sprachhilfe anfragen")
    newcomer.fills({"Postleitzahl oder Ort": "giess"}).presses("Weiter")
    newcomer.sees("Welchen Ort meinen Sie?").follows("35390 Gießen")
    newcomer.fills(
        {
            "Name der Stelle": "Beratung am Fluss",
            "Straße und Hausnummer": "Lahnstraße 3",
            "Telefon der Stelle": "069 90009 120",
            "Vorname": "Jana",
            "Nachname": "Sommer",
            "Dienstliche E-Mail-Adresse": "Jana.Sommer@example.org",
        }
    ).chooses({"Art der Stelle": "Allgemeine Sozialberatung"})
    newcomer.presses("Zugang beantragen").sees("Danke, Jana!", "Frau Becker prüft Ihre Anmeldung")

    coordinator = visitor(person=builders.a_coordinator(pool), java_script_enabled=False)
    coordinator.opens("/koordination/").follows("Beratung am Fluss").presses("Stelle freigeben")
    assert Organisation.objects.get().status == Organisation.Status.APPROVED
    a_while_later(clock)

    jana = User.objects.get(given_name="Jana")
    mailbox = Phone(jana)
    while "freigegeben" not in mailbox.text:
        mailbox.expects()
    sign_in(newcomer, jana).is_at("/anfragen/").sees("Noch keine Anfrage.")
    send_request(fill_in_request(newcomer)).sees("Ihre Anfrage ist gesendet.")
    newcomer.sees("Lahnstraße 3, 35390 Gießen", "Jana Sommer")
    assert ServiceRequest.objects.get().status == Status.SEARCHING


def test_a_coordinator_posts_for_an_institution_on_the_telephone(
    visitor: NewVisitor, clock: MovableClock
) -> None:
    pool = builders.a_pool()
    office = builders.an_organisation(pool, setting="social_advice", name="Beratung am Fluss")
    builders.an_organisation(pool)
    coordinator = visitor(person=builders.a_coordinator(pool), java_script_enabled=False)
    coordinator.opens("/koordination/").follows("Anfrage am Telefon aufnehmen")
    coordinator.follows("Beratung am Fluss").sees("Sie tragen die Anfrage ein für:")
    fill_in_request(coordinator, opened=True)
    send_request(coordinator).sees("Ihre Anfrage ist gesendet.")
    assert ServiceRequest.objects.get().organisation == office


def test_pages_of_another_pool_do_not_exist(visitor: NewVisitor, clock: MovableClock) -> None:
    pool, elsewhere = builders.a_pool(), builders.a_pool("06534014")
    volunteer, service_request = builders.a_volunteer(pool), builders.a_request(pool)
    stranger = visitor(person=builders.a_coordinator(elsewhere), java_script_enabled=False)
    for path in (
        f"/koordination/freiwillige/{volunteer.public_id}/",
        f"/koordination/anfragen/{service_request.public_id}/",
        f"/koordination/stellen/{service_request.organisation.public_id}/",
        f"/anfragen/{service_request.public_id}/",
    ):
        stranger.opens(path).sees("Seite nicht gefunden")
        assert stranger.status == 404
