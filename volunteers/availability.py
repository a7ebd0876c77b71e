"""What a person says about her own languages, places, times and wishes; true in every pool."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate

from background.clock import now
from pools.holding import hold_person
from pools.plain_text import checked
from reference.models import ANY_LANGUAGE, Language, Municipality, Setting
from reference.places import Place
from volunteers.models import Absence, Level, Mode, Profile, SpokenLanguage, Volunteer
from volunteers.week import HOURS

MOST_LANGUAGES = 20
MOST_EXTRA_MUNICIPALITIES = 50
RADIUS_KM = (1, 200)
MESSAGES_PER_WEEK = (1, 7)
MOST_ASSIGNMENTS = 50
LONGEST_ABSENCE = dt.timedelta(days=2 * 366)
NO_LANGUAGE_LEFT = "Zum Dolmetschen brauchen Sie mindestens eine Sprache."
NOT_LATER = "Dieser Tag ist nicht in der Zukunft. Wählen Sie einen späteren."


@dataclass(frozen=True)
class LanguageInput:
    """A language as a person states it."""

    language: Language
    level: int
    can_read: bool = False
    region: str = ""


def check_languages(languages: Sequence[LanguageInput]) -> None:
    """Raise ValidationError for a list that cannot be kept."""
    codes = [spoken.language.code for spoken in languages]
    if len(codes) > MOST_LANGUAGES:
        raise ValidationError({"languages": f"Nennen Sie höchstens {MOST_LANGUAGES} Sprachen."})
    if twice := [spoken for spoken in languages if codes.count(spoken.language.code) > 1]:
        name = twice[0].language.name_de
        raise ValidationError({"languages": f"{name} steht zweimal da. Eine Zeile genügt."})
    if ANY_LANGUAGE in codes or any(spoken.level not in Level.values for spoken in languages):
        raise ValidationError({"languages": "Wählen Sie Sprache und Niveau aus der Liste."})
    for spoken in languages:
        try:
            checked(SpokenLanguage, region=spoken.region)
        except ValidationError as error:
            raise ValidationError({"languages": error.messages}) from error


def check_reach(*, means: str, radius_km: int, modes: Collection[str]) -> None:
    """Raise ValidationError for a way of travelling that cannot be kept."""
    errors: dict[str, str] = {}
    if means not in Profile.Means.values:
        errors["means"] = "Wählen Sie aus, wie Sie zu Terminen kommen."
    if not RADIUS_KM[0] <= radius_km <= RADIUS_KM[1]:
        errors["radius_km"] = f"Der Umkreis geht von {RADIUS_KM[0]} bis {RADIUS_KM[1]} Kilometer."
    if not modes or set(modes) - set(Mode.values):
        errors["modes"] = "Wählen Sie mindestens eines: vor Ort, am Telefon oder per Video."
    if errors:
        raise ValidationError(dict(errors))


def check_week(week: str) -> None:
    """Raise ValidationError for what is not the 168 hours of a week."""
    if len(week) != HOURS or set(week) - {"0", "1"}:
        raise ValidationError({"week": "Wählen Sie Ihre Zeiten noch einmal aus."})


def check_pause(until: dt.date | None, *, today: dt.date) -> None:
    """Raise ValidationError for a pause that is over before it begins: a slip of the pen."""
    if until is not None and until <= today:
        raise ValidationError({"paused_until": NOT_LATER})


def today_of(profile: Profile) -> dt.date:
    """Return the day it is at the first pool the person joined."""
    first = (
        Volunteer.objects.filter(person=profile.person_id)
        .select_related("pool")
        .order_by("registered_at", "pk")
        .first()
    )
    return now().astimezone(first.pool.zone).date() if first else localdate(now())


@transaction.atomic
def set_languages(profile: Profile, languages: Sequence[LanguageInput]) -> None:
    """Make these the languages of the person; the ones left out are gone.

    Who interprets keeps at least one: ValidationError.
    """
    check_languages(languages)
    interprets = Volunteer.objects.filter(person=profile.person_id, wants_interpreting=True)
    if not languages and interprets.exists():
        raise ValidationError({"languages": NO_LANGUAGE_LEFT})
    stated = [spoken.language.pk for spoken in languages]
    SpokenLanguage.objects.filter(profile=profile).exclude(language__in=stated).delete()
    for spoken in languages:
        SpokenLanguage.objects.update_or_create(
            profile=profile,
            language=spoken.language,
            defaults={
                "level": spoken.level,
                "can_read": spoken.can_read,
                **checked(SpokenLanguage, region=spoken.region),
            },
        )
    _keep(profile)


@transaction.atomic
def set_reach(
    profile: Profile,
    place: Place,
    means: str,
    radius_km: int,
    modes: Collection[str],
    extra_municipalities: Collection[Municipality] = (),
) -> None:
    """Set where the person lives, how far she goes, and where else she comes to."""
    check_reach(means=means, radius_km=radius_km, modes=modes)
    if len(extra_municipalities) > MOST_EXTRA_MUNICIPALITIES:
        most = f"Nennen Sie höchstens {MOST_EXTRA_MUNICIPALITIES} weitere Orte."
        raise ValidationError({"extra_municipalities": most})
    profile.postcode, profile.municipality = place.postcode, place.municipality
    profile.point = place.point
    profile.means, profile.radius_km = means, radius_km
    profile.on_site = Mode.ON_SITE in modes
    profile.phone = Mode.PHONE in modes
    profile.video = Mode.VIDEO in modes
    _keep(
        profile,
        *("postcode", "municipality", "point", "means", "radius_km", "on_site", "phone", "video"),
    )
    profile.extra_municipalities.set(extra_municipalities)


def set_week(profile: Profile, week: str) -> None:
    """Set the hours in which the person may be asked for; no hour chosen means any time."""
    check_week(week)
    profile.week = week
    _keep(profile, "week")


@transaction.atomic
def add_absence(profile: Profile, first: dt.date, last: dt.date) -> Absence:
    """Note that the person is away from the first to the last day, both included."""
    if last < first:
        raise ValidationError({"last": "Der letzte Tag liegt vor dem ersten. Tauschen Sie beide."})
    if last - first > LONGEST_ABSENCE:
        too_long = "So lange können wir nicht vormerken. Nutzen Sie für lange Zeiten die Pause."
        raise ValidationError({"last": too_long})
    # Two browsers with the same form take turns; the constraint stands behind.
    hold_person(profile.pk)
    if Absence.objects.filter(profile=profile).touching(first, last).exists():
        told = "Für diese Tage ist schon eine Abwesenheit eingetragen."
        raise ValidationError({"first": told})
    days = DateRange(first, last + dt.timedelta(days=1))
    return Absence.objects.create(profile=profile, days=days)


def remove_absence(absence: Absence) -> None:
    """Forget an absence; one that is gone already stays gone."""
    Absence.objects.filter(pk=absence.pk).delete()


def pause(profile: Profile, until: dt.date | None) -> None:
    """Ask the person nothing until that day (on it she is asked again), or without an end.

    A day that is not in the future is refused: ValidationError.
    """
    check_pause(until, today=today_of(profile))
    profile.is_paused, profile.paused_until = until is None, until
    _keep(profile, "is_paused", "paused_until")


def resume(profile: Profile) -> None:
    """End the pause now."""
    profile.is_paused, profile.paused_until = False, None
    _keep(profile, "is_paused", "paused_until")


@transaction.atomic
def set_wishes(
    profile: Profile,
    opted_out_settings: Collection[Setting],
    messages_per_week: int,
    assignments_per_week: int | None,
    urgent_beyond_budget: bool,
) -> None:
    """Set what the person does not want, and how often she may be asked and sent."""
    least, most = MESSAGES_PER_WEEK
    if not least <= messages_per_week <= most:
        between = f"Möglich sind {least} bis {most} Anfragen in der Woche."
        raise ValidationError({"messages_per_week": between})
    if assignments_per_week is not None and not 1 <= assignments_per_week <= MOST_ASSIGNMENTS:
        few = f"Tragen Sie 1 bis {MOST_ASSIGNMENTS} ein, oder lassen Sie das Feld leer."
        raise ValidationError({"assignments_per_week": few})
    profile.messages_per_week = messages_per_week
    profile.assignments_per_week = assignments_per_week
    profile.urgent_beyond_budget = urgent_beyond_budget
    _keep(profile, "messages_per_week", "assignments_per_week", "urgent_beyond_budget")
    profile.opted_out_settings.set(opted_out_settings)


def set_gender(profile: Profile, gender: str) -> None:
    """Set what the person says about herself; «» takes it back. Read only where a request asks."""
    if gender and gender not in Profile.Gender.values:
        raise ValidationError({"gender": "Wählen Sie eine Angabe aus der Liste, oder keine."})
    profile.gender = gender
    _keep(profile, "gender")


def _keep(profile: Profile, *fields: str) -> None:
    profile.updated_at = now()
    profile.save(update_fields=[*fields, "updated_at"])
