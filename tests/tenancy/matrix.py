"""Every address × method × role × own or foreign ids, in the address and in what is sent.

Judged by what a wall is for, not by status codes: nothing of the foreign pool may be read (words
that stand nowhere else), and not one of its rows may change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from unittest import mock

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from pools.models import Organisation, Pool
from pools.scoping import Scope, scope_of
from tests.pages import second_factor
from tests.tenancy.routes import METHODS, Route
from tests.tenancy.worlds import World

ANONYMOUS = "anonymous"
ROLES = ("coordinator", "caseworker", "volunteer", ANONYMOUS)
SCOPES = ("pages.middleware.scope_of", "api.base.scope_of")
# Fields of forms and of JSON that name an object of a pool.
NAMED_IN_BODIES = (
    "request",
    "proposal",
    "assignment",
    "volunteer",
    "contact",
    "record",
    "absence",
    "organisation",
    "membership",
)


@dataclass
class Walk:
    """What one walk along all addresses gave."""

    routes: int = 0
    cases: int = 0
    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)


def walk(
    routes: Iterable[Route],
    own: World,
    foreign: World,
    *,
    methods: Iterable[str] = METHODS,
    roles: Iterable[str] = ROLES,
) -> Walk:
    """Let everybody of one pool try every address with ids of both; nothing is kept."""
    done = Walk()
    methods, roles = tuple(methods), tuple(roles)
    clients = {role: client_of(own, role) for role in roles}
    before = foreign.fingerprint()
    for route in routes:
        done.routes += 1
        for whose, path in _paths(route, own, foreign):
            for method in methods:
                for role in roles:
                    case = f"{method} /{route.pattern} ({whose} ids) as {role}"
                    _try(done, case, clients[role], method, path, foreign, before, route)
    return done


def client_of(world: World, role: str) -> Client:
    """Return a browser in which this person of the world is signed in."""
    client = Client(raise_request_exception=False)
    if role != ANONYMOUS:
        second_factor.sign_in(client, world.people[role])
    return client


def _paths(route: Route, own: World, foreign: World) -> Iterator[tuple[str, str]]:
    """Yield the address with our ids and, one by one and all at once, with those of the others."""
    yield "own", route.filled(own.objects)
    names = [route.means(parameter) for parameter in route.parameters]
    for name in names if len(names) > 1 else ():
        yield f"foreign {name}", route.filled(own.objects | {name: foreign.objects[name]})
    if names:
        yield "foreign", route.filled(foreign.objects)


def _try(
    done: Walk,
    case: str,
    client: Client,
    method: str,
    path: str,
    foreign: World,
    before: str,
    route: Route,
) -> None:
    done.cases += 1
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = _ask(client, method, path, foreign)
        if method != "GET" and foreign.fingerprint() != before:
            done.leaks.append(f"{case}: changed a row")
        transaction.set_rollback(True)
    client.cookies = cookies  # whoever signed out in this case is signed in for the next
    if response.status_code == 500:
        done.broken.append(f"{case}: {response.status_code}")
    if response.status_code < 300:
        done.opened.add(route.pattern)
    shown = response.content.decode(errors="replace") + str(response.headers)
    if any(secret.lower() in shown.lower() for secret in foreign.secrets):
        done.leaks.append(f"{case}: shows «{foreign.secrets[0]}»")


def _ask(client: Client, method: str, path: str, foreign: World) -> HttpResponse:
    named = {name: foreign.objects[name] for name in NAMED_IN_BODIES}
    send = getattr(client, method.lower())
    answer: HttpResponse
    if method == "GET":
        answer = send(path, named)
    elif path.startswith("/api/") or method != "POST":
        answer = send(path, json.dumps(named), content_type="application/json")
    else:
        answer = send(path, named | {"action": "yes"})
    return answer


def _wide(person: object) -> Scope:
    """Return the scope of somebody for whom the wall does not count."""
    scope: Scope = scope_of(person)  # type: ignore[arg-type]
    if scope.person_id is None:
        return scope
    everywhere = frozenset(Pool.objects.values_list("pk", flat=True))
    anywhere = frozenset(Organisation.objects.values_list("pk", flat=True))
    return replace(
        scope,
        pools=everywhere if scope.pools else frozenset(),
        organisations=anywhere if scope.organisations else frozenset(),
    )


@contextmanager
def scope_off(wide: Callable[[object], Scope] = _wide) -> Iterator[None]:
    """Take the wall away: whoever coordinates one pool coordinates all."""
    with ExitStack() as stack:
        for name in SCOPES:
            stack.enter_context(mock.patch(name, wide))
        yield
