"""The board: what a coordinator has to care about now, the most urgent first (K1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from background.clock import now
from matching import endangered
from matching.explain import risk_of
from matching.risk import Level, Risk
from notifications.arrivals import Reply
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.rendering import page
from reporting.models import Record
from service_requests.models import ServiceRequest, Status

SHOWN_AT_MOST = 50
FAILURES_SINCE = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """A search with its risk."""

    service_request: ServiceRequest
    risk: Risk

    @property
    def tone(self) -> str:
        """Return the colour of the badge."""
        return ("danger", "warning", "success")[self.risk.level]


@audience(Audience.COORDINATOR)
@require_safe
def board(request: SignedInRequest) -> HttpResponse:
    """Show searches by risk, and everything that waits for a decision."""
    instant = now()
    mine = own.requests(request)
    searching = mine.searching().filter(period__startswith__gt=instant).order_by("period")
    rows = sorted(
        (Row(one, risk_of(one, instant)) for one in searching[:SHOWN_AT_MOST]),
        key=lambda row: (row.risk.level, row.service_request.period.lower),
    )
    waiting = {
        "submitted": mine.submitted().order_by("period"),
        "volunteers": own.volunteers(request).waiting().order_by("registered_at"),
        "organisations": own.organisations(request).waiting().order_by("registered_at"),
        "disputed": _disputed(request),
    }
    upcoming = mine.filter(status=Status.CONFIRMED, period__startswith__gt=instant)
    context = {
        "endangered": endangered.find(request.scope.pools),
        "rows": rows,
        "more": max(0, searching.count() - SHOWN_AT_MOST),
        "tiles": _tiles(request, rows, searching.count(), instant),
        "next": upcoming.order_by("period").first(),
        "several_pools": own.pools(request).count() > 1,
        **waiting,
    }
    return page(request, "coordinator/board.html", context)


def _disputed(request: SignedInRequest) -> Any:
    return (
        Record.objects.disputed()
        .filter(pool__in=request.scope.pools)
        .select_related("assignment__service_request__organisation", "assignment__person")
        .order_by("disputed_at")
    )


def _tiles(
    request: SignedInRequest, rows: list[Row], searching: int, instant: datetime
) -> list[tuple[str, int, str]]:
    """Return label, number and where it leads."""
    midnight = localtime(instant).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = own.requests(request)
    today = mine.filter(
        status=Status.CONFIRMED,
        period__startswith__gte=midnight,
        period__startswith__lt=midnight + timedelta(days=1),
    )
    failed = own.messages(request).dead().filter(created_at__gte=instant - FAILURES_SINCE)
    unread = Reply.objects.visible_to(request.scope).unread()
    requests, sent = reverse("coordinator_requests"), reverse("coordinator_messages")
    red = sum(row.risk.level == Level.RED for row in rows)
    return [
        ("Wir suchen", searching, "#suche"),
        ("Brauchen Hilfe", red, "#suche"),
        ("Warten auf Sie", mine.submitted().count(), "#pruefen"),
        ("Einsätze heute", today.count(), f"{requests}?status=confirmed"),
        ("Neue Freiwillige", own.volunteers(request).waiting().count(), "#neu"),
        ("Stellen warten", own.organisations(request).waiting().count(), "#stellen"),
        ("Antworten lesen", unread.count(), reverse("coordinator_replies")),
        ("Nicht zugestellt", failed.count(), f"{sent}?state=dead"),
    ]
