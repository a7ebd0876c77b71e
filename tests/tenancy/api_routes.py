"""Every address there is, read from the URL configuration; what each must answer is a table.

A new address without an entry fails the test. `script/prove tenancy` imports this too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.tenancy.scene import ROLES, Side

METHODS = ("get", "post", "patch", "delete")
API = "api/v1/"


@dataclass(frozen=True)
class Route:
    """An address by name, and a method."""

    name: str
    method: str
    parameters: tuple[str, ...]

    def path(self, side: Side, kind: str) -> str:
        """Return the address of the side's object of this kind."""
        ids = dict.fromkeys(self.parameters, side.public_id(kind)) if kind else {}
        return reverse(self.name, kwargs=ids)


def patterns(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Yield every address with its whole pattern, the admin's left out."""
    for pattern in (resolver or get_resolver("config.urls")).url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield here, pattern
        elif pattern.namespace != "admin":
            yield from patterns(pattern, here)


def api_routes() -> list[Route]:
    """Return every address and method of the API."""
    found = []
    for address, pattern in patterns():
        if not address.startswith(API):
            continue
        view: Any = pattern.callback
        parameters = tuple(re.findall(r"<\w+:(\w+)>", address))
        found += [
            Route(str(pattern.name), method, parameters)
            for method in METHODS
            if hasattr(view.cls, method)
        ]
    return found


@dataclass(frozen=True)
class Expected:
    """What an address answers, by role; of an object of another pool it is always 404.

    `kind` names the object in tests.tenancy.scene. Who may not call it at all (403) learns
    nothing about objects either.
    """

    statuses: dict[str, int]
    kind: str = ""
    body: Any = None

    def of(self, role: str) -> int:
        """Return the status for one's own, or for an address without an object."""
        return self.statuses[role]

    def of_foreign(self, role: str) -> int:
        """Return the status for an object of another pool."""
        own = self.statuses[role]
        return own if own in (401, 403) else 404


def _all(status: int, **others: int) -> dict[str, int]:
    """Return a status per role: 401 for the unknown, else this one but for the named roles."""
    return {"anonymous": 401, **dict.fromkeys(ROLES[1:], status), **others}


ANYONE = _all(200)
STAFF = _all(403, caseworker=200, coordinator=200)
COORDINATOR = _all(403, coordinator=200)
HER_OWN = _all(404, volunteer=200)
NOT_SENT = {"caseworker": 400, "coordinator": 400}

EXPECTED: dict[tuple[str, str], Expected] = {
    ("api_me", "get"): Expected(ANYONE),
    ("api_my_details", "get"): Expected(HER_OWN),
    ("api_my_details", "patch"): Expected(HER_OWN, body={"radius_km": 9}),
    ("api_my_times", "get"): Expected(HER_OWN),
    ("api_my_times", "patch"): Expected(HER_OWN, body={"messages_per_week": 2}),
    ("api_my_absences", "get"): Expected(HER_OWN),
    ("api_my_absences", "post"): Expected(_all(404, volunteer=201), body={"first": "2027-05-01"}),
    ("api_my_absence", "delete"): Expected(_all(404, volunteer=204), kind="absence"),
    ("api_languages", "get"): Expected(ANYONE),
    ("api_settings", "get"): Expected(ANYONE),
    ("api_topics", "get"): Expected(ANYONE),
    ("api_reasons", "get"): Expected(ANYONE),
    ("api_places", "get"): Expected(_all(400)),  # it wants to know what is searched for
    ("api_organisations", "get"): Expected(STAFF),
    ("api_organisation", "get"): Expected(STAFF, kind="organisation"),
    ("api_requests", "get"): Expected(STAFF),
    ("api_requests", "post"): Expected(_all(403, **NOT_SENT), body={}),
    ("api_request", "get"): Expected(STAFF, kind="confirmed"),
    ("api_request", "patch"): Expected(STAFF, kind="searching", body={"address": "Neuweg 2"}),
    ("api_withdraw_request", "post"): Expected(STAFF, kind="searching"),
    ("api_cancel_request", "post"): Expected(STAFF, kind="confirmed"),
    ("api_offers", "get"): Expected(ANYONE),
    ("api_offer", "get"): Expected(HER_OWN, kind="proposal"),
    ("api_accept_offer", "post"): Expected(HER_OWN, kind="proposal"),
    ("api_decline_offer", "post"): Expected(HER_OWN, kind="proposal"),
    ("api_stand_by", "post"): Expected(_all(404, volunteer=409), kind="proposal"),
    ("api_assignments", "get"): Expected(ANYONE),
    ("api_assignment", "get"): Expected(HER_OWN, kind="assignment"),
    ("api_cancel_assignment", "post"): Expected(HER_OWN, kind="assignment"),
    ("api_undo_assignment", "post"): Expected(HER_OWN, kind="assignment"),
    ("api_webhooks", "get"): Expected(COORDINATOR),
    ("api_webhooks", "post"): Expected(_all(403, coordinator=400), body={}),
    ("api_webhook", "get"): Expected(COORDINATOR, kind="webhook"),
    ("api_webhook", "delete"): Expected(_all(403, coordinator=204), kind="webhook"),
    ("api_resume_webhook", "post"): Expected(COORDINATOR, kind="webhook"),
    ("api_deliveries", "get"): Expected(COORDINATOR, kind="webhook"),
    ("api_coordination_requests", "get"): Expected(COORDINATOR),
    ("api_coordination_volunteers", "get"): Expected(COORDINATOR),
    ("api_coordination_organisations", "get"): Expected(COORDINATOR),
}


def cases() -> list[tuple[Route, str]]:
    """Return every route of the API for every role."""
    return [(route, role) for route in api_routes() for role in ROLES]
