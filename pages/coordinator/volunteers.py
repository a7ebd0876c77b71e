"""The volunteers of the pools: the list (K3) and one volunteer with everything about her (K4)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from background.clock import now
from matching.models import Assignment
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own, words
from pages.coordinator.volunteer_forms import NotesForm
from pages.rendering import page
from pages.volunteer.times_forms import PauseForm
from reference.models import Language
from volunteers.approval import UNLOCKED_BY_FIELD, UNLOCKED_FIELD, missing_records
from volunteers.models import Consent, Mode, Profile, Qualification, SpokenLanguage, Volunteer

PER_PAGE = 50
MESSAGES_SHOWN = 15
PAUSED = "paused"
ROLES = (("interpret", "Dolmetschen"), ("guide", "Begleitung"))


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List volunteers by language, state and name."""
    chosen = {name: request.GET.get(name, "").strip()[:80] for name in ("sprache", "stand", "name")}
    everybody = own.volunteers(request)
    found = _filtered(everybody, chosen).order_by("person")
    volunteers = Paginator(
        found.select_related(
            "person__profile__municipality", "person__profile__postcode"
        ).prefetch_related("person__profile__languages__language"),
        PER_PAGE,
    ).get_page(request.GET.get("seite"))
    context = {
        "list": volunteers,
        "rows": [(volunteer, _standing(volunteer)) for volunteer in volunteers],
        "total": volunteers.paginator.count,
        "languages": Language.objects.filter(
            pk__in=SpokenLanguage.objects.filter(
                profile__person__in=everybody.values("person")
            ).values("language")
        ),
        "states": [*Volunteer.Status.choices, (PAUSED, "Pause")],
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        **chosen,
    }
    return page(request, "coordinator/volunteers.html", context)


def _filtered(volunteers: Any, chosen: dict[str, str]) -> Any:
    found = own.named(volunteers, chosen["name"])
    if chosen["sprache"]:
        found = found.filter(person__profile__languages__language__code=chosen["sprache"])
    if chosen["stand"] == PAUSED:
        return found.filter(_on_pause(), status=Volunteer.Status.APPROVED)
    if chosen["stand"] in Volunteer.Status.values:
        found = found.filter(status=chosen["stand"])
    return found


def _on_pause() -> Q:
    return Q(person__profile__is_paused=True) | Q(
        person__profile__paused_until__gt=localdate(now())
    )


def is_on_pause(profile: Profile) -> bool:
    """Return whether the person is not asked today."""
    return profile.is_paused or bool(
        profile.paused_until and profile.paused_until > localdate(now())
    )


def _standing(volunteer: Volunteer) -> tuple[str, str]:
    """Return the word and the colour for where a volunteer stands."""
    if volunteer.status != Volunteer.Status.APPROVED:
        tone = "info" if volunteer.status == Volunteer.Status.REGISTERED else "warning"
        return volunteer.get_status_display(), tone
    if is_on_pause(volunteer.person.profile):
        return "Pause", "warning"
    if not (volunteer.interpreting_unlocked_at or volunteer.guiding_unlocked_at):
        return "noch nicht freigeschaltet", "info"
    return "aktiv", "success"


@audience(Audience.COORDINATOR)
@require_safe
def detail(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show one volunteer."""
    return show(request, get_object_or_404(own.volunteers(request), public_id=public_id))


def show(
    request: SignedInRequest, volunteer: Volunteer, sent: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """Draw the page of a volunteer; `sent` holds a form in which something has to be corrected."""
    person, today = volunteer.person, localdate(now())
    profile = person.profile
    word, tone = _standing(volunteer)
    context: dict[str, Any] = {
        "volunteer": volunteer,
        "person": person,
        "profile": profile,
        "standing": word,
        "tone": tone,
        "is_paused": is_on_pause(profile),
        "roles": _roles(volunteer),
        "languages": profile.languages.select_related("language"),
        "modes": [mode.label for mode in Mode if getattr(profile, mode.value)],
        "means": profile.get_means_display().partition(" (")[0],
        "hours": words.of_week(profile.week),
        "extra_municipalities": profile.extra_municipalities.all(),
        "opted_out": profile.opted_out_settings.all(),
        "absences": [
            (absence.days.lower, _last(absence.days))
            for absence in profile.absences.filter(days__endswith__gt=today).order_by("days")
        ],
        "contacts": person.contacts.filter(closed_at__isnull=True),
        "consents": Consent.objects.visible_to(request.scope).filter(
            person=person, pool=volunteer.pool
        ),
        "records": _records(volunteer, today),
        "assignments": Assignment.objects.filter(volunteer=volunteer)
        .select_related("service_request__language", "service_request__organisation")
        .order_by("-period")[:MESSAGES_SHOWN],
        "messages_sent": [
            (message, words.of_message(message.template), words.TONES[message.state])
            for message in own.messages(request)
            .filter(person=person)
            .order_by("-created_at")[:MESSAGES_SHOWN]
        ],
        "notes_form": NotesForm(initial={"notes": volunteer.notes}, prefix="notes"),
        "pause_form": PauseForm(pool=volunteer.pool),
        **(sent or {}),
    }
    context["form"] = next(iter((sent or {}).values()), None)
    return page(request, "coordinator/volunteer.html", context)


def _roles(volunteer: Volunteer) -> list[dict[str, Any]]:
    """Return each role the person wants: open or not, and which records are missing for it."""
    wants = {"interpret": volunteer.wants_interpreting, "guide": volunteer.wants_guiding}
    return [
        {
            "code": code,
            "label": label,
            "since": getattr(volunteer, UNLOCKED_FIELD[code]),
            "by": getattr(volunteer, UNLOCKED_BY_FIELD[code]),
            "missing": missing_records(volunteer, code, localdate(now())),
        }
        for code, label in ROLES
        if wants[code]
    ]


def _last(days: Any) -> dt.date | None:
    """Return the last day of a range, None when it has no end."""
    return days.upper - dt.timedelta(days=1) if days.upper else None


def _records(
    volunteer: Volunteer, today: dt.date
) -> list[tuple[Qualification, str, str, dt.date | None]]:
    """Return the records with a word, a colour and the last day."""
    rows = Qualification.objects.filter(volunteer=volunteer).select_related(
        "type", "language", "inspected_by", "revoked_by"
    )
    return [
        (row, *_validity(row, today), _last(row.valid))
        for row in rows.order_by(F("revoked_at").asc(nulls_first=True), "type__position", "pk")
    ]


def _validity(row: Qualification, today: dt.date) -> tuple[str, str]:
    if row.revoked_at:
        return "zurückgenommen", "danger"
    if row.valid.upper and row.valid.upper <= today:
        return "abgelaufen", "danger"
    if row.valid.lower > today:
        return "gilt noch nicht", "info"
    return "gilt", "success"
