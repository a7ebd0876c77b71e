"""Requests over the API: posted once, followed, ended; what is wrong is told at its field."""

from __future__ import annotations

from typing import Any

import pytest

from pools.models import Organisation, User
from service_requests.models import ServiceRequest, Status
from tests.api.callers import Caller, code_of, errors_of
from tests.builders import (
    a_caseworker,
    a_contact,
    a_coordinator,
    a_pool,
    a_request,
    a_volunteer,
    an_organisation,
)
from tests.clock import MovableClock
from tests.matching.offers import a_proposal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def school() -> Organisation:
    """Return a school that may post."""
    return an_organisation(a_pool())


@pytest.fixture
def weber(school: Organisation) -> User:
    """Return somebody who posts for it."""
    return a_caseworker(school, given_name="Eva", family_name="Weber")


def wish(organisation: Organisation, /, **changed: Any) -> dict[str, Any]:
    """Return what a program sends for an ordinary request."""
    return {
        "organisation": str(organisation.public_id),
        "kind": "interpret",
        "language": "prs",
        "modes": ["on_site"],
        "starts_at": "2026-12-01T14:30:00+01:00",
        "minutes": 60,
        "topic": "parent_talk",
    } | changed


def test_a_request_is_posted_and_read_back(school: Organisation, weber: User) -> None:
    caller = Caller(weber)
    response = caller.post(
        "requests/",
        wish(school, alternatives=[{"starts_at": "2026-12-02T09:00:00+01:00"}], case_code="AB-12"),
    )
    assert response.status_code == 201, response.content
    shown = response.json()
    assert shown["status"] == "searching"
    assert shown["ends_at"] == "2026-12-01T15:30:00+01:00"
    assert shown["postcode"] == "35390"
    assert shown["contact_name"] == "Eva Weber"
    assert shown["volunteer"] is None
    assert shown["progress"]["asked"] == 0
    assert len(shown["alternatives"]) == 1
    assert "case" not in response.content.decode()
    assert caller.get(f"requests/{shown['id']}/").json() == shown
    assert [row["id"] for row in caller.get("requests/").json()["results"]] == [shown["id"]]


def test_the_same_key_posts_once(school: Organisation, weber: User) -> None:
    caller = Caller(weber)
    first = caller.post("requests/", wish(school), key="abc")
    second = caller.post("requests/", wish(school), key="abc")
    assert second.json() == first.json()
    assert second.status_code == 201
    assert second["Idempotent-Replayed"] == "true"
    assert ServiceRequest.objects.count() == 1
    assert code_of(caller.post("requests/", wish(school, minutes=30), key="abc")) == "key_reused"
    assert Caller(a_caseworker(school)).post("requests/", wish(school), key="abc").json() != (
        first.json()
    )


