"""The main journey, by the people who take it: from «Mitmachen» to a confirmed record."""

from __future__ import annotations

import pytest

from pools.models import User
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.browser.chromium import PHONE
from tests.browser.conftest import NewVisitor
from tests.browser.steps import (
    DARI,
    a_while_later,
    fill_in_request,
    join,
    send_request,
    set_up_second_factor,
    sign_in,
)
from tests.browser.visitor import Visitor
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = pytest.mark.browser
STREET = "Licher Straße 74"


def take_on(coordinator: Visitor) -> None:
    """Approve the one who waits, record what is required, unlock."""
    coordinator.follows("Samira Musterfrau").presses("Person aufnehmen")
    coordinator.sees("Samira Musterfrau ist aufgenommen.")
    missing = coordinator.page.locator("section[aria-labelledby=freischaltung] li a")
    while missing.count():
        coordinator.follows(missing.first.inner_text())
        if coordinator.page.get_by_label("Datum auf dem Zeugnis").count():
            coordinator.fills({"Datum auf dem Zeugnis": "10.11.2026"})
            coordinator.ticks("Das Zeugnis enthält keinen einschlägigen Eintrag.")
        if coordinator.page.get_by_label("Sprache", exact=True).count():
            coordinator.chooses({"Sprache": DARI})
        coordinator.presses("Nachweis eintragen").sees("Eingetragen:")
    coordinator.presses("Dolmetschen freischalten").sees("Ab jetzt fragen wir Samira Musterfrau.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_new_volunteer_gets_her_first_offer_says_yes_and_both_sides_confirm(
    visitor: NewVisitor, clock: MovableClock, javascript: bool
) -> None:
    pool = builders.a_pool()
    coordinator_person = builders.a_coordinator(pool)
    office = builders.an_organisation(pool, setting="social_advice", address=STREET)
    caseworker_person = builders.a_caseworker(office)

    samira = visitor(size=PHONE, java_script_enabled=javascript)
    join(samira).sees("Danke, Samira!", "Frau Becker meldet sich bei Ihnen.")

    coordinator = visitor(java_script_enabled=javascript)
    set_up_second_factor(sign_in(coordinator, coordinator_person))
    take_on(coordinator.opens("/koordination/"))

    caseworker = visitor(java_script_enabled=javascript)
    sign_in(caseworker, caseworker_person).is_at("/anfragen/")
    send_request(fill_in_request(caseworker)).sees("Ihre Anfrage ist gesendet.")
    caseworker.sees(f"Dolmetschen: {DARI}", "Freitag, 27. November, 14:00 bis 15:00 Uhr")
    for _ in range(4):
        a_while_later(clock)
    caseworker.reloads().sees("Wir haben 1 Person gefragt.")

    person = User.objects.get(given_name="Samira")
    sms = Phone(person)
    while "Ja oder Nein" not in sms.text:
        sms.expects()
    samira.opens(sms.path()).sees(f"Dolmetschen: {DARI}. Haben Sie Zeit?", "Gießen", "60 Minuten")
    samira.sees_no(STREET, "Frau Sommer")
    samira.presses("Ja, ich komme").sees("Sie haben zugesagt. Danke!", STREET, "Frau Sommer")

    stranger = visitor(size=PHONE, java_script_enabled=javascript)
    stranger.opens(sms.path()).sees("Sie haben zugesagt.", "Mit Code anmelden")
    stranger.sees_no(STREET, "Frau Sommer")

    caseworker.reloads().sees("Ihre Anfrage ist besetzt.", "Samira Musterfrau", "0171 3920017")

    clock.forward(days=3, hours=5, minutes=30)
    for _ in range(5):
        a_while_later(clock)
    while "stattgefunden?" not in sms.text:
        sms.expects()
    mailbox = Phone(caseworker_person)
    while "stattgefunden?" not in mailbox.text:
        mailbox.expects()
    for who, link in ((samira, sms.path()), (stranger, mailbox.path())):
        who.opens(link).ticks("Ja, der Einsatz hat stattgefunden").presses("Antwort senden")
        who.sees("Danke für Ihre Bestätigung", "60 Minuten")
    assert ServiceRequest.objects.get().status == Status.RECORD_CONFIRMED
    caseworker.reloads().sees("Der Einsatz hat stattgefunden und ist bestätigt.")
    heartbeat()
