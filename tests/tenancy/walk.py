"""Calling every address of the API as one role, with one's own objects and with another pool's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tests.api.callers import Caller
from tests.tenancy.api_routes import EXPECTED, Route, cases
from tests.tenancy.scene import Side, people


@dataclass
class Walk:
    """How many calls were made, which answered otherwise than the table says, which told too much.

    The proof counts the calls; the two lists must stay empty.
    """

    calls: int = 0
    wrong: list[tuple[str, str, int, int]] = field(default_factory=list)
    leaks: list[tuple[str, str]] = field(default_factory=list)


def walk(role: str, here: Side, there: Side) -> Walk:
    """Call everything as somebody of `here`; nothing of it stays."""
    caller, found = Caller(people(here)[role]), Walk()
    secrets = there.secrets()
    for route, each in cases():
        if each != role:
            continue
        entry = EXPECTED[route.name, route.method]
        targets = [(here, entry.of(role))]
        if entry.kind:
            targets.append((there, entry.of_foreign(role)))
        for side, expected in targets:
            response = _called(caller, route, side)
            found.calls += 1
            if response.status_code != expected:
                found.wrong.append((route.name, route.method, response.status_code, expected))
            text = response.content.decode()
            found.leaks += [(route.name, told) for told in secrets if told in text]
    return found


def _called(caller: Caller, route: Route, side: Side) -> Any:
    """Call it and take back what it did, so that every case finds the same scene."""
    entry = EXPECTED[route.name, route.method]
    path = route.path(side, entry.kind).removeprefix("/api/v1/")
    with transaction.atomic():
        if route.method in ("get", "delete"):
            response = getattr(caller, route.method)(path)
        elif route.method == "patch":
            response = caller.patch(path, entry.body, etag="*")
        else:
            response = caller.post(path, entry.body)
        transaction.set_rollback(True)
    return response