def test_what_was_refused_may_be_sent_again_with_the_same_key(
    school: Organisation, weber: User
) -> None:
    caller = Caller(weber)
    assert code_of(caller.post("requests/", wish(school, minutes=5), key="k")) == "invalid"
    assert caller.post("requests/", wish(school), key="k").status_code == 201


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "swim"}, "/kind"),
        ({"kind": ["interpret"]}, "/kind"),
        ({"kind": {"a": 1}}, "/kind"),
        ({"language": "klingon"}, "/language"),
        ({"language": "any"}, "/language"),
        ({"language": "pr\u0000s"}, "/language"),
        ({"language": 7}, "/language"),
        ({"language": None}, "/language"),
        ({"bridge_languages": ["deu"]}, "/bridge_languages/0"),
        ({"bridge_languages": "prs"}, "/bridge_languages"),
        ({"modes": []}, "/modes"),
        ({"modes": ["on_site", "telepathy"]}, "/modes/1"),
        ({"starts_at": "2026-12-01T14:30:00"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "/starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "/starts_at"),
        ({"starts_at": "2026-13-41T14:30:00+01:00"}, "/starts_at"),
        ({"starts_at": 1}, "/starts_at"),
        ({"starts_at": "2026-11-01T14:30:00+01:00"}, "/starts_at"),
        ({"minutes": 5}, "/starts_at"),
        ({"minutes": "viel"}, "/minutes"),
        ({"minutes": 10**400}, "/minutes"),
        ({"minutes": True}, "/minutes"),
        ({"alternatives": [{"starts_at": "morgen"}]}, "/alternatives/0/starts_at"),
        ({"alternatives": [{"starts_at": "2026-12-01T14:30:00+01:00"}]}, "/alternatives"),
        ({"alternatives": {"starts_at": 1}}, "/alternatives"),
        ({"alternatives": [7]}, "/alternatives/0"),
        ({"setting": "moon"}, "/setting"),
        ({"topic": "illness"}, "/topic"),
        ({"postcode": "00000"}, "/postcode"),
        ({"postcode": "35435", "municipality": "06531999"}, "/municipality"),
        ({"note": "Anna Müller, geboren am 3.4.1985"}, "/note"),
        ({"note": "a\u0000b"}, "/note"),
        ({"note": "\ud800"}, "/note"),
        ({"note": "x" * 501}, "/note"),
        ({"minors_present": "perhaps"}, "/minors_present"),
        ({"gender_wish": "x"}, "/gender_wish"),
        ({"gender_must": True}, "/gender_wish"),
        ({"case_code": "x" * 41}, "/case_code"),
        ({"organisation": "00000000-0000-4000-8000-000000000000"}, "/organisation"),
        ({"organisation": 5}, "/organisation"),
        ({"client_name": "Anna"}, "/client_name"),
        ({"\ud800": 1}, "/\\ud800"),
    ],
    ids=str,
)
def test_bad_input_is_told_at_its_field(
    school: Organisation, weber: User, changed: Any, field: str
) -> None:
    response = Caller(weber).post("requests/", wish(school, **changed), key="k")
    assert code_of(response) == "invalid", response.content
    assert field in errors_of(response)
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid"),
        (b"{", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b'{"a": NaN}', "unreadable"),
        (b'{"minutes": ' + b"9" * 5000 + b"}", "unreadable"),
        (b"[" * 30000 + b"]" * 30000, "unreadable"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "unreadable"),
        (b'{"note": "' + b"x" * 2_000_000 + b'"}', "too_large"),
        (b"[]", "invalid"),
        (b'"text"', "invalid"),
        (b"null", "invalid"),
        (b"7", "invalid"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_object_is_refused_clearly(weber: User, body: bytes, code: str) -> None:
    caller = Caller(weber)
    response = caller.client.post(
        "/api/v1/requests/", body, content_type="application/json", headers=caller.headers
    )
    assert code_of(response) == code, response.content


def test_forms_are_not_read(weber: User) -> None:
    caller = Caller(weber)
    response = caller.client.post("/api/v1/requests/", {"kind": "guide"}, headers=caller.headers)
    assert code_of(response) == "unsupported_media_type"


@pytest.mark.parametrize("key", ["x" * 101, "schlüssel"], ids=["long", "umlaut"])
def test_a_strange_key_is_refused(school: Organisation, weber: User, key: str) -> None:
    caller = Caller(weber)
    response = caller.client.generic(
        "POST",
        "/api/v1/requests/",
        b"{}",
        content_type="application/json",
        headers=caller.headers,
        HTTP_IDEMPOTENCY_KEY=key,
    )
    assert "/Idempotency-Key" in errors_of(response)


def test_what_does_not_exist_for_the_caller_is_404(school: Organisation, weber: User) -> None:
    other = a_request(a_pool("06534"))
    caller = Caller(weber)
    for path in ("", "withdraw/", "cancel/"):
        call = caller.post if path else caller.get
        assert code_of(call(f"requests/{other.public_id}/{path}")) == "not_found"
    foreign = wish(other.organisation)
    assert "/organisation" in errors_of(caller.post("requests/", foreign))


def test_a_volunteer_has_no_list_of_requests() -> None:
    assert code_of(Caller(a_volunteer(a_pool()).person).get("requests/")) == "permission_denied"


def test_a_token_for_reading_changes_nothing(school: Organisation, weber: User) -> None:
    reading = Caller(weber, "requests:read")
    assert reading.get("requests/").status_code == 200
    assert code_of(reading.post("requests/", wish(school))) == "permission_denied"
    assert code_of(Caller(weber, "offers:read").get("requests/")) == "permission_denied"


def test_a_search_is_withdrawn_once(school: Organisation, weber: User) -> None:
    service_request = a_request(organisation=school)
    caller = Caller(weber)
    path = f"requests/{service_request.public_id}/withdraw/"
    response = caller.post(path, {"reason": "rcancel_not_needed"}, key="k")
    assert response.json()["status"] == "withdrawn"
    assert caller.post(path, {"reason": "rcancel_not_needed"}, key="k").status_code == 200
    assert code_of(caller.post(path)) == "conflict"
    assert "/reason" in errors_of(caller.post(path, {"reason": "decline_too_far"}))


def test_who_comes_is_told_after_the_yes_and_may_be_cancelled(
    school: Organisation, weber: User
) -> None:
    service_request = a_request(organisation=school)
    volunteer = a_volunteer(school.pool, given_name="Amal", family_name="Yilmaz")
    offer = a_proposal(service_request, volunteer)
    caller = Caller(weber)
    path = f"requests/{service_request.public_id}/"
    assert "Yilmaz" not in caller.get(path).content.decode()
    assert Caller(volunteer.person).post(f"offers/{offer.public_id}/accept/").status_code == 200
    shown = caller.get(path).json()
    assert shown["volunteer"]["name"] == "Amal Yilmaz"
    assert [contact["channel"] for contact in shown["volunteer"]["contacts"]] == ["sms"]
    assert code_of(caller.post(f"{path}withdraw/")) == "conflict"
    cancelled = caller.post(f"{path}cancel/").json()
    assert cancelled["status"] == "cancelled"
    assert cancelled["volunteer"] is None


def test_a_coordinator_posts_for_institutions_of_her_pool(school: Organisation) -> None:
    coordinator = a_coordinator(school.pool)
    response = Caller(coordinator).post("requests/", wish(school))
    assert response.status_code == 201
    posted = ServiceRequest.objects.get()
    assert posted.events.get().detail["by_coordinator"] is True


def test_lists_are_filtered_and_paged(
    school: Organisation, weber: User, clock: MovableClock
) -> None:
    posted = []
    for language in ("prs", "am", "prs"):
        clock.forward(minutes=1)
        posted.append(str(a_request(organisation=school, language=language).public_id))
    a_request(organisation=school, status=Status.WITHDRAWN, language="prs")
    caller = Caller(weber)

    def ids(**query: Any) -> list[str]:
        response = caller.get("requests/", **query)
        assert response.status_code == 200, response.content
        return [row["id"] for row in response.json()["results"]]

    assert ids(status="searching", language="prs") == [posted[2], posted[0]]
    assert len(ids(status=["searching", "withdrawn"])) == 4
    assert ids(starts_before="2026-11-01T00:00:00Z") == []
    assert len(ids(organisation=str(school.public_id), kind="interpret")) == 4
    pages, query = [], {"status": "searching", "limit": "2"}
    address = caller.get("requests/", **query).json()
    pages += [row["id"] for row in address["results"]]
    while address["next"]:
        address = caller.client.get(address["next"], headers=caller.headers).json()
        pages += [row["id"] for row in address["results"]]
    assert pages == posted[::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"status": "sleeping"}, "/status/0"),
        ({"language": "klingon"}, "/language"),
        ({"organisation": "x"}, "/organisation"),
        ({"starts_from": "gestern"}, "/starts_from"),
        ({"colour": "red"}, "/colour"),
        ({"limit": "0"}, "/limit"),
        ({"limit": "9" * 5000}, "/limit"),
        ({"limit": "²"}, "/limit"),
        ({"cursor": "p=1"}, "/cursor"),
        ({"cursor": "WyJ4Il0:1:x"}, "/cursor"),
    ],
    ids=str,
)
def test_a_strange_filter_is_told(weber: User, query: Any, field: str) -> None:
    response = Caller(weber).get("requests/", **query)
    assert code_of(response) == "invalid"
    assert field in errors_of(response)


