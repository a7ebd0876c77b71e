"""Every address of the API × every role × one's own pool and another one's."""

from __future__ import annotations

from typing import Any

import pytest

from api.base import ScopedEndpoint
from tests.api.callers import Caller
from tests.tenancy.api_routes import EXPECTED, api_routes
from tests.tenancy.scene import ROLES, Side, a_side
from tests.tenancy.walk import walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(settings: Any) -> tuple[Side, Side]:
    """Return one's own pool and another; nobody is throttled."""
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "10000/m")
    return a_side("06531", "Hier"), a_side("06534", "Fremd")


def test_every_address_has_its_entry_and_every_entry_its_address() -> None:
    assert {(route.name, route.method) for route in api_routes()} == set(EXPECTED)


def test_every_entry_says_it_for_every_role() -> None:
    assert [entry for entry in EXPECTED.values() if set(entry.statuses) != set(ROLES)] == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_or_changes_what_is_not_hers(role: str, sides: tuple[Side, Side]) -> None:
    found = walk(role, *sides)
    assert (found.wrong, found.leaks) == ([], [])
    assert found.calls > len(EXPECTED)


def test_the_walk_would_notice_a_missing_wall(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedEndpoint, "visible", lambda _, model: model.objects.all())
    found = walk("caseworker", *sides)
    assert {name for name, *_ in found.wrong} >= {"api_request", "api_withdraw_request"}
    assert {name for name, _ in found.leaks} >= {"api_requests", "api_organisations"}


def test_ids_of_another_pool_in_a_body_do_not_exist(sides: tuple[Side, Side]) -> None:
    here, there = sides
    response = Caller(here.coordinator).post(
        "requests/", {"organisation": str(there.organisation.public_id)}
    )
    fields = {error["field"] for error in response.json()["errors"]}
    assert "/organisation" in fields
    for path in ("requests/", "coordination/requests/"):
        told = Caller(here.coordinator).get(path, organisation=str(there.organisation.public_id))
        assert told.status_code == 400
