"""Reference data, institutions and the coordinator's lists over the API."""

from __future__ import annotations

from typing import Any

import pytest

from service_requests.models import Status
from tests.api.callers import Caller, code_of, errors_of
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_person,
    a_pool,
    a_request,
    a_volunteer,
    an_organisation,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_reference_data_are_for_everybody_signed_in() -> None:
    caller = Caller(a_person(), "offers:read")
    languages = caller.get("reference/languages/").json()
    assert "any" not in {language["code"] for language in languages}
    found = caller.get("reference/languages/", search="Dari").json()
    assert "prs" in {language["code"] for language in found}
    assert "school" in {one["code"] for one in caller.get("reference/settings/").json()}
    assert all(topic["settings"] for topic in caller.get("reference/topics/").json())
    reasons = caller.get("reference/reasons/", kind="decline").json()
    assert {reason["kind"] for reason in reasons} == {"decline"}
    places = caller.get("reference/places/", search="Wettenberg").json()
    assert places[0]["postcode"] == "35435"
    assert places[0]["municipalities"][0]["name"] == "Wettenberg"
    assert "/search" in errors_of(caller.get("reference/places/"))
    assert "/search" in errors_of(caller.get("reference/languages/", search="x" * 81))


def test_a_caseworker_sees_her_institution_and_no_other() -> None:
    pool = a_pool()
    own, other = an_organisation(pool), an_organisation(pool)
    caller = Caller(a_caseworker(own))
    assert [row["id"] for row in _rows(caller.get("organisations/"))] == [str(own.public_id)]
    assert caller.get(f"organisations/{own.public_id}/").json()["name"] == own.name
    assert code_of(caller.get(f"organisations/{other.public_id}/")) == "not_found"


def test_the_lists_of_the_coordination_hold_what_belongs_to_the_pools() -> None:
    here, there = a_pool("06531"), a_pool("06534")
    service_request = a_request(here)
    volunteer = a_volunteer(here, given_name="Amal")
    a_request(there)
    a_volunteer(there)
    caller = Caller(a_coordinator(here))
    (request,) = _rows(caller.get("coordination/requests/"))
    assert request["id"] == str(service_request.public_id)
    assert request["risk"]["level"] == "yellow"
    assert "1 Person" in request["risk"]["reason"]
    (person,) = _rows(caller.get("coordination/volunteers/"))
    assert (person["id"], person["given_name"]) == (str(volunteer.public_id), "Amal")
    assert "contact" not in person
    (organisation,) = _rows(caller.get("coordination/organisations/"))
    assert (organisation["requests"], organisation["unfilled"]) == (1, 0)


def test_a_coordinator_who_volunteers_elsewhere_finds_no_other_pool_in_her_lists() -> None:
    here, there = a_pool("06531"), a_pool("06534")
    volunteer = a_volunteer(there)
    coordinator = a_coordinator(here)
    a_volunteer(there, person=coordinator, postcode="35390")
    caller = Caller(coordinator)
    assert _rows(caller.get("coordination/volunteers/")) == []
    response = caller.get("coordination/volunteers/", pool=str(volunteer.pool.public_id))
    assert "/pool" in errors_of(response)


def test_the_lists_of_the_coordination_are_filtered() -> None:
    pool = a_pool()
    a_request(pool, status=Status.NOT_FILLED)
    a_volunteer(pool, speaks="am")
    a_volunteer(pool, speaks="prs", status="registered", **NOT_UNLOCKED)
    caller = Caller(a_coordinator(pool))
    assert _rows(caller.get("coordination/requests/", status="searching")) == []
    assert _rows(caller.get("coordination/requests/", status="not_filled"))[0]["risk"] is None
    assert len(_rows(caller.get("coordination/volunteers/", language="am"))) == 1
    assert len(_rows(caller.get("coordination/volunteers/", status="registered"))) == 1
    assert _rows(caller.get("coordination/organisations/", status="registered")) == []


NOT_UNLOCKED = {"interpreting_unlocked_at": None, "guiding_unlocked_at": None}


@pytest.mark.parametrize("path", ["volunteers", "organisations", "requests"])
def test_lists_read_as_often_for_many_as_for_one(
    path: str, django_assert_max_num_queries: Any
) -> None:
    pool = a_pool()
    caller = Caller(a_coordinator(pool))

    def grow() -> None:
        a_request(pool, status=Status.NOT_FILLED)  # a risk is worked out for each that is searched
        a_volunteer(pool)

    grow()
    caller.get(f"coordination/{path}/")
    with django_assert_max_num_queries(40) as one:
        caller.get(f"coordination/{path}/")
    for _ in range(3):
        grow()
    with django_assert_max_num_queries(len(one)):
        assert len(_rows(caller.get(f"coordination/{path}/"))) == 4


def _rows(response: Any) -> Any:
    assert response.status_code == 200, response.content
    return response.json()["results"]
