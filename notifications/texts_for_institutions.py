"""What we write to requesting institutions: key → (SMS, subject, e-mail). Mostly e-mail is read.

The link leads to the request behind the sign-in, or is a confirmation link of its own.
"""

from __future__ import annotations

_APPOINTMENT = """
{sprache_lang}
{datum_lang}, {zeit} bis {bis} Uhr
"""

INSTITUTION_TEXTS: dict[str, tuple[str, str, str]] = {
    "organisation_received": (
        "Ihre Anmeldung ist da. Wir prüfen sie und melden uns. WIR-Vielfaltszentrum, Tel. {tel}",
        "Ihre Anmeldung ist da",
        """
Guten Tag,

danke für Ihre Anmeldung: {stelle}.
Wir prüfen sie und melden uns. Danach können Sie Anfragen senden.
""",
    ),
    "organisation_approved": (
        "Ihre Stelle ist freigegeben. Sie können jetzt Anfragen senden: {link}",
        "Ihre Stelle ist freigegeben",
        """
Guten Tag,

Ihre Stelle ist freigegeben: {stelle}.
Sie können jetzt Anfragen senden: {link}

Sie brauchen kein Passwort. Wir schicken Ihnen beim Anmelden einen Code.
""",
    ),
    "organisation_refused": (
        "Wir können Ihre Stelle leider nicht freigeben. Haben Sie Fragen? Tel. {tel}",
        "Ihre Anmeldung",
        """
Guten Tag,

wir können Ihre Stelle leider nicht freigeben: {stelle}.
Der Grund: {grund}
Haben Sie Fragen? Rufen Sie uns an.
""",
    ),
    "requester_submitted": (
        "Ihre Anfrage ist da: {sprache}, {wt} {tag} {zeit}. So steht es: {link}",
        "Ihre Anfrage: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

Ihre Anfrage ist da:
"""
        + _APPOINTMENT
        + """
{hinweis}
So steht es: {link}
""",
    ),
    "requester_rejected": (
        "Nicht angenommen: {sprache}, {wt} {tag} {zeit}. Der Grund: {link}",
        "Nicht angenommen: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

diese Anfrage können wir leider nicht annehmen:
"""
        + _APPOINTMENT
        + """
Der Grund: {grund}
{hinweis}
Alles Weitere: {link}
""",
    ),
    "requester_filled": (
        "Besetzt: {sprache}, {wt} {tag} {zeit}. Name und Telefon: {link}",
        "Besetzt: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

Ihre Anfrage ist besetzt:
"""
        + _APPOINTMENT
        + """
Es kommt: {wer}
Telefon und Hinweise: {link}

Bitte planen Sie doppelt so viel Zeit und sprechen Sie in kurzen Sätzen.
Müssen Sie absagen? Bitte bis 24 Stunden vorher, auf derselben Seite.
""",
    ),
    "requester_nobody_yet": (
        "Noch niemand für {sprache}, {wt} {tag} {zeit}. Gefragt: {pers}. Optionen: {link}",
        "Noch niemand: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

noch hat niemand zugesagt. Wir suchen weiter.
"""
        + _APPOINTMENT
        + """
Bis jetzt haben wir gefragt: {pers}
Das können Sie tun: {link}

Zum Beispiel: eine andere Uhrzeit nennen, Telefon oder Video anbieten, uns anrufen.
""",
    ),
    "requester_still_checking": (
        "Noch nicht geprüft: {sprache}, {wt} {tag} {zeit}. Mehr: {link}",
        "Nicht geprüft: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

diese Anfrage haben wir noch nicht geprüft. Deshalb ist noch niemand gefragt:
"""
        + _APPOINTMENT
        + """
Der Termin rückt näher. Rufen Sie uns bitte an.
So steht es: {link}
""",
    ),
    "requester_changed": (
        "Geändert: {sprache}, jetzt {wt} {tag} {zeit}. So steht es: {link}",
        "Geändert: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

Ihre Koordination hat diese Anfrage geändert. Es gilt jetzt:
"""
        + _APPOINTMENT
        + """
So steht es: {link}
""",
    ),
    "requester_ended": (
        "Beendet: {sprache}, {wt} {tag} {zeit}. Es kommt niemand. Mehr: {link}",
        "Beendet: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

Ihre Koordination hat diese Anfrage beendet. Es kommt niemand:
"""
        + _APPOINTMENT
        + """
Der Grund: {grund}
War das nicht so besprochen? Rufen Sie uns an.
Mehr dazu: {link}
""",
    ),
    "requester_searching_again": (
        "Wir suchen neu: {sprache}, {wt} {tag} {zeit}. Jemand hat abgesagt. Mehr: {link}",
        "Wir suchen neu: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

die zugesagte Person kann leider nicht kommen. Wir suchen schon eine andere.
"""
        + _APPOINTMENT
        + """
Sie müssen nichts tun. So steht es: {link}
""",
    ),
    "requester_not_filled": (
        "Leider niemand: {sprache}, {wt} {tag} {zeit}. Was Sie tun können: {link}",
        "Leider niemand: {sprache} am {wt} {tag}, {zeit}",
        """
Guten Tag,

leider hat niemand zugesagt. Für diesen Termin suchen wir nicht weiter.
"""
        + _APPOINTMENT
        + """
Der Grund: {grund}
Das können Sie jetzt tun: {link}

Zum Beispiel: einen neuen Termin anfragen, einen Dolmetschdienst am Telefon nutzen, uns anrufen.
""",
    ),
    "confirm_requester": (
        "Hat der Einsatz am {wt} {tag} {zeit} stattgefunden ({sprache})? "
        "Bitte bestätigen Sie kurz: {link}",
        "Hat der Einsatz am {wt} {tag}, {zeit} stattgefunden?",
        """
Guten Tag,

hat dieser Einsatz stattgefunden?
"""
        + _APPOINTMENT
        + """
Bitte bestätigen Sie kurz: {link}
""",
    ),
    "requester_decided": (
        "Wir haben nachgefragt: Der Einsatz am {wt} {tag} {zeit} ({sprache}) {ergebnis}. "
        "Stimmt das nicht? Tel. {tel}",
        "Wir haben nachgefragt: Einsatz am {wt} {tag}, {zeit}",
        """
Guten Tag,

zu diesem Einsatz gab es zwei verschiedene Antworten. Wir haben nachgefragt.
"""
        + _APPOINTMENT
        + """
Jetzt steht fest: Der Einsatz {ergebnis}.
Stimmt das nicht? Rufen Sie uns an.
""",
    ),
}
