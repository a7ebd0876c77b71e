"""Every address of ours from the URL configuration, and what stands for each of its parameters.

A new address with a parameter that nobody entered in BY_ADDRESS fails; so a route cannot
be added without saying whose objects it opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LIBRARIES = frozenset({"admin"})
"""Opened as a whole for operators (pages.middleware.LIBRARY_AUDIENCES), no addresses of ours."""

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")

# What a parameter names, by the longest beginning of the address that fits and its own name.
BY_ADDRESS: dict[tuple[str, str], str] = {
    ("a/", "token"): "offer_token",
    ("b/", "token"): "confirmation_token",
    ("webhooks/abmelden/", "token"): "unsubscribe_token",
    ("koordination/anfragen/", "public_id"): "request",
    ("koordination/anfragen/", "proposal_id"): "proposal",
    ("koordination/freiwillige/", "public_id"): "volunteer",
    ("koordination/freiwillige/", "absence"): "absence",
    ("koordination/freiwillige/", "role"): "role",
    ("koordination/freiwillige/", "contact"): "contact",
    ("koordination/freiwillige/", "record"): "record",
    ("koordination/antworten/", "public_id"): "reply",
    ("koordination/stellen/", "public_id"): "organisation",
    ("koordination/stellen/", "membership"): "membership",
    ("anfragen/", "public_id"): "request",
    ("meine-einsaetze/anfrage/", "public_id"): "proposal",
    ("meine-einsaetze/", "public_id"): "assignment",
    ("meine-zeiten/", "public_id"): "absence",
    ("meine-angaben/orte/", "ags"): "municipality",
    ("api/v1/requests/", "public_id"): "request",
    ("api/v1/offers/", "public_id"): "proposal",
    ("api/v1/assignments/", "public_id"): "assignment",
    ("api/v1/me/absences/", "public_id"): "absence",
    ("api/v1/organisations/", "public_id"): "organisation",
    ("api/v1/webhooks/", "public_id"): "webhook",
    ("konto/programme/", "public_id"): "program",
    ("webhooks/twilio/receipts/", "message_id"): "message",
    ("koordination/", "message_id"): "message",
}


class NoEntry(LookupError):
    """An address has a parameter nobody said anything about."""


@dataclass(frozen=True)
class Route:
    """An address with its parameters still open."""

    pattern: str
    name: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of its parameters."""
        return tuple(name for _, name in _PARAMETER.findall(self.pattern))

    def means(self, parameter: str) -> str:
        """Return which object of a pool stands for the parameter."""
        fitting = [
            (len(begin), what)
            for (begin, name), what in BY_ADDRESS.items()
            if name == parameter and self.pattern.startswith(begin)
        ]
        if not fitting:
            raise NoEntry(f"{self.pattern}: say in tests/tenancy/routes.py what {parameter} names")
        return max(fitting)[1]

    def filled(self, objects: dict[str, str]) -> str:
        """Return the address with the ids of these objects."""
        return "/" + _PARAMETER.sub(lambda found: objects[self.means(found[2])], self.pattern)


def all_routes(urlconf: str = "config.urls") -> list[Route]:
    """Return every address of ours, in their order."""
    return list(_walk(get_resolver(urlconf), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Route(pattern, entry.name or "")
        elif entry.namespace not in LIBRARIES:
            yield from _walk(entry, pattern)
