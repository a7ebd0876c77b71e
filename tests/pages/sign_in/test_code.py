"""Signing in with a code: one answer for everybody, few attempts, nothing left behind."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from background.clock import now
from notifications.models import Channel, Contact, Message, MessageClass
from pages.sign_in.sessions import sweep
from tests.builders import a_contact, a_person, a_pool, a_volunteer
from tests.clock import movable_clock

pytestmark = pytest.mark.django_db
SENT = "Wenn wir Sie kennen, ist der Code unterwegs"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


def _code() -> str:
    message = Message.objects.filter(message_class=MessageClass.CODE).latest("created_at")
    return str(message.parameters["code"])


def _ask(client: Client, address: str, query: str = "") -> str:
    response = client.post(f"/anmelden/{query}", {"address": address}, follow=True)
    return response.content.decode()


def _give(client: Client, code: str, query: str = "") -> Any:
    return client.post(f"/anmelden/code/{query}", {"code": code})


def _wrong() -> str:
    return "000000" if _code() != "000000" else "111111"


def _is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def contact() -> Contact:
    """Return an address that was told but never verified."""
    return a_contact(a_person(), address="+491713920017", verified_at=None)


@pytest.mark.parametrize("typed", ["0171 3920017", "+49 171 39200-17", "0049171/3920017"])
def test_a_code_comes_by_sms_and_signs_in(client: Client, contact: Contact, typed: str) -> None:
    page = _ask(client, typed)
    assert SENT in page
    assert re.fullmatch(r"\d{6}", _code())
    message = Message.objects.get()
    assert message.contact == contact
    assert message.message_class == MessageClass.CODE

    response = _give(client, f" {_code()[:3]} {_code()[3:]} ")
    assert response.status_code == 302
    assert response["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(contact.person.pk)


def test_a_code_comes_by_email(client: Client) -> None:
    contact = a_contact(a_person(), channel=Channel.EMAIL, address="amina@example.org")
    assert SENT in _ask(client, "Amina@Example.org ")
    assert Message.objects.get().contact == contact
    assert _give(client, _code()).status_code == 302
    assert _is_signed_in(client)


def test_the_right_code_verifies_the_address(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    contact.refresh_from_db()
    assert contact.verified_at is None
    _give(client, _code())
    contact.refresh_from_db()
    assert contact.verified_at is not None


def test_unknown_addresses_get_the_very_same_pages(contact: Contact) -> None:
    known, unknown = Client(), Client()
    pages = [
        _ask(known, "0171 3920017").replace("+491713920017", "ADDRESS"),
        _ask(unknown, "0171 3920018").replace("+491713920018", "ADDRESS"),
    ]
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", pages[0]) == token.sub("", pages[1])
    assert Message.objects.count() == 1
    wrong = _wrong()
    for _ in range(2):
        answers = [_give(client, wrong).content.decode() for client in (known, unknown)]
        plain = [token.sub("", re.sub(r"\+49\d+", "ADDRESS", answer)) for answer in answers]
        assert plain[0] == plain[1]
    last = [_give(client, wrong) for client in (known, unknown)]
    assert last[0].status_code == last[1].status_code == 302
    assert last[0]["Location"] == last[1]["Location"] == "/anmelden/"


@pytest.mark.parametrize("address", ["niemand@example.org", "0171 3920099"])
def test_nobody_can_guess_the_code_of_an_unknown_address(client: Client, address: str) -> None:
    _ask(client, address)
    for code in ("", "000000", "None"):
        _give(client, code)
    assert not _is_signed_in(client)
    assert not Message.objects.exists()


def test_a_wrong_code_counts_the_attempts_down(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    wrong, right = _wrong(), _code()
    page = _give(client, wrong).content.decode()
    assert "Der Code stimmt nicht. Sie haben noch 2 Versuche." in page
    assert "<title>Fehler: Code eingeben – Lotsenruf</title>" in page
    assert "Sie haben noch 1 Versuch." in _give(client, wrong).content.decode()
    response = client.post("/anmelden/code/", {"code": wrong}, follow=True)
    assert "Das waren zu viele Versuche." in response.content.decode()
    _give(client, right)
    assert not _is_signed_in(client)


def _stored_sessions() -> str:
    return " ".join(str(session.get_decoded()) for session in Session.objects.all())


def test_the_code_leaves_the_session_when_it_was_used(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    code = _code()
    assert code in _stored_sessions()
    _give(client, code)
    assert _is_signed_in(client)
    assert code not in _stored_sessions()
    assert "account_login" not in client.session


def test_a_used_code_opens_nothing_again(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    code = _code()
    _give(client, code)
    client.post("/abmelden/")
    assert not _is_signed_in(client)
    _give(client, code)
    assert not _is_signed_in(client)


def test_an_expired_code_leaves_the_session_and_opens_nothing(
    client: Client, contact: Contact, monkeypatch: Any
) -> None:
    _ask(client, contact.address)
    code, later = _code(), time.time() + 601
    monkeypatch.setattr("time.time", lambda: later)
    response = client.post("/anmelden/code/", {"code": code}, follow=True)
    assert response.redirect_chain == [("/anmelden/", 302)]
    assert "Der Code ist abgelaufen. Fordern Sie einen neuen an." in response.content.decode()
    assert not _is_signed_in(client)
    assert code not in _stored_sessions()


def test_a_session_that_waits_for_a_code_ends_soon_and_is_deleted(
    client: Client, contact: Contact, monkeypatch: Any
) -> None:
    _ask(client, contact.address)
    for minutes, is_there in ((14, True), (16, False)):
        later = now() + timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda later=later: later)
        sweep()
        assert Session.objects.exists() is is_there


def test_sessions_are_swept_by_the_clock_they_were_written_by(
    client: Client, contact: Contact
) -> None:
    with movable_clock(now() + timedelta(days=300)):
        _ask(client, contact.address)
        sweep()
    assert _code() in _stored_sessions()


def test_a_new_code_can_be_asked_for(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    first = _code()
    response = client.post("/abmelden/", {"next": "/anmelden/"}, follow=True)
    assert "<h1>Anmelden</h1>" in response.content.decode()
    assert first not in _stored_sessions()
    _ask(client, contact.address)
    _give(client, _code())
    assert _is_signed_in(client)


def test_more_codes_than_allowed_are_not_sent_and_nobody_notices(contact: Contact) -> None:
    pages = [_ask(Client(), contact.address) for _ in range(3)]
    assert all(SENT in page for page in pages)
    cache.clear()  # the limit per browser is another one than the limit per address
    assert SENT in _ask(Client(), contact.address)
    assert Message.objects.count() == 3


def test_asking_too_fast_is_refused_for_known_and_unknown_alike(contact: Contact) -> None:
    for address in ("0171 3920017", "0171 3920018"):
        for _ in range(10):
            _ask(Client(), address)
        assert "Das ging zu schnell." in _ask(Client(), address)


def test_there_are_twenty_codes_a_day_to_guess_at_sent_or_not(
    contact: Contact, monkeypatch: Any
) -> None:
    began, pages = time.time(), []
    for nth in range(21):
        monkeypatch.setattr("time.time", lambda at=began + 600 * nth: at)
        pages.append(_ask(Client(), contact.address))
    assert all(SENT in page for page in pages[:20])
    assert "Das ging zu schnell." in pages[20]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Füllen Sie dieses Feld aus."),
        ("12", "Diese Telefonnummer kennen wir nicht."),
        ("amina", "Diese Telefonnummer kennen wir nicht."),
        ("a@b", "Diese E-Mail-Adresse ist nicht vollständig."),
        ("x" * 300 + "@example.org", "Kürzen Sie den Text auf höchstens 254 Zeichen."),
    ],
)
def test_what_is_no_address_is_explained(client: Client, typed: str, says: str) -> None:
    page = _ask(client, typed)
    assert says in page
    assert "<title>Fehler: Anmelden – Lotsenruf</title>" in page


def test_closed_addresses_and_locked_people_get_no_code(client: Client) -> None:
    a_contact(a_person(is_active=False), address="+491713920031")
    a_contact(a_person(), address="+491713920032", closed_at="2026-01-01T00:00:00Z")
    for address in ("+491713920031", "+491713920032"):
        assert SENT in _ask(Client(), address)
    assert not Message.objects.exists()


def test_one_comes_back_to_where_one_wanted_to_go(client: Client, contact: Contact) -> None:
    _ask(client, contact.address, "?next=/quellen/")
    assert _give(client, _code(), "?next=/quellen/")["Location"] == "/quellen/"


def test_nobody_is_led_to_a_foreign_site(client: Client, contact: Contact) -> None:
    _ask(client, contact.address, "?next=https://evil.example/")
    assert _give(client, _code(), "?next=https://evil.example/")["Location"] == "/start/"


def test_looking_neither_sends_nor_signs_out(client: Client, contact: Contact) -> None:
    client.get("/anmelden/", {"address": contact.address})
    client.get("/anmelden/code/")
    assert not Message.objects.exists()
    client.force_login(contact.person)
    assert client.get("/abmelden/").status_code == 200
    assert _is_signed_in(client)
    response = client.post("/abmelden/", follow=True)
    assert "Sie sind abgemeldet." in response.content.decode()
    assert not _is_signed_in(client)


def test_the_session_changes_at_sign_in(client: Client, contact: Contact) -> None:
    _ask(client, contact.address)
    before = client.session.session_key
    _give(client, _code())
    assert client.session.session_key != before


def test_an_address_that_became_somebody_elses_meanwhile_opens_nothing(
    client: Client, contact: Contact
) -> None:
    _ask(client, contact.address)
    code = _code()
    a_contact(a_volunteer(a_pool()).person, address=contact.address)
    response = client.post("/anmelden/code/", {"code": code}, follow=True)
    assert "Diese Adresse hat sich gerade geändert." in response.content.decode()
    assert not _is_signed_in(client)
