"""«So steht es»: one request as its institution sees it, and the list of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from background.clock import now
from matching.models import Assignment
from notifications.contacts import usable
from notifications.models import Contact
from pages import when
from pages.access import Audience, SignedInRequest, audience
from pages.confirmations import Side
from pages.contact_words import readable
from pages.institution import words
from pages.institution.whose import is_coordinator_of, mine
from pages.rendering import page
from reference.models import Reason
from reporting.models import Confirmation
from service_requests.models import Event, ServiceRequest, Status
from service_requests.querysets import ServiceRequestQuerySet
from service_requests.wish import GENDERS, MODES

PER_PAGE = 50
OPEN = (Status.SUBMITTED, Status.SEARCHING)
TABS = (("offen", "Offen"), ("besetzt", "Besetzt"), ("vorbei", "Vorbei"))
EMPTY = {
    "offen": "Zurzeit ist keine Anfrage offen.",
    "besetzt": "Zurzeit ist kein Termin besetzt.",
    "vorbei": "Noch ist nichts vorbei.",
}


def visible(request: SignedInRequest) -> ServiceRequestQuerySet:
    """Return the requests a person may see, with what the pages show."""
    return ServiceRequest.objects.visible_to(request.scope).select_related(
        "pool", "organisation", "language", "setting", "topic", "municipality", "postcode"
    )


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    service_request: ServiceRequest
    title: str
    when: str
    tone: str
    is_to_confirm: bool


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_safe
def requests(request: SignedInRequest) -> HttpResponse:
    """List the requests: open, filled, past."""
    tab = request.GET.get("zeige", "")
    tab = tab if tab in EMPTY else TABS[0][0]
    found = Paginator(_of_tab(visible(request), tab), PER_PAGE).get_page(request.GET.get("seite"))
    return page(
        request,
        "institution/requests.html",
        {
            "tabs": TABS,
            "tab": tab,
            "empty": EMPTY[tab],
            "found": found,
            "lines": [_line(service_request) for service_request in found],
            "has_any": visible(request).exists(),
            "may_post": mine(request).exists(),
            "has_several": len(request.scope.organisations) != 1 or request.scope.is_coordinator,
        },
    )


def _of_tab(found: ServiceRequestQuerySet, tab: str) -> ServiceRequestQuerySet:
    is_filled = Q(status=Status.CONFIRMED, period__endswith__gt=now())
    if tab == "offen":
        return found.filter(status__in=OPEN).order_by("period")
    if tab == "besetzt":
        return found.filter(is_filled).order_by("period")
    said = Confirmation.objects.filter(
        assignment__service_request=OuterRef("pk"), side=Side.REQUESTER
    )
    return (
        found.exclude(is_filled)
        .exclude(status__in=[*OPEN, Status.DRAFT])
        .annotate(has_said=Exists(said))
        .order_by("-period")
    )


def _line(service_request: ServiceRequest) -> Line:
    status = Status(service_request.status)
    is_over = service_request.period.upper <= now()
    waits = status in (Status.CONFIRMED, Status.TOOK_PLACE) and is_over
    return Line(
        service_request,
        title_of(service_request),
        when.period(service_request.period, service_request.pool.zone),
        words.TONES.get(status, "info"),
        waits and not getattr(service_request, "has_said", False),
    )


def title_of(service_request: ServiceRequest) -> str:
    """Return «Dolmetschen: Dari», «Begleitung» or «Begleitung: Arabisch»."""
    what = "Begleitung" if service_request.kind == "guide" else "Dolmetschen"
    language = service_request.language
    return f"{what}: {language.name_de}" if language else what


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_safe
def detail(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show how a request stands and what may be done next."""
    service_request = get_object_or_404(visible(request), public_id=public_id)
    status = Status(service_request.status)
    zone = service_request.pool.zone
    instant = now()
    context: dict[str, Any] = {
        "r": service_request,
        "title": title_of(service_request),
        "when": when.period(service_request.period, zone),
        "tone": words.TONES.get(status, "info"),
        "sentences": words.sentences(service_request),
        "facts": _facts(service_request),
        "events": _events(service_request),
        "may_withdraw": status in OPEN,
        "may_cancel": status == Status.CONFIRMED and service_request.period.lower > instant,
        "is_short_notice": (service_request.period.lower - instant).total_seconds() < 24 * 3600,
        "reasons": Reason.objects.filter(kind="cancel_by_requester").exclude(
            code="rcancel_none_given"
        ),
        "may_copy": mine(request).filter(pk=service_request.organisation_id).exists(),
        "is_coordinator": is_coordinator_of(request, service_request.organisation),
        "help_pool": service_request.pool,
        **_who_comes(service_request),
    }
    return page(request, "institution/request.html", context)


def _who_comes(service_request: ServiceRequest) -> dict[str, Any]:
    """Return name and contact of who said yes; nothing before the yes or after a cancellation."""
    held = (
        Assignment.objects.active()
        .filter(service_request=service_request)
        .select_related("person", "language")
        .first()
    )
    if held is None:
        return {"person": None, "may_confirm": False}
    said = Confirmation.objects.filter(assignment=held, side=Side.REQUESTER).first()
    return {
        "person": held.person,
        "contacts": _shown(usable(held.person)),
        "held": held,
        "held_mode": MODES.get(held.mode, ""),
        "other_language": held.language
        if service_request.language_id not in (None, held.language_id)
        else None,
        "said": said,
        "may_confirm": said is None and held.period.lower <= now(),
    }


def _shown(contacts: list[Contact]) -> list[tuple[str, str, str]]:
    """Return label, address and link of each contact."""
    return [
        ("Telefon", readable(contact), f"tel:{contact.address}")
        if contact.channel == "sms"
        else ("E-Mail", readable(contact), f"mailto:{contact.address}")
        for contact in contacts
    ]


def _facts(service_request: ServiceRequest) -> list[tuple[str, str]]:
    """Return what was asked for, as pairs; what was left empty is left out."""
    zone = service_request.pool.zone
    place = service_request.municipality or service_request.postcode.places.split(",")[0]
    bridges = [bridge.name_de for bridge in service_request.bridge_languages.all()]
    alternatives = service_request.alternatives.order_by("period")
    wish = GENDERS.get(service_request.gender_wish, "")
    pairs = [
        ("Stelle", service_request.organisation.name),
        ("Region oder Dialekt", service_request.variety),
        ("Auch in Ordnung", ", ".join(bridges)),
        ("Dauer", f"{when.minutes(service_request.period)} Minuten"),
        ("Andere Zeiten", "; ".join(when.period(slot.period, zone) for slot in alternatives)),
        ("Wie", ", ".join(MODES[mode] for mode in service_request.modes)),
        ("Art der Stelle", service_request.setting.label_de),
        ("Thema", service_request.topic.label_de if service_request.topic else ""),
        ("Wo", f"{service_request.address}, {service_request.postcode_id} {place}".strip(", ")),
        ("Ansprechperson", f"{service_request.contact_name}, {service_request.contact_phone}"),
        ("Wer kommen soll", f"{wish} (muss sein)" if service_request.gender_must else wish),
        ("Dabei", "Kinder oder Jugendliche" if service_request.minors_present else ""),
        ("Hinweis", service_request.note),
        ("Warum es eilt", service_request.urgency_reason),
    ]
    return [(label, text) for label, text in pairs if text]


def _events(service_request: ServiceRequest) -> list[tuple[str, Event, str]]:
    zone = service_request.pool.zone
    events = service_request.events.select_related("reason")
    return [
        (when.day_and_time(event.at, zone), event, text)
        for event in events
        if (text := words.of_event(event))
    ]