def test_a_nul_in_the_address_is_told_to_programs(weber: User) -> None:
    caller = Caller(weber)
    assert code_of(caller.client.get("/api/v1/requests/?status=%00")) == "http-400"


def test_the_list_reads_as_often_for_many_as_for_one(
    school: Organisation, weber: User, django_assert_max_num_queries: Any
) -> None:
    caller = Caller(weber)
    a_request(organisation=school, postcode="35390")
    caller.get("requests/")
    with django_assert_max_num_queries(40) as one:
        caller.get("requests/")
    for _ in range(4):
        a_request(organisation=school)
    with django_assert_max_num_queries(len(one)):
        assert len(caller.get("requests/").json()["results"]) == 5


def test_keys_are_forgotten_after_a_day(
    school: Organisation, weber: User, clock: MovableClock
) -> None:
    from api.once import sweep

    caller = Caller(weber)
    caller.post("requests/", wish(school), key="k")
    clock.forward(hours=25)
    sweep()
    assert caller.post("requests/", wish(school, minutes=90), key="k").status_code == 201


def test_contacts_that_said_stop_are_not_told(school: Organisation, weber: User) -> None:
    volunteer = a_volunteer(school.pool)
    a_contact(volunteer.person, stopped_at="2026-01-01T00:00:00Z")
    offer = a_proposal(a_request(organisation=school), volunteer)
    Caller(volunteer.person).post(f"offers/{offer.public_id}/accept/")
    shown = Caller(weber).get(f"requests/{offer.service_request.public_id}/").json()
    assert len(shown["volunteer"]["contacts"]) == 1
