"""The second factor: set up, asked for at sign-in, lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from notifications.models import Message, MessageClass
from pools.models import User
from tests.builders import a_coordinator, a_person, a_pool
from tests.pages import second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture
def coordinator() -> User:
    """Return somebody who must have a second factor."""
    return a_coordinator(a_pool())


def _app_shows(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def _secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert found
    return found[1]


def _set_up(client: Client, code: str) -> Any:
    return client.post("/konto/sicherheit/einrichten/", {"code": code}, follow=True)


def _first_factor(client: Client, person: User) -> Any:
    client.post("/anmelden/", {"address": person.contacts.get().address})
    message = Message.objects.filter(message_class=MessageClass.CODE).latest("created_at")
    return client.post("/anmelden/code/", {"code": message.parameters["code"]}, follow=True)


def test_a_coordinator_sets_it_up_at_the_first_sign_in(client: Client, coordinator: User) -> None:
    page = _first_factor(client, coordinator).content.decode()
    assert "<h1>Authenticator-App einrichten</h1>" in page
    assert '<img class="qr" src="data:image/svg+xml;base64,' in page
    response = _set_up(client, _app_shows(_secret_on(page)))
    assert Authenticator.objects.filter(user=coordinator).count() == 2
    assert response.redirect_chain == [("/konto/ersatzcodes/", 302)]
    assert "<h1>Ersatzcodes</h1>" in response.content.decode()
    assert client.get("/koordination/").status_code == 200


def test_the_code_that_set_it_up_opens_no_second_session(client: Client, coordinator: User) -> None:
    shown = _app_shows(_secret_on(_first_factor(client, coordinator).content.decode()))
    _set_up(client, shown)
    elsewhere = Client()
    _first_factor(elsewhere, coordinator)
    again = elsewhere.post("/anmelden/zweiter-faktor/", {"code": shown})
    assert "Der Code stimmt nicht." in again.content.decode()
    assert "_auth_user_id" not in elsewhere.session


def test_a_wrong_code_sets_nothing_up(client: Client, coordinator: User) -> None:
    _first_factor(client, coordinator)
    assert "Der Code stimmt nicht." in _set_up(client, "000000").content.decode()
    assert not Authenticator.objects.exists()
    assert client.get("/koordination/")["Location"] == "/konto/sicherheit/einrichten/"


def test_from_then_on_the_code_alone_opens_nothing(client: Client, coordinator: User) -> None:
    secret = second_factor.give(coordinator)
    page = _first_factor(client, coordinator).content.decode()
    assert "<h1>Zweiter Schritt</h1>" in page
    assert "_auth_user_id" not in client.session

    wrong = client.post("/anmelden/zweiter-faktor/", {"code": "000000"})
    assert "Der Code stimmt nicht." in wrong.content.decode()
    response = client.post("/anmelden/zweiter-faktor/", {"code": _app_shows(secret)})
    assert response["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(coordinator.pk)
    assert client.get("/start/")["Location"] != "/konto/sicherheit/einrichten/"


def test_a_spare_code_works_once(client: Client, coordinator: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    second_factor.give(coordinator)
    spare = RecoveryCodes.activate(coordinator).get_unused_codes()[0]
    _first_factor(client, coordinator)
    assert client.post("/anmelden/zweiter-faktor/", {"code": spare}).status_code == 302
    client.post("/abmelden/")
    cache.clear()
    _first_factor(client, coordinator)
    again = client.post("/anmelden/zweiter-faktor/", {"code": spare})
    assert "Der Code stimmt nicht." in again.content.decode()


def test_guessing_is_limited(client: Client, coordinator: User) -> None:
    secret = second_factor.give(coordinator)
    _first_factor(client, coordinator)
    for _ in range(5):
        client.post("/anmelden/zweiter-faktor/", {"code": "000000"})
    response = client.post("/anmelden/zweiter-faktor/", {"code": _app_shows(secret)})
    assert "Das waren zu viele Versuche." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_megabyte_as_a_code_is_no_failure(client: Client, coordinator: User) -> None:
    second_factor.give(coordinator)
    _first_factor(client, coordinator)
    response = client.post("/anmelden/zweiter-faktor/", {"code": "9" * 300_000})
    assert "Kürzen Sie den Text auf höchstens 20 Zeichen." in response.content.decode()


def test_taking_it_away_asks_for_it_once_more(client: Client, coordinator: User) -> None:
    secret = second_factor.give(coordinator)
    second_factor.sign_in(client, coordinator)
    response = client.get("/konto/sicherheit/entfernen/")
    assert response["Location"].startswith("/konto/sicherheit/zeigen/")
    client.post(response["Location"], {"code": _app_shows(secret)})
    assert client.get("/konto/sicherheit/entfernen/").status_code == 200
    client.post("/konto/sicherheit/entfernen/")
    assert not Authenticator.objects.exists()
    assert client.get("/start/")["Location"] == "/konto/sicherheit/einrichten/"


def test_who_need_not_have_one_may_have_one(client: Client) -> None:
    person = a_person()
    client.force_login(person)
    assert "App einrichten" in client.get("/konto/sicherheit/").content.decode()


def test_the_operator_may_take_a_lost_one_away_but_not_read_it(client: Client) -> None:
    coordinator = a_coordinator(a_pool())
    secret = second_factor.give(coordinator)
    second_factor.sign_in(client, a_person(is_superuser=True, is_staff=True))
    lost = Authenticator.objects.get(user=coordinator)
    page = client.get(f"/verwaltung/mfa/authenticator/{lost.pk}/change/")
    assert page.status_code == 200
    assert secret not in page.content.decode()
    client.post(f"/verwaltung/mfa/authenticator/{lost.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(user=coordinator).exists()
