"""The explicit consent (Art. 9 DSGVO): its text in every version, and when it was given.

The German text counts; translations only help to read it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from pools.holding import hold_person
from pools.models import Pool, User
from volunteers.approval import NO_OPEN_ROLE
from volunteers.models import Consent, Volunteer

CURRENT = "2026-11"
TEXTS = {
    "2026-11": (
        "Ich willige ein: {centre} speichert meine Angaben und benutzt sie, um mich für Einsätze"
        " anzufragen. Das sind mein Name, meine Telefonnummer und E-Mail-Adresse, meine"
        " Postleitzahl, meine Sprachen, meine Zeiten und meine Nachweise.",
        "Sprachen können zeigen, woher ein Mensch oder seine Familie kommt. Das Gesetz schützt"
        " solche Angaben besonders (Artikel 9 DSGVO). Ich willige ausdrücklich ein, dass auch meine"
        " Sprachen gespeichert und für die Suche benutzt werden.",
        "Anfragende Stellen sehen meinen Namen und meine Telefonnummer erst, wenn ich einen Einsatz"
        " zugesagt habe. Meine Sprachen stehen in keinem öffentlichen Verzeichnis. Berichte nennen"
        " Zahlen erst ab 5 Personen.",
        "Ich entscheide freiwillig. Ich kann diese Einwilligung jederzeit widerrufen, ohne Grund"
        " und ohne Nachteil: bei {centre}, Telefon {phone}, E-Mail {email}. Danach fragt mich"
        " niemand mehr an, und meine Angaben werden gelöscht. Nur was das Gesetz verlangt, bleibt"
        " bis zum Ende der Frist gespeichert. Was bis zum Widerruf geschah, bleibt erlaubt.",
    ),
}
NOT_GIVEN = (
    "Ohne Ihre Einwilligung dürfen wir nichts speichern. Lesen Sie den Text und kreuzen Sie an,"
    " dass Sie einwilligen."
)
OLD_TEXT = "Der Text der Einwilligung ist neu. Lesen Sie ihn und willigen Sie noch einmal ein."


def consent_text(pool: Pool, version: str = CURRENT) -> list[str]:
    """Return the paragraphs a person agrees to, with the names of the pool filled in."""
    return [
        paragraph.format(centre=pool.centre_name, phone=pool.phone, email=pool.email)
        for paragraph in TEXTS[version]
    ]


def require_consent(*, given: bool, version: str) -> None:
    """Raise ValidationError unless the present text was agreed to."""
    if not given:
        raise ValidationError({"consent_given": NOT_GIVEN})
    if version != CURRENT:
        raise ValidationError({"consent_given": OLD_TEXT})


def note_consent(person: User, *, pool: Pool, noted_by: User | None) -> Consent:
    """Write down that the present text was agreed to just now."""
    return Consent.objects.create(person=person, pool=pool, text_version=CURRENT, noted_by=noted_by)


@transaction.atomic
def withdraw_consent(person: User, *, pool: Pool) -> None:
    """End the consent and with it the volunteering in this pool: nobody asks the person again.

    The data themselves go by the erase rules of each field, not here.
    """
    hold_person(person.pk)
    instant = now()
    Consent.objects.in_force().filter(person=person, pool=pool).update(withdrawn_at=instant)
    Volunteer.objects.filter(person=person, pool=pool).update(
        status=Volunteer.Status.LEFT,
        decided_at=instant,
        decided_by=person,
        **NO_OPEN_ROLE,
    )
