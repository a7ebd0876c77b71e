"""api: everybody calls everything the schema describes, ten thousand times, and what comes back is
what the schema says: never a 500, nothing undocumented, nothing without the right to it.

schemathesis makes the calls from the schema of drf-spectacular, valid ones and broken ones; a part
is filled with ids and words that exist (tests/proofs/api_wishes.py). Real servers answer, over
HTTP. The control is the same against servers that let everybody in and know no exception.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisWarning
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from tests.proofs import apps
from tests.proofs.api_people import Caller, Place, a_place
from tests.proofs.api_wishes import sent
from tests.proofs.frame import HOST, Frame, say, web
from tests.proofs.report import Result
from tests.tenancy.api_routes import EXPECTED
from tests.tenancy.routes import Route

PROCESSES, THREADS = 2, 2
AT_ONCE = 6
"""Calls of one kind before the next kind has its turn."""
PATIENCE_S = 60
OBJECTS = 240
CONTROL_SHARE = 10
MOST_THROTTLED = 0.01
SHOWN = 20
OFTEN_ENOUGH: Mapping[str, str] = {"LOTSENRUF_PROOF_API_RATE": "10000/s"}
UNPROTECTED = {apps.VARIABLE: "api_permissions,api_problems"}
OF_THE_SCHEMA = (
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@dataclass
class Calls:
    """What was asked and what came back."""

    requests: int = 0
    throttled: int = 0
    server_errors: list[str] = field(default_factory=list)
    schema_breaks: list[str] = field(default_factory=list)
    ignored_auth: list[str] = field(default_factory=list)
    roles: dict[str, Counter[str]] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    sensible: dict[str, Counter[str]] = field(default_factory=dict)
    """By operation and status: what programs got that may call it and know what they do."""

    @property
    def wrong(self) -> list[str]:
        """Return all that should not have come back."""
        return [*self.server_errors, *self.schema_breaks, *self.ignored_auth]

    @property
    def sensible_2xx_share(self) -> float:
        """Return how much of what makes sense was done."""
        statuses = sum(self.sensible.values(), Counter())
        done = sum(n for status, n in statuses.items() if status < "300")
        return round(done / max(1, statuses.total()), 2)


class _Counting(requests.Session):
    """Counts what really goes out, also what a check asks in addition."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send and count; no cookie of an answer goes along with the next."""
        self.sent += 1
        answer = super().send(*args, **kwargs)
        self.cookies.clear()
        return answer


@dataclass(frozen=True)
class Operation:
    """One method of one address, and what its address is about."""

    described: Any
    kind: str

    @property
    def name(self) -> tuple[str, str]:
        """Return what it is called in the table of rights."""
        path = re.sub(r"\{\w+\}", "00000000-0000-4000-8000-000000000000", self.described.path)
        return str(resolve(path).url_name), str(self.described.method).lower()

    def refuses(self, caller: Caller) -> bool:
        """Return whether this caller must not get anything here, whatever she sends."""
        refused = EXPECTED[self.name].statuses[caller.role] in (401, 403, 404)
        return refused or caller.lacks(self.described.path, self.name[1])


