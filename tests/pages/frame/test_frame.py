"""The frame: headers, titles, errors, bad input, what templates may hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.test import Client

from pages import errors
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_person,
    a_pool,
    a_volunteer,
    an_organisation,
)
from tests.pages import second_factor

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/zentrum/",
    "/mitmachen/",
    "/mitmachen/eintragen/",
    "/stelle-anmelden/",
    "/impressum/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/leichte-sprache/",
    "/quellen/",
    "/anmelden/",
    "/anmelden/gesperrt/",
]
FORM = "application/x-www-form-urlencoded"
HEADERS = [
    "Content-Security-Policy",
    "Cache-Control",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
]
FOLDER = Path(django_settings.BASE_DIR) / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_has_its_frame(client: Client, address: str) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(r"<title>[^<]{3,60} – Lotsenruf</title>", page)
    assert page.count("<h1>") == 1
    assert '<html lang="de">' in page
    assert '<a class="skip-link" href="#main">' in page
    assert 'id="main"' in page
    for link in ("/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/"):
        assert f'href="{link}"' in page


def test_nothing_inline_is_allowed_anywhere(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_nothing_inline_and_speaks_inclusively(template: str) -> None:
    text = (FOLDER / template).read_text()
    assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=|javascript:", text)
    assert not re.search(r"\w[*:_]innen\b", text)
    assert not re.search(r"\bungültig", text, re.IGNORECASE)
    assert not re.search(r"[Bb]itte [^<]*</span></button>", text)


def test_pages_stay_out_of_caches_and_search_engines(client: Client) -> None:
    response = client.get("/anmelden/")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("status", "address", "sent"),
    [
        (400, "/zentrum/?wo=a%00b", None),
        (400, "/anmelden/", {"address": "a\x00b@example.org"}),
        (413, "/anmelden/", {"address": "x" * 1_000_000}),
        (404, "/gibt-es-nicht/", None),
    ],
)
def test_a_refusal_goes_out_with_the_headers_of_every_page(
    client: Client, status: int, address: str, sent: dict[str, str] | None
) -> None:
    refusal = client.get(address) if sent is None else client.post(address, urlencode(sent), FORM)
    assert refusal.status_code == status
    usual = client.get("/impressum/")
    for header in HEADERS:
        assert refusal[header] == usual[header], header


def test_an_unknown_address_says_so_with_a_number_to_tell(client: Client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Seite nicht gefunden – Lotsenruf" in response.content.decode()
    assert re.search(r"Vorgangsnummer für Rückfragen: [0-9a-f]{8}", response.content.decode())


def test_a_failure_answers_with_a_page_that_needs_no_database(rf: Any) -> None:
    response = errors.server_error(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "Ihre Angaben wurden nicht verarbeitet." in page
    assert "Vorgangsnummer" in page


def test_a_failure_in_a_view_becomes_that_page(monkeypatch: Any) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("kaputt")

    monkeypatch.setattr("pages.public.views.page", fail)
    response = Client(raise_request_exception=False).get("/quellen/")
    assert response.status_code == 500
    assert "Bei uns ist etwas schiefgegangen" in response.content.decode()


@pytest.mark.parametrize("address", ["/zentrum/?wo=a%00b", "/mitmachen/eintragen/?plz=35390%00"])
def test_a_nul_in_the_address_is_answered_not_crashed_on(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "Das konnten wir nicht lesen" in response.content.decode()


def test_a_nul_in_a_form_is_answered_not_crashed_on(client: Client) -> None:
    response = client.post("/anmelden/", {"address": "a\x00b@example.org"})
    assert response.status_code == 400


def test_a_megabyte_of_text_is_refused_with_a_page(client: Client) -> None:
    response = client.post(
        "/anmelden/",
        "address=" + "x" * 1_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 413
    assert "Zu viel Text" in response.content.decode()


def test_a_form_that_was_open_too_long_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/anmelden/", {"address": "x"})
    assert response.status_code == 403
    assert "Bitte noch einmal senden" in response.content.decode()


def test_everybody_lands_where_their_work_is(client: Client) -> None:
    pool = a_pool()
    lands = {
        a_coordinator(pool): "/koordination/",
        a_caseworker(an_organisation(pool)): "/anfragen/",
        a_volunteer(pool).person: "/meine-einsaetze/",
    }
    for person, address in lands.items():
        second_factor.sign_in(client, person)
        assert client.get("/start/")["Location"] == address
        header = client.get("/quellen/").content.decode()
        assert f'<a href="{address}">' in header


def test_who_has_no_role_is_told_why_there_is_nothing(client: Client) -> None:
    client.force_login(a_person(given_name="Noor"))
    page = client.get("/start/").content.decode()
    assert "Guten Tag, Noor" in page
    assert "noch nichts freigegeben" in page


def test_the_header_leads_to_ones_own_places_and_the_footer_to_ones_own_centre(
    client: Client,
) -> None:
    pool = a_pool(phone="069 90009 077")
    client.force_login(a_volunteer(pool).person)
    page = client.get("/quellen/").content.decode()
    assert "Abmelden" in page
    assert "Stelle anmelden" not in page
    assert '<a href="tel:06990009077">069 90009 077</a>' in page


def test_a_form_is_taken_with_the_origin_a_browser_sends() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/anmelden/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    values = {"address": "x", "csrfmiddlewaretoken": token[1]}
    # «Origin: null» is what browsers send under the policy "no-referrer"; such forms fail
    refused = client.post("/anmelden/", values, headers={"origin": "null"})
    assert refused.status_code == 403
    taken = client.post("/anmelden/", values, headers={"origin": "http://testserver"})
    assert taken.status_code == 200
