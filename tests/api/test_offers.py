"""Offers and appointments over the API: the verbs of the pages, their refusals as 409."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from matching import replies
from matching.models import Assignment, Proposal
from notifications.models import Message
from pools.models import Pool
from service_requests.models import Event, ServiceRequest
from tests.api.callers import Caller, code_of, errors_of
from tests.builders import a_pool, a_request, a_volunteer, an_organisation
from tests.clock import MovableClock
from tests.matching.offers import a_proposal
from volunteers.models import Qualification, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def pool() -> Pool:
    """Return a pool."""
    return a_pool()


@pytest.fixture
def amal(pool: Pool) -> Volunteer:
    """Return a volunteer."""
    return a_volunteer(pool, given_name="Amal", family_name="Yilmaz")


def test_before_the_yes_the_address_is_not_told(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), amal)
    caller = Caller(amal.person)
    response = caller.get(f"offers/{offer.public_id}/")
    shown = response.json()
    assert shown["standing"] == "open"
    assert shown["place"] == "Gießen"
    for secret in ("Musterweg", "Sommer", "90009", "35390", "Schule 1"):
        assert secret not in response.content.decode()
    accepted = caller.post(f"offers/{offer.public_id}/accept/").json()
    held = caller.get(f"assignments/{accepted['assignment']}/").json()
    assert held["address"]["street"] == "Musterweg 1"
    assert held["address"]["contact_name"] == "Frau Sommer"


def test_of_a_hidden_place_only_the_area_is_told(pool: Pool, amal: Volunteer) -> None:
    shelter = an_organisation(
        pool, postcode="35435", is_hidden_place=True, setting="womens_shelter"
    )
    offer = a_proposal(a_request(organisation=shelter, setting="womens_shelter"), amal)
    Proposal.objects.update(distance_m=4321)
    caller = Caller(amal.person)
    for path in ("offers/", f"offers/{offer.public_id}/"):
        text = caller.get(path).content.decode()
        for secret in ("Wettenberg", "35435", "Frauenhaus", "womens_shelter", "06531"):
            assert secret not in text
    shown = caller.get(f"offers/{offer.public_id}/").json()
    assert shown["place"] == "Landkreis Gießen"
    assert shown["distance_km"] is None
    assert shown["topic"] == ""


def test_the_first_yes_wins_and_the_other_is_told(pool: Pool, amal: Volunteer) -> None:
    boris = a_volunteer(pool)
    service_request = a_request(pool)
    first, second = a_proposal(service_request, amal), a_proposal(service_request, boris)
    assert Caller(amal.person).post(f"offers/{first.public_id}/accept/", key="a").status_code == 200
    caller = Caller(boris.person)
    path = f"offers/{second.public_id}/"
    refused = caller.post(f"{path}accept/", key="b")
    assert code_of(refused) == "taken"
    assert refused.status_code == 409
    again = caller.post(f"{path}accept/", key="b")
    assert (code_of(again), again["Idempotent-Replayed"]) == ("taken", "true")
    assert caller.post(f"{path}stand-by/").json()["state"] == "stand_by"
    assert caller.post(f"{path}stand-by/").status_code == 200


def test_the_same_yes_twice_is_the_same_answer(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), amal)
    caller = Caller(amal.person)
    answers = [caller.post(f"offers/{offer.public_id}/accept/").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Assignment.objects.get().accepted_via == "api"
    assert Message.objects.filter(template="accepted").count() == 1


def test_two_places_at_once_are_refused(pool: Pool, amal: Volunteer) -> None:
    caller = Caller(amal.person)
    first, second = (a_proposal(a_request(pool), amal) for _ in range(2))
    caller.post(f"offers/{first.public_id}/accept/")
    response = caller.post(f"offers/{second.public_id}/accept/")
    assert (response.status_code, code_of(response)) == (409, "overlap")
    assert caller.get(f"offers/{second.public_id}/").json()["standing"] == "overlap"


def test_a_missing_record_is_refused_and_noted_even_with_a_key(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), amal)
    Qualification.objects.all().delete()
    response = Caller(amal.person).post(f"offers/{offer.public_id}/accept/", key="k")
    assert code_of(response) == "record_missing"
    assert Event.objects.filter(kind="record_missing").count() == 1


def test_what_has_begun_cannot_be_taken(pool: Pool, amal: Volunteer, clock: MovableClock) -> None:
    offer = a_proposal(a_request(pool), amal)
    clock.forward(days=4)
    assert code_of(Caller(amal.person).post(f"offers/{offer.public_id}/accept/")) == "over"


def test_a_no_may_have_a_reason(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), amal)
    caller = Caller(amal.person)
    path = f"offers/{offer.public_id}/decline/"
    assert "/reason" in errors_of(caller.post(path, {"reason": "vcancel_travel"}))
    shown = caller.post(path, {"reason": "decline_too_far"}).json()
    assert (shown["state"], shown["standing"]) == ("declined", "declined")
    offer.refresh_from_db()
    assert offer.decline_reason_id == "decline_too_far"


def test_a_no_after_the_yes_is_no_way_out(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), amal)
    caller = Caller(amal.person)
    caller.post(f"offers/{offer.public_id}/accept/")
    assert code_of(caller.post(f"offers/{offer.public_id}/decline/")) == "conflict"
    assert Assignment.objects.active().count() == 1


def test_somebody_elses_offer_does_not_exist(pool: Pool, amal: Volunteer) -> None:
    offer = a_proposal(a_request(pool), a_volunteer(pool))
    caller = Caller(amal.person)
    path = f"offers/{offer.public_id}/"
    assert code_of(caller.get(path)) == "not_found"
    for step in ("accept", "decline", "stand-by"):
        assert code_of(caller.post(f"{path}{step}/")) == "not_found"


def test_an_appointment_is_given_back(pool: Pool, amal: Volunteer) -> None:
    caller = Caller(amal.person)
    held = _held(a_request(pool), amal)
    shown = caller.post(
        f"assignments/{held.public_id}/cancel/", {"reason": "vcancel_prevented"}
    ).json()
    assert shown["cancelled_by"] == "volunteer"
    assert shown["address"] is None
    assert ServiceRequest.objects.get().status == "searching"
    assert code_of(caller.post(f"assignments/{held.public_id}/cancel/")) == "conflict"


def test_a_yes_is_undone_within_its_minutes(
    pool: Pool, amal: Volunteer, clock: MovableClock
) -> None:
    caller = Caller(amal.person)
    held = _held(a_request(pool), amal)
    path = f"assignments/{held.public_id}/"
    assert caller.get(path).json()["undo_until"]
    clock.forward(minutes=11)
    assert caller.get(path).json()["undo_until"] is None
    assert code_of(caller.post(f"{path}undo/")) == "over"
    clock.forward(minutes=-5)
    assert caller.post(f"{path}undo/").json()["cancelled_by"] == "undo"


def test_a_yes_of_the_telephone_is_not_undone(pool: Pool, amal: Volunteer) -> None:
    held = _held(a_request(pool), amal, via="telephone")
    response = Caller(amal.person).post(f"assignments/{held.public_id}/undo/")
    assert code_of(response) == "over"


def test_what_has_begun_is_not_given_back(pool: Pool, amal: Volunteer, clock: MovableClock) -> None:
    held = _held(a_request(pool), amal)
    clock.forward(days=3, minutes=1)
    response = Caller(amal.person).post(f"assignments/{held.public_id}/cancel/")
    assert code_of(response) == "over"


def test_lists_show_ones_own_and_are_filtered(
    pool: Pool, amal: Volunteer, clock: MovableClock
) -> None:
    _held(a_request(pool), amal)
    a_proposal(a_request(pool, starts_at=clock.at + timedelta(days=9)), amal)
    _held(a_request(pool), a_volunteer(pool))
    caller = Caller(amal.person)
    assert len(_rows(caller.get("offers/"))) == 2
    assert [row["state"] for row in _rows(caller.get("offers/", state="asked"))] == ["asked"]
    assert len(_rows(caller.get("assignments/", is_active="true"))) == 1
    assert _rows(caller.get("assignments/", is_active="false")) == []
    late = (clock.at + timedelta(days=20)).isoformat()
    assert _rows(caller.get("assignments/", ends_after=late)) == []


@pytest.mark.parametrize("path", ["offers/", "assignments/"])
def test_lists_read_as_often_for_many_as_for_one(
    pool: Pool,
    amal: Volunteer,
    clock: MovableClock,
    path: str,
    django_assert_max_num_queries: Any,
) -> None:
    caller = Caller(amal.person)
    _held(a_request(pool), amal)
    caller.get(path)
    with django_assert_max_num_queries(40) as one:
        caller.get(path)
    for days in (5, 6, 7):
        _held(a_request(pool, starts_at=clock.at + timedelta(days=days)), amal)
    with django_assert_max_num_queries(len(one)):
        assert len(_rows(caller.get(path))) == 4


def _held(service_request: ServiceRequest, volunteer: Volunteer, via: str = "link") -> Assignment:
    assignment = replies.accept(a_proposal(service_request, volunteer), via=via).assignment
    assert assignment is not None
    return assignment


def _rows(response: Any) -> Any:
    return response.json()["results"]
