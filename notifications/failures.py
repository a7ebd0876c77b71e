"""Why a message did not arrive, and what follows: the one table of providers' codes.

Sending, receipts and the coordinators' log read it; a code that is not in it is final for the
message and says nothing about the address. Sources: twilio.com/docs/api/errors, RFC 5321.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What follows from a failure, for the address and for the message."""

    OPTED_OUT = "opted_out"  # stop writing there until the person comes back; next contact
    WRONG_ADDRESS = "wrong_address"  # close the address; next contact
    UNREACHABLE = "unreachable"  # try again; once the network has given up: next contact
    FILTERED = "filtered"  # the network refuses this text: never the same again; next contact
    LATER = "later"  # too fast, or a mailbox that is full: try again
    OURS = "ours"  # our key, our number, our text: the operator can mend it; the message waits
    REFUSED = "refused"  # this message will never be taken; next contact


@dataclass(frozen=True)
class Failure:
    """One line of the table: what follows, and the words for it in the interface."""

    action: Action
    words: str

    @property
    def may_pass(self) -> bool:
        """Return whether the same message may be tried again at the same address."""
        return self.action in (Action.UNREACHABLE, Action.LATER, Action.OURS)

    @property
    def is_dead(self) -> bool:
        """Return whether nothing will ever arrive at the address."""
        return self.action == Action.WRONG_ADDRESS

    @property
    def opted_out(self) -> bool:
        """Return whether the person told the provider to stop."""
        return self.action == Action.OPTED_OUT


_A = Action

TABLE: dict[str, Failure] = {
    # the number
    "21610": Failure(_A.OPTED_OUT, "hat Nachrichten gesperrt"),
    "21211": Failure(_A.WRONG_ADDRESS, "keine gültige Nummer"),
    "21214": Failure(_A.WRONG_ADDRESS, "Nummer nicht erreichbar"),
    "21217": Failure(_A.WRONG_ADDRESS, "keine gültige Nummer"),
    "21614": Failure(_A.WRONG_ADDRESS, "keine Handy-Nummer"),
    "30005": Failure(_A.WRONG_ADDRESS, "Nummer unbekannt"),
    "30006": Failure(_A.WRONG_ADDRESS, "Festnetz oder kein Empfang von SMS möglich"),
    "30003": Failure(_A.UNREACHABLE, "Handy nicht erreichbar"),
    # the network
    "30004": Failure(_A.FILTERED, "vom Netz blockiert"),
    "30007": Failure(_A.FILTERED, "vom Netz herausgefiltert"),
    "30008": Failure(_A.REFUSED, "vom Netz ohne Grund abgelehnt"),
    # the provider
    "14107": Failure(_A.LATER, "zu viele auf einmal"),
    "20429": Failure(_A.LATER, "zu viele auf einmal"),
    "21611": Failure(_A.LATER, "zu viele auf einmal"),
    "429": Failure(_A.LATER, "zu viele auf einmal"),
    "30001": Failure(_A.LATER, "zu viele auf einmal"),
    "30002": Failure(_A.LATER, "unser Zugang ist gesperrt"),
    "30017": Failure(_A.LATER, "das Netz ist überlastet"),
    "30022": Failure(_A.LATER, "zu viele auf einmal"),
    "20003": Failure(_A.OURS, "unser Zugang beim SMS-Dienst geht nicht"),
    "20404": Failure(_A.OURS, "unser Zugang beim SMS-Dienst geht nicht"),
    "21212": Failure(_A.OURS, "unsere Absender-Nummer geht nicht"),
    "21603": Failure(_A.OURS, "unsere Absender-Nummer geht nicht"),
    "21606": Failure(_A.OURS, "unsere Absender-Nummer geht nicht"),
    "21609": Failure(_A.OURS, "unsere Adresse für Rückmeldungen geht nicht"),
    "21659": Failure(_A.OURS, "unsere Absender-Nummer geht nicht"),
    "no_connection": Failure(_A.LATER, "SMS-Dienst nicht erreichbar"),
    "channel_not_ready": Failure(_A.OURS, "der Versand ist nicht eingerichtet"),
    "gateway_401": Failure(_A.OURS, "unser Zugang beim SMS-Dienst geht nicht"),
    "gateway_402": Failure(_A.OURS, "unser Guthaben beim SMS-Dienst ist verbraucht"),
    "gateway_403": Failure(_A.OURS, "unser Zugang beim SMS-Dienst geht nicht"),
    # mail servers
    "smtp_550": Failure(_A.WRONG_ADDRESS, "dieses Postfach gibt es nicht"),
    "smtp_551": Failure(_A.WRONG_ADDRESS, "dieses Postfach gibt es nicht"),
    "smtp_553": Failure(_A.WRONG_ADDRESS, "dieses Postfach gibt es nicht"),
    "smtp_552": Failure(_A.REFUSED, "das Postfach ist voll"),
    "smtp_data_550": Failure(_A.REFUSED, "der Mail-Server nimmt die E-Mail nicht an"),
    "smtp_data_554": Failure(_A.REFUSED, "der Mail-Server nimmt die E-Mail nicht an"),
    "smtp_554": Failure(_A.REFUSED, "der Mail-Server nimmt die E-Mail nicht an"),
    # reports of mail servers (bounces.py)
    "bounce_no_mailbox": Failure(_A.WRONG_ADDRESS, "dieses Postfach gibt es nicht"),
    "bounce_full": Failure(_A.REFUSED, "das Postfach ist voll"),
    "bounce_refused": Failure(_A.REFUSED, "der Mail-Server nimmt die E-Mail nicht an"),
    # ours
    "no_contact": Failure(_A.REFUSED, "keine Adresse, unter der wir schreiben dürfen"),
    "unclear": Failure(_A.REFUSED, "unklar, ob es angekommen ist"),
    "text_incomplete": Failure(_A.REFUSED, "im Text fehlt etwas (unser Fehler)"),
    "budget": Failure(_A.REFUSED, "diese Woche schon genug Anfragen"),
    "unanswered": Failure(_A.REFUSED, "eine andere Anfrage ist noch nicht beantwortet"),
    "records": Failure(_A.REFUSED, "ein Nachweis gilt nicht mehr"),
    "locked": Failure(_A.REFUSED, "nicht mehr freigeschaltet"),
    "unsuitable": Failure(_A.REFUSED, "passt nicht mehr zu Zeiten und Wünschen"),
    "offer_closed": Failure(_A.REFUSED, "die Anfrage ist nicht mehr offen"),
}
UNNAMED = Failure(Action.REFUSED, "")


def of(code: str) -> Failure:
    """Return the line for a code; of an unknown one only that this message will not be taken."""
    return TABLE.get(code, UNNAMED)


def words(code: str) -> str:
    """Return why a message did not arrive; the provider's own code where there is no word."""
    return of(code).words or (f"Fehler {code}" if code else "")
