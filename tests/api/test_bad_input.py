"""Whatever is sent to whatever can be written to: a clear refusal, never a 500, nothing is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from tests.api.callers import Caller, code_of
from tests.tenancy.api_routes import EXPECTED, Route, api_routes
from tests.tenancy.scene import Side, a_side

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-4000-8000-000000000000"
WRITING = [route for route in api_routes() if route.method in ("post", "patch")]
VALUES = ["\x00", "\ud800", 10**300, -1, 1e308, True, None, [], {}, [[7]], NOBODY, "x" * 60_000]
BODIES = {
    "2 MB": (b'{"a": "' + b"x" * 2_000_000 + b'"}', {413}),
    "deep": (b'{"a":' * 900 + b"1" + b"}" * 900, {400}),
    "deeper": (b"[" * 30_000 + b"]" * 30_000, {400}),
    "many digits": (b'{"a": ' + b"9" * 5_000 + b"}", {400}),
    "no JSON": (b"\xff{", {400}),
    "another type": (b'["a"]', {400}),
    "unknown name": (b'{"\\u0000": 1}', {400}),
}
READS_NO_BODY = ("api_accept_offer", "api_stand_by", "api_undo_assignment", "api_resume_webhook")


@pytest.fixture
def side(settings: Any) -> Side:
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "10000/m")
    return a_side("06531", "Hier")


def _who_may(route: Route, side: Side) -> Caller:
    statuses = EXPECTED[route.name, route.method].statuses
    is_staff = statuses["coordinator"] not in (401, 403, 404)
    return Caller(side.coordinator if is_staff else side.volunteer.person)


def _sent(caller: Caller, route: Route, side: Side, body: bytes) -> Any:
    """Send it and take back what it did."""
    with transaction.atomic():
        response = caller.client.generic(
            route.method.upper(),
            route.path(side, EXPECTED[route.name, route.method].kind),
            body,
            content_type="application/json",
            headers=caller.headers | {"If-Match": "*"},
        )
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("name", BODIES)
def test_what_cannot_be_read_is_refused_by_all_that_read(name: str, side: Side) -> None:
    body, statuses = BODIES[name]
    for route in WRITING:
        response = _sent(_who_may(route, side), route, side, body)
        if route.name in READS_NO_BODY:
            assert response.status_code < 500, route
            continue
        assert response.status_code in statuses, (route, response.content)
        assert code_of(response) in ("invalid", "unreadable", "too_large")


def test_no_value_of_any_field_is_too_strange(side: Side) -> None:
    for route in WRITING:
        entry, caller = EXPECTED[route.name, route.method], _who_may(route, side)
        names = {*(entry.body or {}), *_names_of(route)}
        for value in VALUES:
            body = json.dumps(dict.fromkeys(names, value)).encode()
            response = _sent(caller, route, side, body)
            assert response.status_code < 500, (route, value, response.content)
            if response.status_code >= 400:
                code_of(response)


def _names_of(route: Route) -> set[str]:
    """Return the names a body may have, as the schema says."""
    from tests.proofs.api import operations

    for operation in operations():
        if operation.name == (route.name, route.method) and operation.described.body:
            described = operation.described.definition.raw["requestBody"]["content"]
            name = described["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schemas = operation.described.schema.raw_schema["components"]["schemas"]
            return set(schemas[name]["properties"])
    return set()
