"""From what a program sends to the verbs that keep it: what was not sent stays as it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.places import settle
from notifications import contacts
from notifications.models import Contact
from reference.places import Place
from volunteers import availability
from volunteers.availability import LanguageInput
from volunteers.models import Mode, Profile


def keep_details(profile: Profile, sent: dict[str, Any]) -> None:
    """Keep languages, place, reach and wishes; raises ValidationError with what is refused."""
    if "languages" in sent:
        availability.set_languages(profile, [LanguageInput(**each) for each in sent["languages"]])
    if "gender" in sent:
        availability.set_gender(profile, sent["gender"])
    availability.set_reach(
        profile,
        _place(profile, sent),
        sent.get("means", profile.means),
        sent.get("radius_km", profile.radius_km),
        sent.get("modes", [mode for mode in Mode if getattr(profile, mode.value)]),
        sent.get("extra_municipalities", list(profile.extra_municipalities.all())),
    )
    if "opted_out_settings" in sent:
        _keep_wishes(profile, sent)


def keep_times(profile: Profile, sent: dict[str, Any]) -> None:
    """Keep hours, limits, quiet hours and pause; raises ValidationError with what is refused."""
    if "week" in sent:
        availability.set_week(profile, sent["week"])
    _keep_wishes(profile, sent)
    if "quiet_from" in sent or "quiet_until" in sent:
        begins, ends = quiet_hours(profile)
        contacts.set_quiet_hours(
            profile.person,
            begins=sent.get("quiet_from", begins),
            ends=sent.get("quiet_until", ends),
        )
    _keep_pause(profile, sent)


def quiet_hours(profile: Profile) -> tuple[dt.time, dt.time]:
    """Return when the person's telephone stays silent; the usual hours when she has none."""
    contact = Contact.objects.filter(person=profile.person_id).first() or Contact()
    return contact.quiet_from, contact.quiet_until


def _keep_wishes(profile: Profile, sent: dict[str, Any]) -> None:
    availability.set_wishes(
        profile,
        sent.get("opted_out_settings", list(profile.opted_out_settings.all())),
        sent.get("messages_per_week", profile.messages_per_week),
        sent.get("assignments_per_week", profile.assignments_per_week),
        sent.get("urgent_beyond_budget", profile.urgent_beyond_budget),
    )


def _keep_pause(profile: Profile, sent: dict[str, Any]) -> None:
    if not sent.keys() & {"is_paused", "paused_until"}:
        return
    until = sent.get("paused_until")
    if until is not None or sent.get("is_paused"):
        availability.pause(profile, until)
    else:
        availability.resume(profile)


def _place(profile: Profile, sent: dict[str, Any]) -> Place:
    if not sent.keys() & {"postcode", "municipality"}:
        return Place(profile.postcode, profile.municipality, None, profile.point)
    return settle(sent.get("postcode", profile.postcode_id), sent.get("municipality") or "")
