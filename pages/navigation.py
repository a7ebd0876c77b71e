"""Which places the header offers to whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pools.models import Pool
from pools.scoping import Scope
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Place:
    """One entry of the header."""

    label: str
    url: str
    is_here: bool


VISITOR = (("start", "Start"), ("join", "Mitmachen"), ("register_organisation", "Stelle anmelden"))
COORDINATOR = (
    ("coordinator_board", "Lage"),
    ("coordinator_volunteers", "Freiwillige"),
    ("coordinator_organisations", "Stellen"),
)
CASEWORKER = (
    ("institution_requests", "Unsere Anfragen"),
    ("institution_new_request", "Neue Anfrage"),
)
VOLUNTEER = (("my_appointments", "Meine Einsätze"), ("my_details", "Meine Angaben"))


def places(request: HttpRequest, scope: Scope) -> list[Place]:
    """Return the header's entries for this person, in order."""
    entries: list[tuple[str, str]] = []
    if scope.person_id is None:
        entries.extend(VISITOR)
    if scope.is_coordinator:
        entries.extend(COORDINATOR)
    if scope.is_caseworker:
        entries.extend(CASEWORKER)
    if scope.person_id and Volunteer.objects.filter(person_id=scope.person_id).exists():
        entries.extend(VOLUNTEER)
    if settings.IS_DEMO:
        entries.append(("demo_outbox", "Gesendete Nachrichten"))
    urls = ((label, reverse(name)) for name, label in entries)
    return [Place(label, url, request.path == url) for label, url in urls]


def help_pool(scope: Scope) -> Pool | None:
    """Return the pool whose telephone stands on the pages of this person, if there is one."""
    if scope.person_id is None:
        return None
    if scope.pools:
        return Pool.objects.filter(pk__in=scope.pools).first()
    if scope.organisations:
        return Pool.objects.filter(organisations__in=scope.organisations).first()
    return Pool.objects.filter(volunteers__person_id=scope.person_id).first()
