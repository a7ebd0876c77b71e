"""No endpoint opens by itself, and what goes wrong is always told the same way."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from api.base import ScopedEndpoint
from api.permissions import Area, Role
from tests.api.callers import Caller, browser, code_of
from tests.builders import a_coordinator, a_person, a_pool

pytestmark = pytest.mark.django_db


class Forgotten(APIView):
    """An endpoint outside the base that declares nothing."""

    def get(self, request: Any) -> Any:
        """Be never reached."""
        raise AssertionError


class Undeclared(ScopedEndpoint):
    """An endpoint on the base that declares nothing."""

    get = Forgotten.get


class WithoutRole(Undeclared):
    """An endpoint that forgot for whom it is."""

    area = Area.REQUESTS


class WithoutArea(Undeclared):
    """An endpoint that forgot what it is about."""

    role = Role.ANYONE


@pytest.mark.parametrize(
    "endpoint",
    [Forgotten, Undeclared, WithoutRole, WithoutArea],
    ids=lambda endpoint: endpoint.__name__,
)
def test_an_endpoint_that_declares_nothing_is_closed_even_to_the_operator(endpoint: Any) -> None:
    request = APIRequestFactory().get("/")
    force_authenticate(request, a_coordinator(a_pool(), is_superuser=True))
    assert endpoint.as_view()(request).status_code == 403


def test_the_schema_is_complete_and_valid() -> None:
    """The same as `manage.py spectacular --validate --fail-on-warn`."""
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")


def test_the_schema_is_for_everybody(client: Client) -> None:
    assert client.get("/api/schema/").status_code == 200


def test_without_access_the_answer_is_401(client: Client) -> None:
    response = client.get("/api/v1/me/")
    assert code_of(response) == "not_authenticated"
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_an_unknown_address_is_told_to_programs_too(client: Client) -> None:
    response = client.get("/api/v1/einhorn/")
    assert response.status_code == 404
    assert code_of(response) == "http-404"
    assert response.json()["incident"]


def test_a_browser_that_asks_for_a_page_gets_json(client: Client) -> None:
    client.force_login(a_person())
    response = client.get("/api/v1/me/", headers={"Accept": "text/html"})
    assert response["Content-Type"] == "application/json"


def test_a_method_that_does_not_exist_is_405() -> None:
    response = Caller(a_person()).delete("me/")
    # What a token may is asked first: nobody learns what there is to do.
    assert response.status_code == 403
    assert code_of(browser(a_person()).delete("/api/v1/me/")) == "method_not_allowed"


def test_who_calls_too_often_is_told_when_to_come_back(settings: Any) -> None:
    settings.API_RATES = settings.API_RATES | {"read": "2/m"}
    caller = Caller(a_person())
    assert [caller.get("me/").status_code for _ in range(3)] == [200, 200, 429]
    response = caller.get("me/")
    assert code_of(response) == "throttled"
    assert 0 < int(response["Retry-After"]) <= 60
    assert Caller(a_person()).get("me/").status_code == 200


def test_guessing_tokens_is_counted(client: Client, settings: Any) -> None:
    settings.API_RATES = settings.API_RATES | {"anonymous": "2/m"}
    wrong = {"Authorization": f"Bearer lotse_{'x' * 43}"}
    answers = [client.get("/api/v1/me/", headers=wrong).status_code for _ in range(3)]
    assert answers == [401, 401, 429]
