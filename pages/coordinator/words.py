"""Codes of the lower storeys in the words of this page: events, messages, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pages.week import DAYS, PARTS
from service_requests.models import Event
from volunteers.week import hours_of

EVENTS = {
    "posted": "Anfrage gestellt",
    "submitted": "Anfrage gestellt, wartet auf die Koordination",
    "released": "Koordination hat die Anfrage freigegeben",
    "rejected": "Koordination hat die Anfrage abgelehnt",
    "asked": "Personen gefragt",
    "asked_by_coordinator": "Von der Koordination gefragt",
    "offer_retracted": "Vorschlag zurückgeholt, bevor er verschickt war",
    "offer_sent_again": "Eine Anfrage, die nicht ankam, noch einmal geschickt",
    "offer_not_delivered": "Eine Anfrage kam nicht an, wir fragen andere",
    "nobody_left": "Niemand mehr zu fragen",
    "record_missing": "Eine Zusage ging nicht: Es fehlt ein Nachweis oder die Freischaltung",
    "accepted": "Zugesagt",
    "undone": "Zusage rückgängig gemacht",
    "reopened": "Zusage abgesagt, wir suchen wieder",
    "escalated": "Koordination erinnert: niemand hat sich gekümmert",
    "changed": "Zeit, Ort oder Ansprechperson geändert",
    "withdrawn": "Anfrage zurückgezogen",
    "cancelled": "Termin abgesagt",
    "not_filled": "Leider niemand gefunden",
    "took_place": "Hat stattgefunden, sagt eine Seite",
    "record_confirmed": "Beide Seiten haben bestätigt",
    "did_not_take_place": "Hat nicht stattgefunden",
    "decided_held": "Entscheidung der Koordination: hat stattgefunden",
    "decided_not_held": "Entscheidung der Koordination: hat nicht stattgefunden",
    "settled": "Abgerechnet",
    "closed": "Abgeschlossen",
    "informed": "Anfragende Stelle informiert, dass noch niemand zugesagt hat",
}
# What a check found when the request was posted (service_requests.checks).
CHECKS = {
    "setting": "Über diese Art von Stelle entscheidet in Ihrem Pool die Koordination.",
    "area": "Der Ort liegt in einem anderen Gebiet.",
    "lead_time": "Bis zum Termin bleibt weniger Zeit, als Ihr Pool verlangt.",
    "case_cap": "Für diese Fallkennung ist die Grenze der Einsätze erreicht.",
}
SIDES = {
    "volunteer": "freiwillige Person",
    "requester": "anfragende Stelle",
    "coordinator": "Koordination",
}
MESSAGES = {
    "offer": "Anfrage",
    "offer_urgent": "Anfrage, dringend",
    "offer_again": "Noch offen",
    "filled": "Schon besetzt",
    "no_longer_needed": "Nicht mehr nötig",
    "accepted": "Danke für die Zusage",
    "reminder": "Erinnerung",
    "changed": "Termin geändert",
    "cancelled_by_office": "Termin abgesagt",
    "cancellation_noted": "Absage angekommen",
    "confirm_volunteer": "Hat der Einsatz stattgefunden?",
    "decided_volunteer": "Was die Koordination herausgefunden hat",
    "requester_decided": "Was die Koordination herausgefunden hat",
    "confirm_requester": "Hat der Einsatz stattgefunden?",
    "record_expiring": "Nachweis läuft ab",
    "paused": "Pause",
    "welcome_volunteer": "Willkommen",
    "volunteer_approved": "Aufgenommen",
    "volunteer_unlocked": "Freigeschaltet",
    "volunteer_refused": "Nicht aufgenommen",
    "organisation_received": "Stelle angemeldet",
    "organisation_approved": "Stelle freigegeben",
    "organisation_refused": "Stelle abgelehnt",
    "requester_submitted": "Anfrage wird geprüft",
    "requester_rejected": "Anfrage abgelehnt",
    "requester_filled": "Besetzt",
    "requester_nobody_yet": "Noch niemand",
    "requester_still_checking": "Noch nicht geprüft",
    "requester_ended": "Beendet",
    "requester_changed": "Anfrage geändert",
    "coordinator_digest": "Übersicht am Morgen",
    "coordinator_escalation": "Anfrage braucht Hilfe",
    "requester_searching_again": "Wir suchen wieder",
    "requester_not_filled": "Leider niemand",
    "code": "Anmelde-Code",
}
# Which colour a badge has; the word stands in it as well.
TONES = {
    "pending": "info",
    "sending": "info",
    "unknown": "warning",
    "accepted": "success",
    "delivered": "success",
    "failed": "danger",
    "expired": "warning",
    "superseded": "info",
}


def of_event(event: Event) -> str:
    """Return one line of the timeline, without its time."""
    text = EVENTS.get(event.kind, event.kind.replace("_", " "))
    notes = [note for note in (_counts(event.detail), _side(event.detail)) if note]
    if event.detail.get("late"):
        notes.append("weniger als 24 Stunden vorher")
    if event.reason:
        notes.append(event.reason.label_de)
    return f"{text} ({', '.join(notes)})" if notes else text


def of_checks(events: Iterable[Event]) -> list[str]:
    """Return why a request waits for the coordinator."""
    codes = [code for event in events for code in event.detail.get("checks", ())]
    return [CHECKS.get(code, "Bitte prüfen Sie die Angaben.") for code in dict.fromkeys(codes)]


def _counts(detail: Mapping[str, Any]) -> str:
    if "asked" not in detail:
        return ""
    asked = int(detail["asked"])
    text = f"{asked} {'Person' if asked == 1 else 'Personen'}"
    return f"{text}, {detail['left']} übrig" if "left" in detail else text


def _side(detail: Mapping[str, Any]) -> str:
    return SIDES.get(str(detail.get("side", "")), "")


def of_message(template: str) -> str:
    """Return what a message was, in a few words."""
    if template.startswith("answer_"):
        return "Antwort auf eine SMS"
    return MESSAGES.get(template, template.replace("_", " "))


def of_week(week: str) -> list[str]:
    """Return «Montag vormittags und mittags», a line per day; none when any time is fine."""
    hours = hours_of(week)
    lines = []
    for number, day in enumerate(DAYS):
        parts = [label for label, _, span in PARTS if all((number, hour) in hours for hour in span)]
        if parts:
            lines.append(f"{day} {' und '.join(parts)}")
        elif any((number, hour) in hours for hour in range(24)):
            lines.append(f"{day} zu einzelnen Stunden")
    return lines
