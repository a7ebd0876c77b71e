"""What we answer to an SMS: key → (SMS, subject, e-mail). Short, since each one costs and rings."""

from __future__ import annotations


def _all(sms: str, subject: str) -> tuple[str, str, str]:
    """Return the texts of an answer; by e-mail it says the same."""
    sentences = sms.replace("? ", "?\n").replace(". ", ".\n")
    return sms, subject, f"\nGuten Tag {{vorname}},\n\n{sentences}\n"


ANSWER_TEXTS: dict[str, tuple[str, str, str]] = {
    "answer_declined": _all(
        "Danke für Ihre Antwort. Wir fragen Sie gern wieder.", "Ihr Nein ist angekommen"
    ),
    "answer_taken": _all(
        "Danke! Dieser Einsatz ist schon besetzt. Sie müssen nichts tun. "
        "Wir fragen Sie gern wieder.",
        "Schon besetzt",
    ),
    "answer_already_yours": _all(
        "Sie haben schon zugesagt. Alles ist gut. Fragen: {tel}", "Sie haben schon zugesagt"
    ),
    "answer_coming": _all(
        "Danke! Ihre Koordination weiß: Es bleibt dabei. "
        "Können Sie doch nicht? Rufen Sie an: {tel}",
        "Danke: Es bleibt dabei",
    ),
    "answer_overlap": _all(
        "Das geht leider nicht. Sie haben um diese Zeit schon einen Einsatz. Fragen: {tel}",
        "Sie haben da schon einen Einsatz",
    ),
    "answer_record_missing": _all(
        "Danke! Ein Nachweis fehlt. Ihre Koordination meldet sich.", "Ein Nachweis fehlt"
    ),
    "answer_closed": _all(
        "Danke! Dieser Einsatz ist nicht mehr nötig. Sie müssen nichts tun.", "Nicht mehr nötig"
    ),
    "answer_over": _all(
        "Danke für Ihre Antwort. Dieser Termin ist schon vorbei.", "Der Termin ist vorbei"
    ),
    "answer_which": _all(
        "Welche Anfrage meinen Sie? Antworten Sie bitte mit der Nummer. {welche}",
        "Welche Anfrage meinen Sie?",
    ),
    "answer_nothing_open": _all(
        "Danke! Für Sie ist gerade keine Anfrage offen. Fragen: {tel}",
        "Gerade ist keine Anfrage offen",
    ),
    "answer_kept": _all(
        "Danke, Ihre Koordination liest Ihre Nachricht. Eilt es? Rufen Sie an: {tel}",
        "Ihre Nachricht ist angekommen",
    ),
    "answer_resumed": _all(
        "Sie bekommen wieder Nachrichten von uns. Aufhören: Antworten Sie STOPP.",
        "Sie bekommen wieder Nachrichten",
    ),
}
