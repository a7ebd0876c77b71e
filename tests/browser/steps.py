"""What people do over and over, press by press."""

from __future__ import annotations

import re
import time

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from pools.models import User
from tests.browser.visitor import Visitor
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

DARI = "Dari (Persisch, Afghanistan)"
PERIOD_S, LEAST_S = 30, 5
CODE = re.compile(r"\b\d{6}\b")


def a_while_later(clock: MovableClock, **span: float) -> None:
    """Let some minutes pass, so that a telephone may ring again, and the worker work."""
    clock.forward(**(span or {"minutes": 2}))
    heartbeat()


def sign_in(visitor: Visitor, person: User) -> Visitor:
    """Sign in by the code that arrives at the person's address."""
    phone = Phone(person)
    before = phone.texts()
    visitor.opens("/anmelden/").fills(
        {"E-Mail-Adresse oder Handy-Nummer": person.contacts.get().address}
    )
    visitor.presses("Code schicken").sees("Wenn wir Sie kennen, ist der Code unterwegs")
    heartbeat()
    code = next(
        found for text in phone.texts() if text not in before and (found := CODE.search(text))
    )
    return visitor.fills({"Code": code[0]}).presses("Anmelden")


def set_up_second_factor(visitor: Visitor) -> Visitor:
    """Do what a coordinator's first sign-in asks for, with the code an app would show."""
    visitor.sees("Authenticator-App einrichten")
    secret = visitor.page.locator("main code").inner_text()
    visitor.fills({"Code aus Ihrer App": app_shows(secret)}).presses("App einrichten")
    return visitor.sees("Ersatzcodes").follows("Weiter")


def app_shows(secret: str) -> str:
    """Return the code of this half minute, or of the next one when this one is all but over."""
    if PERIOD_S - time.time() % PERIOD_S < LEAST_S:
        time.sleep(LEAST_S)
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def join(visitor: Visitor, **answers: str) -> Visitor:
    """Register as an interpreter for Dari who lives at 35390."""
    visitor.opens("/").follows("Mitmachen").fills({"Postleitzahl oder Ort": "35390"})
    visitor.presses("Jetzt eintragen").sees("Ihr Zentrum:")
    visitor.ticks(
        "dolmetschen: Gespräche in zwei Sprachen begleiten",
        "mit Bus oder Bahn (15 km)",
        "SMS",
    )
    visitor.chooses({"Sprache": DARI, "Wie gut sprechen Sie die Sprache?": "Erstsprache"})
    visitor.fills(
        {
            "Vorname": answers.get("given_name", "Samira"),
            "Nachname": answers.get("family_name", "Musterfrau"),
            "Handy-Nummer": answers.get("phone", "0171 39200 17"),
        }
    )
    visitor.ticks("Ich bin mindestens 18 Jahre alt.", "Ja, ich willige ein.")
    return visitor.presses("Angaben absenden")


def fill_in_request(visitor: Visitor, *, opened: bool = False, **answers: str) -> Visitor:
    """Fill in the form for an hour of Dari, three days from the Tuesday at ten."""
    if not opened:
        visitor.opens("/anfragen/neu/")
    visitor.chooses({"Sprache": answers.pop("language", DARI), "Thema": "Erstgespräch"})
    fields = {"day": "Tag", "time": "Beginn", "postcode": "Postleitzahl"}
    usual = {"Tag": "27.11.", "Beginn": "14 Uhr", "Ansprechperson vor Ort": "Frau Sommer"}
    return visitor.fills(usual | {fields[name]: text for name, text in answers.items()})


def send_request(visitor: Visitor) -> Visitor:
    """Send it; no other language will do."""
    visitor.presses("Anfrage senden").sees("Ist auch eine andere Sprache in Ordnung?")
    return visitor.presses("Anfrage senden")
