"""Records: what a coordinator has seen, and the days on which it holds."""

from __future__ import annotations

import calendar
import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from background.clock import now
from pools.holding import hold_person
from pools.models import User
from pools.plain_text import checked
from reference.models import Language, QualificationType
from volunteers.models import Qualification, Volunteer
from volunteers.querysets import QualificationQuerySet

POLICE = frozenset({"police_certificate", "police_certificate_extended"})
CERTIFICATE_MONTHS = 3
"""How old a criminal-record certificate may be when it is shown (S57 in domain.md)."""

ENTRY = (
    "Bei einem einschlägigen Eintrag wird nichts gespeichert. Die Person kann dann nicht"
    " eingesetzt werden. Sprechen Sie mit ihr."
)
NOT_SAID = "Sagen Sie, ob das Zeugnis frei von einschlägigen Einträgen ist."
ONLY_SEEN = (
    "Hier halten wir nur fest, dass Sie den Nachweis gesehen haben. Lassen Sie dieses Feld leer."
)
ONLY_FOR_POLICE = "Diese Angabe gehört nur zu einem Führungszeugnis. Lassen Sie das Feld leer."
UNITS_AT_MOST = 2000


def record(
    volunteer: Volunteer,
    *,
    type: QualificationType,
    valid_from: dt.date,
    valid_until: dt.date | None,
    inspected_on: dt.date,
    inspected_by: User,
    language: Language | None = None,
    issuer: str = "",
    units: int | None = None,
    certificate_on: dt.date | None = None,
    has_no_relevant_entry: bool | None = None,
) -> Qualification:
    """Keep a record from the first to the last day on which it holds (None: without an end).

    Raises ValidationError, and keeps nothing, for a certificate with a relevant entry.
    """
    errors = (
        _problems_of_days(valid_from, valid_until, inspected_on, volunteer)
        | _problems_of_language(type, language)
        | _problems_of_storage(type, issuer, units)
        | _problems_of_certificate(
            type, certificate_on, has_no_relevant_entry, valid_from, inspected_on
        )
    )
    if errors:
        raise ValidationError(dict(errors))
    end = valid_until + dt.timedelta(days=1) if valid_until else None
    return Qualification.objects.create(
        pool_id=volunteer.pool_id,
        volunteer=volunteer,
        type=type,
        language=language,
        units=units,
        valid=DateRange(valid_from, end),
        certificate_on=certificate_on,
        has_no_relevant_entry=has_no_relevant_entry,
        inspected_on=inspected_on,
        inspected_by=inspected_by,
        **checked(Qualification, issuer=issuer),
    )


@transaction.atomic
def revoke(qualification: Qualification, *, by: User) -> None:
    """Let a record hold on no day any more, from now on; revoking twice changes nothing."""
    hold_person(qualification.volunteer.person_id)  # first, as a yes does: the trigger is later
    instant = now()
    if Qualification.objects.filter(pk=qualification.pk, revoked_at__isnull=True).update(
        revoked_at=instant, revoked_by=by
    ):
        qualification.revoked_at, qualification.revoked_by = instant, by


def held(volunteer: Volunteer, on: dt.date) -> QualificationQuerySet:
    """Return the records of a volunteer that hold on that day."""
    return Qualification.objects.held_on(on).filter(volunteer=volunteer)


def proposed_until(type: QualificationType, valid_from: dt.date) -> dt.date | None:
    """Return the last day usually set for a type, or None when it usually never expires."""
    months = type.validity_months_default
    return months_after(valid_from, months) - dt.timedelta(days=1) if months else None


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later (earlier when negative), or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _problems_of_days(
    valid_from: dt.date, valid_until: dt.date | None, inspected_on: dt.date, volunteer: Volunteer
) -> dict[str, str]:
    if valid_until and valid_until < valid_from:
        return {"valid_until": "Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."}
    if inspected_on > now().astimezone(volunteer.pool.zone).date():
        return {"inspected_on": "Dieser Tag liegt in der Zukunft. Wann haben Sie es eingesehen?"}
    return {}


def _problems_of_language(
    type: QualificationType,
    language: Language | None,
) -> dict[str, str]:
    if type.is_per_language and language is None:
        return {"language": "Dieser Nachweis gilt je Sprache. Wählen Sie die Sprache."}
    if language is not None and not type.is_per_language:
        return {"language": "Dieser Nachweis gilt für keine einzelne Sprache. Lassen Sie sie weg."}
    return {}


def _problems_of_storage(
    type: QualificationType,
    issuer: str,
    units: int | None,
) -> dict[str, str]:
    errors: dict[str, str] = {}
    if type.storage == QualificationType.Storage.SEEN_NOT_STORED:
        if issuer.strip():
            errors["issuer"] = ONLY_SEEN
        if units is not None:
            errors["units"] = ONLY_SEEN
    if units is not None and not 0 < units <= UNITS_AT_MOST:
        errors["units"] = f"Tragen Sie eine Zahl von 1 bis {UNITS_AT_MOST} ein."
    return errors


def _problems_of_certificate(
    type: QualificationType,
    certificate_on: dt.date | None,
    has_no_relevant_entry: bool | None,
    valid_from: dt.date,
    inspected_on: dt.date,
) -> dict[str, str]:
    if type.code not in POLICE:
        errors = {}
        if certificate_on is not None:
            errors["certificate_on"] = ONLY_FOR_POLICE
        if has_no_relevant_entry is not None:
            errors["has_no_relevant_entry"] = ONLY_FOR_POLICE
        return errors
    if has_no_relevant_entry is None:
        return {"has_no_relevant_entry": NOT_SAID}
    if not has_no_relevant_entry:
        return {"has_no_relevant_entry": ENTRY}
    if certificate_on is None:
        return {"certificate_on": "Tragen Sie das Datum ein, das auf dem Zeugnis steht."}
    if certificate_on > inspected_on:
        return {"certificate_on": "Das Zeugnis gab es da noch nicht. Prüfen Sie beide Tage."}
    if certificate_on < months_after(inspected_on, -CERTIFICATE_MONTHS):
        return {
            "certificate_on": "Das Zeugnis war beim Vorlegen zu alt: höchstens"
            f" {CERTIFICATE_MONTHS} Monate sind erlaubt."
            " Die Person braucht ein neues. Für das Ehrenamt ist es kostenlos."
        }
    if valid_from < certificate_on:
        return {"valid_from": "Der Nachweis kann nicht vor dem Datum des Zeugnisses gelten."}
    return {}
