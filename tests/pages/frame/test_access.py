"""Default deny: nothing opens that was not declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.converters import IntConverter

from pages.access import Audience, audience
from pages.middleware import FREE_OF_SECOND_FACTOR
from tests.builders import a_caseworker, a_coordinator, a_person, a_pool, an_organisation
from tests.pages import second_factor

pytestmark = pytest.mark.django_db


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    """Yield ours; what of the admin is not opened in LIBRARY_AUDIENCES stays closed on purpose."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace != "admin":
            yield from _patterns(pattern)


def undeclared(request: HttpRequest) -> HttpResponse:
    """Be a view somebody forgot to declare."""
    return HttpResponse("geheim")


@audience(Audience.COORDINATOR)
def for_coordinators(request: HttpRequest) -> HttpResponse:
    """Be a view of the coordinators."""
    return HttpResponse("Lage")


@audience(Audience.SIGNED_IN)
def for_the_signed_in(request: HttpRequest) -> HttpResponse:
    """Be a view of everybody with an account."""
    return HttpResponse("Konto")


class Urls:
    """Addresses of the views above, in front of the real ones."""

    urlpatterns = [
        path("vergessen/", undeclared),
        path("nur-koordination/", for_coordinators),
        path("nur-angemeldet/", for_the_signed_in),
        *get_resolver().url_patterns,
    ]
    handler403 = "pages.errors.forbidden"
    handler404 = "pages.errors.not_found"


@pytest.fixture(autouse=True)
def _with_own_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = Urls


def test_every_page_says_for_whom_it_is() -> None:
    patterns = list(_patterns(get_resolver("config.urls")))
    assert len(patterns) > 20
    forgotten = [str(each.pattern) for each in patterns if not hasattr(each.callback, "audiences")]
    assert forgotten == []


def test_no_address_counts_our_rows() -> None:
    """Who reads «…/1234/» knows how many there are, and tries 1235."""
    patterns = [pattern.pattern for pattern in _patterns(get_resolver("config.urls"))]
    counted = [
        str(pattern)
        for pattern in patterns
        if any(isinstance(each, IntConverter) for each in pattern.converters.values())
    ]
    assert counted == []


def test_a_page_nobody_declared_is_closed_to_everybody(client: Client) -> None:
    assert client.get("/vergessen/").status_code == 403
    operator = a_person(is_superuser=True, is_staff=True)
    second_factor.sign_in(client, operator)
    assert client.get("/vergessen/").status_code == 403


def test_who_is_not_signed_in_is_asked_to_sign_in_and_comes_back(client: Client) -> None:
    response = client.get("/nur-koordination/?tag=heute")
    assert response.status_code == 302
    assert response["Location"] == "/anmelden/?next=/nur-koordination/%3Ftag%3Dheute"


def test_a_role_one_does_not_have_opens_nothing(client: Client) -> None:
    client.force_login(a_caseworker(an_organisation(a_pool())))
    assert client.get("/nur-angemeldet/").status_code == 200
    response = client.get("/nur-koordination/")
    assert response.status_code == 403
    assert "Kein Zugang" in response.content.decode()


def test_an_ended_membership_opens_nothing(client: Client) -> None:
    coordinator = a_coordinator(a_pool())
    second_factor.sign_in(client, coordinator)
    assert client.get("/nur-koordination/").status_code == 200
    coordinator.memberships.update(ended_at="2026-01-01T00:00:00Z")
    assert client.get("/nur-koordination/").status_code == 403


def test_a_coordinator_without_second_factor_must_set_one_up_first(client: Client) -> None:
    client.force_login(a_coordinator(a_pool()))
    for address in ("/nur-koordination/", "/nur-angemeldet/", "/start/"):
        assert client.get(address)["Location"] == "/konto/sicherheit/einrichten/"


def test_a_session_that_has_not_shown_the_second_factor_is_asked_for_it(client: Client) -> None:
    coordinator = a_coordinator(a_pool())
    second_factor.give(coordinator)
    client.force_login(coordinator)
    response = client.get("/nur-koordination/")
    assert response["Location"] == "/konto/sicherheit/zeigen/?next=/nur-koordination/"


def test_caseworkers_need_no_second_factor(client: Client) -> None:
    client.force_login(a_caseworker(an_organisation(a_pool())))
    assert client.get("/nur-angemeldet/").status_code == 200


def test_only_what_is_meant_so_is_free_of_the_second_factor() -> None:
    assert Audience.COORDINATOR not in FREE_OF_SECOND_FACTOR
    assert Audience.SIGNED_IN not in FREE_OF_SECOND_FACTOR


def test_the_admin_is_for_operators_with_a_second_factor(client: Client) -> None:
    assert client.get("/verwaltung/")["Location"] == "/anmelden/?next=/verwaltung/"
    assert client.get("/verwaltung/login/?next=/verwaltung/")["Location"].startswith("/anmelden/")

    operator = a_person(is_superuser=True, is_staff=True)
    client.force_login(operator)
    assert client.get("/verwaltung/")["Location"] == "/konto/sicherheit/einrichten/"
    second_factor.sign_in(client, operator)
    assert client.get("/verwaltung/").status_code == 200


def test_the_admin_is_closed_to_coordinators(client: Client) -> None:
    second_factor.sign_in(client, a_coordinator(a_pool(), is_staff=True))
    assert client.get("/verwaltung/").status_code == 403
