"""What we write to volunteers: key → (SMS, subject, e-mail).

SMS: at most 160 septets over all reference values (tested), no personal names, no case content.
"""

from __future__ import annotations

_APPOINTMENT = """
Wann: {datum_lang}, {zeit} bis {bis} Uhr
Wo: {ort}
"""

_STOP = """
Möchten Sie keine Anfragen mehr? Antworten Sie auf diese E-Mail oder rufen Sie uns an.
"""

_OFFER = (
    """
Guten Tag {vorname},

wir suchen Hilfe: {sprache_lang}.
"""
    + _APPOINTMENT
    + """Entfernung: ungefähr {km} km
Art der Stelle: {art}
Thema: {thema}
Sie bekommen: {pauschale}

Ja oder Nein: {link}

Wenn Sie nicht können, ist das kein Problem. Ein kurzes Nein hilft uns.
Die genaue Adresse sehen Sie nach Ihrer Zusage.
"""
    + _STOP
)

SMS_WITH_NUMBER = {
    "offer": ("{sprache}: {wt} {tag} {zeit}, {ort}. Antwort JA {nr} oder NEIN {nr}. Mehr: {link}"),
    "offer_urgent": (
        "Dringend: {sprache}, {wann} {zeit}, {ort}. Antwort JA {nr} oder NEIN {nr}. Mehr: {link}"
    ),
    "offer_again": (
        "Noch offen: {sprache}, {wt} {tag} {zeit}, {ort}. Antwort JA {nr} oder NEIN {nr}. "
        "Mehr: {link}"
    ),
    "reminder": (
        "{Wann} {zeit}: {sprache}, {ort}. Kommen Sie? Antwort JA {nr} oder NEIN {nr}. Mehr: {link}"
    ),
    "changed": (
        "Geändert: {sprache}. Passt {wt} {tag} {zeit}, {ort}? Antwort JA {nr} oder NEIN {nr}. "
        "Mehr: {link}"
    ),
}
"""What goes out instead where the pool has a number that people can answer (decision 24)."""

