"""One's own details and times over the API: changed only as they were read."""

from __future__ import annotations

from typing import Any

import pytest

from pools.models import Pool
from tests.api.callers import Caller, code_of, errors_of
from tests.builders import a_person, a_pool, a_volunteer
from volunteers.models import Profile, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def amal() -> Volunteer:
    """Return a volunteer."""
    pool: Pool = a_pool()
    return a_volunteer(pool, speaks=["prs", "am"])


def test_details_are_read_and_changed(amal: Volunteer) -> None:
    caller = Caller(amal.person)
    read = caller.get("me/details/")
    assert read.json()["postcode"] == "35390"
    changed = caller.patch(
        "me/details/",
        {
            "languages": [{"language": "am", "level": 6, "region": "Gondar"}],
            "radius_km": 12,
            "postcode": "35435",
            "modes": ["phone"],
            "gender": "f",
            "opted_out_settings": ["school"],
            "extra_municipalities": ["06531018"],
        },
        etag=read["ETag"],
    )
    assert changed.status_code == 200, changed.content
    shown = changed.json()
    assert [each["language"] for each in shown["languages"]] == ["am"]
    assert (shown["radius_km"], shown["postcode"], shown["modes"]) == (12, "35435", ["phone"])
    assert shown["means"] == read.json()["means"]
    assert changed["ETag"] == caller.get("me/details/")["ETag"] != read["ETag"]


def test_what_was_read_before_somebody_else_changed_it_is_not_written(amal: Volunteer) -> None:
    caller = Caller(amal.person)
    tag = caller.get("me/times/")["ETag"]
    assert code_of(caller.patch("me/times/", {"messages_per_week": 5})) == "precondition_required"
    assert caller.patch("me/times/", {"messages_per_week": 5}, etag=tag).status_code == 200
    late = caller.patch("me/times/", {"messages_per_week": 7}, etag=tag)
    assert (late.status_code, code_of(late)) == (412, "precondition_failed")
    assert Profile.objects.get().messages_per_week == 5
    assert caller.patch("me/times/", {"messages_per_week": 7}, etag="*").status_code == 200


def test_times_are_changed(amal: Volunteer) -> None:
    sent = {
        "week": "1" * 24 + "0" * 144,
        "assignments_per_week": None,
        "urgent_beyond_budget": True,
        "quiet_from": "22:00:00",
        "quiet_until": "06:00:00",
        "paused_until": "2026-12-24",
    }
    caller = Caller(amal.person)
    shown = caller.patch("me/times/", sent, etag="*").json()
    assert shown == shown | sent
    assert caller.patch("me/times/", {"is_paused": True}, etag="*").json()["is_paused"] is True
    resumed = caller.patch("me/times/", {"is_paused": False}, etag="*").json()
    assert (resumed["is_paused"], resumed["paused_until"]) == (False, None)


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("details", {"languages": []}, "/languages"),
        ("details", {"languages": [{"language": "any", "level": 6}]}, "/languages/0/language"),
        ("details", {"languages": [{"language": "am", "level": 9}]}, "/languages/0/level"),
        ("details", {"languages": [{"language": "am", "level": 6}] * 2}, "/languages"),
        ("details", {"languages": [{"language": "am", "level": 6}] * 21}, "/languages"),
        ("details", {"languages": "am"}, "/languages"),
        ("details", {"radius_km": 0}, "/radius_km"),
        ("details", {"radius_km": 10**30}, "/radius_km"),
        ("details", {"modes": []}, "/modes"),
        ("details", {"postcode": "99999"}, "/postcode"),
        ("details", {"postcode": "35390", "municipality": "x"}, "/municipality"),
        ("details", {"extra_municipalities": ["\u0000"]}, "/extra_municipalities/0"),
        ("details", {"opted_out_settings": [{}]}, "/opted_out_settings/0"),
        ("details", {"gender": None}, "/gender"),
        ("details", {"person": 1}, "/person"),
        ("times", {"week": "1"}, "/week"),
        ("times", {"week": "2" * 168}, "/week"),
        ("times", {"messages_per_week": 8}, "/messages_per_week"),
        ("times", {"assignments_per_week": 0}, "/assignments_per_week"),
        ("times", {"quiet_from": "25:00"}, "/quiet_from"),
        ("times", {"paused_until": "2026-11-24"}, "/paused_until"),
        ("times", {"paused_until": "0001-01-01"}, "/paused_until"),
        ("times", {"is_paused": 7}, "/is_paused"),
        ("times", [], ""),
    ],
    ids=str,
)
def test_bad_input_is_told_at_its_field(amal: Volunteer, path: str, sent: Any, field: str) -> None:
    response = Caller(amal.person).patch(f"me/{path}/", sent, etag="*")
    assert code_of(response) == "invalid"
    assert field in errors_of(response), response.content


def test_days_away_are_noted_once_and_removed(amal: Volunteer) -> None:
    caller = Caller(amal.person)
    days = {"first": "2026-12-20", "last": "2026-12-31"}
    noted = caller.post("me/absences/", days, key="k")
    assert noted.status_code == 201
    assert caller.post("me/absences/", days, key="k").json() == noted.json()
    assert caller.get("me/absences/").json() == [noted.json()]
    assert "/first" in errors_of(caller.post("me/absences/", days))
    backwards = {"first": "2026-12-20", "last": "2026-12-01"}
    assert "/last" in errors_of(caller.post("me/absences/", backwards))
    far = {"first": "9999-12-31", "last": "9999-12-31"}
    assert "/first" in errors_of(caller.post("me/absences/", far))
    path = f"me/absences/{noted.json()['id']}/"
    assert code_of(Caller(a_volunteer(amal.pool).person).delete(path)) == "not_found"
    assert caller.delete(path).status_code == 204
    assert code_of(caller.delete(path)) == "not_found"


def test_who_is_no_volunteer_has_no_profile() -> None:
    caller = Caller(a_person())
    for path in ("me/details/", "me/times/", "me/absences/"):
        assert code_of(caller.get(path)) == "not_found"
