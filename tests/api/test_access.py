"""Tokens: once shown, revocable, never more than their person may, and only what she allowed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from pools.models import Membership
from tests.api.callers import Caller, browser, code_of
from tests.builders import a_coordinator, a_person, a_pool
from tests.clock import MovableClock
from tokens import access
from tokens.models import Token

pytestmark = pytest.mark.django_db


def _me(secret: str) -> Any:
    return Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})


def test_only_a_digest_is_kept() -> None:
    token, secret = access.issue(a_person(), name="Terminplaner", permissions=["offers:read"])
    row = Token.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert row["digest"] == access.digest(secret)


def test_a_token_acts_as_its_person() -> None:
    person = a_person(given_name="Amal")
    _, secret = access.issue(person, name="Planer", permissions=["offers:read"])
    shown = _me(secret).json()
    assert shown["given_name"] == "Amal"
    assert shown["permissions"] == ["offers:read"]


def test_revoked_and_expired_tokens_open_nothing(clock: MovableClock) -> None:
    token, secret = access.issue(a_person(), name="a", permissions=["offers:read"], days=1)
    other, other_secret = access.issue(token.person, name="b", permissions=["offers:read"])
    access.revoke(other)
    assert _me(other_secret).status_code == 401
    assert _me(secret).status_code == 200
    clock.forward(days=1)
    assert code_of(_me(secret)) == "not_authenticated"


def test_the_token_of_somebody_who_may_no_longer_sign_in_opens_nothing() -> None:
    token, secret = access.issue(a_person(), name="a", permissions=["offers:read"])
    token.person.is_active = False
    token.person.save()
    assert _me(secret).status_code == 401


@pytest.mark.parametrize("secret", ["", "x", "lotse_", "lotse_" + "ä" * 43, "lotse_" + "x" * 9000])
def test_what_is_no_token_is_not_looked_up(secret: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert access.find(secret) is None


def test_its_use_is_noted_once_an_hour(clock: MovableClock) -> None:
    token, secret = access.issue(a_person(), name="a", permissions=["offers:read"])
    access.find(secret)
    first = clock.at
    clock.forward(minutes=59)
    access.find(secret)
    token.refresh_from_db()
    assert token.last_used_at == first
    clock.forward(minutes=2)
    access.find(secret)
    token.refresh_from_db()
    assert token.last_used_at == clock.at


def test_a_token_loses_what_its_person_loses() -> None:
    coordinator = a_coordinator(a_pool())
    caller = Caller(coordinator)
    assert len(caller.get("me/").json()["coordinates"]) == 1
    Membership.objects.update(ended_at="2026-01-01T00:00:00Z")
    assert caller.get("me/").json()["coordinates"] == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["all:all"]}, "permissions"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
    ],
    ids=str,
)
def test_a_token_has_a_name_an_end_and_permissions(changed: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        access.issue(a_person(), **({"name": "a", "permissions": ["offers:read"]} | changed))
    assert list(refused.value.message_dict) == [field]


def test_nobody_has_endlessly_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "MOST_IN_FORCE", 1)
    person = a_person()
    token, _ = access.issue(person, name="a", permissions=["offers:read"])
    with pytest.raises(ValidationError):
        access.issue(person, name="b", permissions=["offers:read"])
    access.revoke(token)
    access.issue(person, name="b", permissions=["offers:read"])


def test_a_session_needs_csrf_to_change_something() -> None:
    client = browser(a_person(), csrf=True)
    assert client.get("/api/v1/me/").status_code == 200
    response = client.post("/api/v1/me/", b"{}", content_type="application/json")
    assert code_of(response) == "permission_denied"


def test_a_session_that_owes_the_second_factor_opens_nothing(client: Client) -> None:
    client.force_login(a_coordinator(a_pool()))
    response = client.get("/api/v1/me/")
    assert code_of(response) == "second_factor_missing"
    assert browser(a_coordinator(a_pool())).get("/api/v1/me/").status_code == 200