VOLUNTEER_TEXTS: dict[str, tuple[str, str, str]] = {
    "offer": (
        "{sprache} gesucht: {wt} {tag} {zeit}, {dauer} Min, {ort} ({art}). Ja oder Nein: {link}",
        "{sprache} am {wt} {tag}, {zeit} {in_ort}: haben Sie Zeit?",
        _OFFER,
    ),
    "offer_urgent": (
        "Dringend: {sprache}, {wann} {zeit}, {dauer} Min, {ort} ({art}). Können Sie? {link}",
        "Dringend: {sprache}, {wann} {zeit} {in_ort}",
        _OFFER,
    ),
    "offer_again": (
        "Noch offen: {sprache}, {wt} {tag} {zeit}, {ort}. Auch ein Nein hilft uns: {link}",
        "Noch offen: {sprache} am {wt} {tag}, {zeit}",
        _OFFER,
    ),
    "filled": (
        "Danke! {sprache} am {tag} {zeit} {in_ort} ist jetzt besetzt. Sie müssen nichts tun. "
        "Wir fragen Sie gern wieder.",
        "Schon besetzt: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

vielen Dank! Für diesen Einsatz hat schon jemand zugesagt: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Sie müssen nichts tun. Wir fragen Sie gern wieder.
""",
    ),
    "no_longer_needed": (
        "Nicht mehr nötig: {sprache}, {wt} {tag} {zeit}, {ort}. Sie müssen nichts tun. Danke!",
        "Nicht mehr nötig: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

die Stelle braucht niemanden mehr: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Sie müssen nichts tun. Wir fragen Sie gern wieder.
""",
    ),
    "accepted": (
        "Danke, Sie sind dabei: {wt} {tag} {zeit}, {sprache}, {ort}. "
        "Adresse, Kontakt, Absagen: {link}",
        "Danke! Ihr Einsatz am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

danke, Sie sind dabei: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Adresse und Kontakt finden Sie hier: {link}
Dort können Sie auch absagen.

Bitte denken Sie daran:
{dolmetschen:.0}- Übersetzen Sie alles.
- Bleiben Sie neutral.
- Erzählen Sie nichts weiter.
""",
    ),
    "reminder": (
        "{Wann} {zeit}: {sprache}, {ort}. Kommen Sie? Ja oder Absagen: {link}",
        "{Wann} {zeit}: Ihr Einsatz {in_ort}",
        """
Guten Tag {vorname},

bald ist Ihr Einsatz: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Kommen Sie? Ja oder Absagen: {link}
""",
    ),
    "changed": (
        "Geändert: {sprache} {in_ort} jetzt {wt} {tag} {zeit}. Passt das noch? "
        "Bitte antworten: {link}",
        "Geändert: {sprache} jetzt am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

Ihr Einsatz hat sich geändert: {sprache_lang}. Es gilt nur noch:
"""
        + _APPOINTMENT
        + """
Passt das noch? Bitte antworten Sie hier: {link}
""",
    ),
    "cancelled_by_office": (
        "Abgesagt: {sprache}, {wt} {tag} {zeit}, {ort}. Bitte nicht hinfahren. Fragen: {tel}",
        "Abgesagt: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag {vorname},

Ihr Einsatz ist abgesagt: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Fahren Sie bitte nicht hin. Haben Sie Fragen? Rufen Sie uns an: {tel}
""",
    ),
    "cancellation_noted": (
        "Ihre Absage für {wt} {tag} {zeit} ist angekommen. Wir suchen eine andere Person. "
        "Danke fürs Bescheidsagen.",
        "Ihre Absage für {wt} {tag}, {zeit} ist da",
        """
Guten Tag {vorname},

Ihre Absage ist angekommen: {sprache_lang}.
"""
        + _APPOINTMENT
        + """
Wir suchen eine andere Person. Danke fürs Bescheidsagen.
""",
    ),
    "confirm_volunteer": (
        "Hat der Einsatz am {tag} {in_ort} stattgefunden? Bitte bestätigen, "
        "dann gibt es die Pauschale: {link}",
        "Hat Ihr Einsatz am {wt} {tag} stattgefunden?",
        """
Guten Tag {vorname},

hat Ihr Einsatz stattgefunden? {sprache_lang}
"""
        + _APPOINTMENT
        + """
Bitte bestätigen Sie kurz, dann gibt es die Pauschale: {link}
""",
    ),
    "decided_volunteer": (
        "Wir haben nachgefragt: Ihr Einsatz am {tag} {in_ort} {ergebnis}. Stimmt das nicht? "
        "Rufen Sie an: {tel}",
        "Ihr Einsatz am {wt} {tag}: wir haben nachgefragt",
        """
Guten Tag {vorname},

zu diesem Einsatz gab es zwei verschiedene Antworten: {sprache_lang}.
Ihre Koordination hat nachgefragt.
"""
        + _APPOINTMENT
        + """
Jetzt steht fest: Der Einsatz {ergebnis}.
Stimmt das nicht? Rufen Sie uns an.
""",
    ),
    "record_expiring": (
        "Ihr Nachweis ({nachweis}) läuft am {tag} ab. So verlängern Sie ihn: {link}",
        "Ein Nachweis läuft am {tag} ab",
        """
Guten Tag {vorname},

Ihr Nachweis läuft am {tag} ab: {nachweis}.
So verlängern Sie ihn: {link}
""",
    ),
    "paused": (
        "Keine SMS mehr bis Sie sich melden. Wieder einschalten: {link} WIR-Vielfaltszentrum",
        "Sie bekommen keine Anfragen mehr",
        """
Guten Tag {vorname},

Sie bekommen keine Anfragen mehr, bis Sie sich melden.
Wieder einschalten: {link}
""",
    ),
    "welcome_volunteer": (
        "Danke, dass Sie mitmachen! Wir haben Ihre Eintragung. Wir melden uns bald. "
        "WIR-Vielfaltszentrum, Tel. {tel}",
        "Danke, dass Sie mitmachen!",
        """
Guten Tag {vorname},

danke, dass Sie mitmachen! Ihre Eintragung ist da.
Wir melden uns bald und besprechen mit Ihnen die nächsten Schritte.
""",
    ),
    "volunteer_approved": (
        "Ihre Eintragung ist geprüft. Sobald alle Nachweise da sind, fragen wir Sie an. "
        "WIR-Vielfaltszentrum, Tel. {tel}",
        "Ihre Eintragung ist geprüft",
        """
Guten Tag {vorname},

wir haben Ihre Eintragung geprüft. Schön, dass Sie dabei sind!
Sobald alle Nachweise da sind, fragen wir Sie an.
""",
    ),
    "volunteer_unlocked": (
        "Sie sind freigeschaltet. Wenn jemand Ihre Hilfe braucht, fragen wir Sie. "
        "WIR-Vielfaltszentrum, Tel. {tel}",
        "Sie sind freigeschaltet",
        """
Guten Tag {vorname},

alle Nachweise sind da. Sie sind freigeschaltet.
Wenn jemand Ihre Hilfe braucht, fragen wir Sie. Sie sagen Ja oder Nein, wie es Ihnen passt.
""",
    ),
    "volunteer_refused": (
        "Leider können wir Sie nicht aufnehmen. Haben Sie Fragen? Rufen Sie uns an: {tel}. "
        "WIR-Vielfaltszentrum",
        "Ihre Eintragung",
        """
Guten Tag {vorname},

danke für Ihr Angebot. Leider können wir Sie nicht aufnehmen.
Der Grund: {grund}
Haben Sie Fragen? Rufen Sie uns an.
""",
    ),
}
