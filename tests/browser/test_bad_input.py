"""What is typed wrong or leaves a question open: said at the field, with nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service_requests.models import ServiceRequest
from tests import builders
from tests.browser.conftest import NewVisitor
from tests.browser.steps import DARI, fill_in_request, join, send_request
from tests.browser.visitor import Visitor
from tests.clock import MovableClock

pytestmark = pytest.mark.browser
BERLIN = ZoneInfo("Europe/Berlin")
NOTE = "Bitte am Eingang klingeln."


@pytest.fixture
def caseworker(visitor: NewVisitor, clock: MovableClock) -> Visitor:
    """Return somebody who may post, without JavaScript."""
    office = builders.an_organisation(builders.a_pool(), setting="social_advice")
    return visitor(person=builders.a_caseworker(office), java_script_enabled=False)


def test_kurdish_asks_which_kurdish(caseworker: Visitor) -> None:
    fill_in_request(caseworker, language="Bitte auswählen")
    caseworker.fills({"Sprache: nicht in der Liste?": "Kurdisch"}).presses("Anfrage senden")
    assert caseworker.title().startswith("Fehler: ")
    caseworker.sees("Welches Kurdisch: Kurmandschi, Badini, Sorani, Südkurdisch oder Zaza?")
    caseworker.ticks("Kurdisch (Kurmandschi)").presses("Anfrage senden")
    caseworker.sees("Ist auch eine andere Sprache in Ordnung?", "Kurdisch (Badini/Bahdini, Irak)")
    caseworker.presses("Anfrage senden").sees("Ihre Anfrage ist gesendet.")
    language = ServiceRequest.objects.get().language
    assert language is not None
    assert language.code == "kmr"


def test_a_refused_setting_shows_what_the_pool_says_instead(caseworker: Visitor) -> None:
    fill_in_request(caseworker).chooses({"Art der Stelle": "Polizei"}).presses("Anfrage senden")
    assert "Die Polizei beauftragt selbst Dolmetschende." in caseworker.error_at("Art der Stelle")
    assert not ServiceRequest.objects.exists()


def test_half_past_two_on_the_night_the_clocks_go_back_asks_which(
    caseworker: Visitor, clock: MovableClock
) -> None:
    clock.set(datetime(2026, 10, 20, 10, 0, tzinfo=BERLIN))
    fill_in_request(caseworker, day="25.10.", time="2:30").presses("Anfrage senden")
    caseworker.sees("02:30 Uhr zweimal", "Welche Zeit meinen Sie?")
    caseworker.ticks("02:30 Uhr, eine Stunde später (Winterzeit)")
    send_request(caseworker).sees("Ihre Anfrage ist gesendet.", "02:30 (Winterzeit)")
    assert ServiceRequest.objects.get().period.lower == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_half_past_two_on_the_night_the_clocks_go_forward_does_not_exist(
    caseworker: Visitor,
) -> None:
    fill_in_request(caseworker, day="28.03.2027", time="2:30").presses("Anfrage senden")
    assert "gibt es 02:30 Uhr nicht" in caseworker.error_at("Beginn")


def test_a_mistake_is_said_at_its_field_and_everything_else_stays(caseworker: Visitor) -> None:
    fill_in_request(caseworker).unfolds("Mehr angeben").fills({"Hinweis": NOTE})
    for label, typed, said in (
        ("Postleitzahl", "99999", "Diese Postleitzahl kennen wir nicht."),
        ("Postleitzahl", "Giessen", "Diese Postleitzahl kennen wir nicht."),
        ("Tag", "23.11.2026", "Der Termin liegt in der Vergangenheit."),
        ("Tag", "31.2.", "Diesen Tag gibt es nicht."),
        ("Beginn", "25 Uhr", "Schreiben Sie die Uhrzeit so: 14:30"),
    ):
        right = caseworker.field(label).input_value()
        caseworker.fills({label: typed}).presses("Anfrage senden")
        assert caseworker.status == 422
        assert caseworker.title().startswith("Fehler: Neue Anfrage")
        assert said in caseworker.error_at(label)
        assert caseworker.field(label).input_value() == typed
        assert caseworker.field("Hinweis").input_value() == NOTE
        assert caseworker.field("Sprache").locator("option:checked").inner_text() == DARI
        assert leads_to(caseworker) == caseworker.field(label).get_attribute("id")
        caseworker.fills({label: right})
    assert not ServiceRequest.objects.exists()
    send_request(caseworker).sees("Ihre Anfrage ist gesendet.", NOTE)


def leads_to(visitor: Visitor) -> str:
    """Follow the first link of the summary at the top; return what has the focus then."""
    visitor.page.get_by_role("alert").get_by_role("link").first.click()
    focused: str = visitor.page.evaluate("document.activeElement.id")
    return focused


def test_several_mistakes_are_all_said_at_once(visitor: NewVisitor, clock: MovableClock) -> None:
    builders.a_pool()
    newcomer = visitor(java_script_enabled=False)
    join(newcomer, phone="069 90009 120", given_name=" ").sees("Das hat noch nicht geklappt")
    assert "Füllen Sie dieses Feld aus." in newcomer.error_at("Vorname")
    newcomer.fills({"Vorname": "Samira"}).presses("Angaben absenden")
    assert "An eine Festnetz-Nummer können wir keine SMS schicken." in newcomer.error_at(
        "Handy-Nummer"
    )
    newcomer.fills({"Handy-Nummer": "0171 39200 17"}).presses("Angaben absenden")
    newcomer.sees("Danke, Samira!")


def test_a_double_click_posts_once_and_the_same_request_again_is_asked_about(
    caseworker: Visitor,
) -> None:
    fill_in_request(caseworker).presses("Anfrage senden")
    caseworker.presses_twice("Anfrage senden").sees("So steht es")
    assert ServiceRequest.objects.count() == 1
    fill_in_request(caseworker).presses("Anfrage senden")
    caseworker.sees("Ihre Stelle hat für diese Zeit und Sprache schon eine Anfrage gesendet.")
    caseworker.ticks("Ja, ich brauche noch eine Person. Eine zweite Anfrage senden.")
    send_request(caseworker).sees("Ihre Anfrage ist gesendet.")
    assert ServiceRequest.objects.count() == 2


def test_a_birth_date_in_the_note_is_refused_and_a_name_is_asked_about(
    caseworker: Visitor,
) -> None:
    fill_in_request(caseworker).unfolds("Mehr angeben")
    caseworker.fills({"Hinweis": "Kind geboren am 3.4.2015"}).presses("Anfrage senden")
    assert "Geburtsdat" in caseworker.error_at("Hinweis")
    caseworker.fills({"Hinweis": "Fragen Sie nach Frau Karimi"}).presses("Anfrage senden")
    caseworker.ticks("Es ist kein Name einer ratsuchenden Person. Trotzdem senden.")
    send_request(caseworker).sees("Ihre Anfrage ist gesendet.")