def operations() -> list[Operation]:
    """Return everything the schema describes."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    raw = json.loads(json.dumps(generator.get_schema(request=None, public=True), default=str))
    described: Any = schemathesis.openapi.from_dict(raw).get_all_operations()
    found = [each.ok() for each in described]
    return [Operation(each, _kind_of(each.path)) for each in found]


def _kind_of(path: str) -> str:
    if "{" not in path:
        return ""
    pattern = re.sub(r"\{(\w+)\}", r"<uuid:\1>", path.lstrip("/"))
    return Route(pattern, "").means("public_id")


def call_all(place: Place, port: int, *, at_most: int, dice: int) -> Calls:
    """Let everybody call everything in turns, until there were so many requests."""
    calls, session = Calls(), _Counting()
    # In random order, so that a few calls reach a little of everything.
    turns = list(itertools.product(place.callers, operations(), MODES))
    random.Random(dice).shuffle(turns)  # noqa: S311 - dice, no secret
    for number, (caller, operation, mode) in enumerate(_again_and_again(turns)):
        if session.sent >= at_most:
            break
        room = min(AT_ONCE, at_most - session.sent)
        turn = _Turn(calls, session, place, f"http://{HOST}:{port}", caller, operation, mode)
        with warnings.catch_warnings():
            # It names what it works with, and finds the names of our strategies too long.
            warnings.simplefilter("ignore", HypothesisWarning)
            turn.take(room, at_most, dice + number)
    calls.requests = session.sent
    return calls


def _again_and_again(turns: list[Any]) -> Iterator[Any]:
    while True:
        yield from turns


@dataclass(frozen=True)
class _Turn:
    """Some calls of one caller to one operation."""

    calls: Calls
    session: _Counting
    place: Place
    url: str
    caller: Caller
    operation: Operation
    mode: GenerationMode

    def take(self, n: int, at_most: int, dice: int) -> None:
        """Call at most n times; fewer when there are not so many ways to call it."""
        made = self.operation.described.as_strategy(generation_mode=self.mode)

        @seed(dice)
        @settings(
            max_examples=n,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(sent(made, self.place, self.operation.kind))
        def calling(made: tuple[Case[Any], bool]) -> None:
            if self.session.sent < at_most:
                self._call(*made)

        calling()

    def _call(self, case: Case[Any], is_sensible: bool) -> None:
        if self.caller.headers:
            case.cookies.clear()
            case.headers.pop("Authorization", None)
        began = self.session.sent
        response = case.call(
            self.url, session=self.session, headers=self.caller.headers, timeout=PATIENCE_S
        )
        if is_sensible and self.mode == GenerationMode.POSITIVE:
            self._count_sensible(response.status_code)
        if response.status_code == 201:
            made = _kind_of(f"{self.operation.described.path}{{public_id}}/")
            self.place.own[made].append(response.json()["id"])
        self._judge(case, response)
        counted = self.calls.roles.setdefault(self.caller.name, Counter())
        counted["requests"] += self.session.sent - began
        counted[f"{response.status_code // 100}xx"] += 1

    def _count_sensible(self, status: int) -> None:
        if not self.operation.refuses(self.caller):
            label = self.operation.described.label
            self.calls.sensible.setdefault(label, Counter())[str(status)] += 1

    def _judge(self, case: Case[Any], response: Any) -> None:
        """Note everything that is wrong with an answer."""
        told = f"{self.caller.name}: {self.operation.described.label} → {response.status_code}"
        status, calls = response.status_code, self.calls
        calls.throttled += status == 429
        if status < 300:
            foreign = self.place.foreign.get(self.operation.kind)
            if self.operation.refuses(self.caller) or foreign in case.path_parameters.values():
                calls.ignored_auth.append(told)
            if self.operation.described.label not in calls.opened:
                calls.opened.add(self.operation.described.label)
                self._check(case, response, [checks.ignored_auth], calls.ignored_auth, told)
        self._check(case, response, [not_a_server_error], calls.server_errors, told)
        self._check(case, response, list(OF_THE_SCHEMA), calls.schema_breaks, told)

    def _check(
        self, case: Case[Any], response: Any, which: list[Any], wrong: list[str], told: str
    ) -> None:
        try:
            case.validate_response(
                response,
                which,
                headers=self.caller.headers,
                transport_kwargs={
                    "base_url": self.url,
                    "session": self.session,
                    "headers": dict(self.caller.headers),
                },
            )
        except FailureGroup as group:
            reasons = "; ".join(" ".join(str(one).split())[:300] for one in group.exceptions)
            wrong.append(f"{told}: {reasons} [{response.request.method} {response.request.url}]")


def one_run(
    url: str,
    directory: Path,
    *,
    requests: int,
    dice: int,
    objects: int,
    environment: Mapping[str, str] | None = None,
) -> Calls:
    """Write the scene into the database at hand, serve it, and call."""
    place, log = a_place(objects), directory / "api.log"
    around = dict(OFTEN_ENOUGH) | dict(environment or {})
    with web(url, log=log, processes=PROCESSES, threads=THREADS, environment=around) as port:
        return call_all(place, port, at_most=requests, dice=dice)


def run(frame: Frame, *, requests: int, dice: int) -> Result:
    """Call, and a tenth of it where everybody may everything and errors are not told."""
    say(f"api: {requests} requests …")
    url = frame.database("api")
    calls = one_run(url, frame.directory, requests=requests, dice=dice, objects=OBJECTS)
    say("the control: the same where nobody is asked who she is, and no error is told …")
    url = frame.database("api_control")
    control = one_run(
        url,
        frame.directory,
        requests=requests // CONTROL_SHARE,
        dice=dice,
        objects=OBJECTS // 10,
        environment=UNPROTECTED,
    )
    labels = {each.described.label for each in operations()}
    figures = {
        "requests": calls.requests,
        "server_errors": len(calls.server_errors),
        "schema_breaks": len(calls.schema_breaks),
        "ignored_auth": len(calls.ignored_auth),
        "throttled": calls.throttled,
        "operations": len(labels),
        "operations_reached": len(calls.opened),
        "not_reached": ", ".join(sorted(labels - calls.opened)),
        "sensible_2xx_share": calls.sensible_2xx_share,
        "roles": {name: dict(counted) for name, counted in sorted(calls.roles.items())},
        "seed": dice,
        "control_server_errors": len(control.server_errors),
        "control_schema_breaks": len(control.schema_breaks),
        "control_ignored_auth": len(control.ignored_auth),
    }
    reached = not calls.wrong and calls.requests == requests
    valid = (
        all((control.server_errors, control.schema_breaks, control.ignored_auth))
        and calls.opened == labels
        and calls.throttled <= MOST_THROTTLED * calls.requests
    )
    why_not = calls.wrong[:SHOWN]
    if not valid:
        why_not.append("the control saw nothing, or the calls did not get far: it proves nothing")
    return Result("api", figures, reached, valid, why_not)
