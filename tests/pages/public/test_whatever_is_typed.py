"""Whatever is typed into a public form is answered with a page, never with a failure."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import a_pool
from volunteers.models import Level

pytestmark = pytest.mark.django_db
CHARACTERS = [
    "",
    " ",
    "\u200b",
    "\x01",
    "\x7f",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "{}",
    "{{ x }}",
    "<b>",
    "\r\n",
]
WORDS = ["٣٥٣٩٠", "35435", "-1", "1e9", "9" * 30, "0171 3920017", "a@b.de", "Kurdisch", "ß" * 90]
NASTY = st.sampled_from([*CHARACTERS, *WORDS])
TEXT = st.one_of(NASTY, st.text(max_size=40).filter(lambda text: "\x00" not in text))
FORMS = {
    "/mitmachen/eintragen/?plz=35435": [
        "roles",
        "language_1",
        "language_1_typed",
        "language_1_meant",
        "level_1",
        "region_1",
        "means",
        "radius_km",
        "modes",
        "week",
        "given_name",
        "family_name",
        "phone",
        "email",
        "preferred_channel",
        "gender",
        "consent_version",
    ],
    "/stelle-anmelden/?plz=35435": [
        "name",
        "setting",
        "address",
        "phone",
        "given_name",
        "family_name",
        "email",
    ],
    "/anmelden/": ["address"],
}
SOUND = {
    "roles": "interpret",
    "language_1": "prs",
    "level_1": str(Level.B1.value),
    "means": "foot",
    "modes": "on_site",
    "given_name": "Amina",
    "family_name": "Haidari",
    "phone": "0171 3920012",
    "preferred_channel": "sms",
    "is_adult": "on",
    "consent_given": "on",
    "name": "Schule",
    "setting": "school",
    "email": "a@example.org",
}


@pytest.mark.parametrize("address", FORMS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_public_form_answers(address: str, data: st.DataObject) -> None:
    cache.clear()
    names = data.draw(st.lists(st.sampled_from(FORMS[address]), max_size=4, unique=True))
    changes = {name: data.draw(TEXT) for name in names}
    response = Client().post(address, SOUND | changes)
    assert response.status_code in {200, 302, 400, 422}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wo=TEXT, plz=TEXT, ort=TEXT, zentrum=TEXT)
def test_finding_a_centre_answers(wo: str, plz: str, ort: str, zentrum: str) -> None:
    values = {"wo": wo, "plz": plz, "ort": ort, "zentrum": zentrum}
    for given_values in (values, values | {"plz": ""}, values | {"plz": "35094"}):
        assert Client().get("/zentrum/", given_values).status_code in {200, 422}


@pytest.fixture(autouse=True)
def _pool() -> None:
    a_pool("06531")


@pytest.mark.parametrize("host", ["evil.example", "a b", "[", "x" * 300])
def test_a_foreign_host_is_answered(host: str) -> None:
    assert Client(headers={"host": host}).get("/").status_code == 400


def test_a_nul_in_the_path_and_strange_cookies_are_answered() -> None:
    assert Client().get("/zentrum%00/").status_code == 400
    client = Client()
    client.cookies["sessionid"] = "x" * 500
    client.cookies["csrftoken"] = "<b>"
    assert client.get("/anmelden/").status_code == 200


def test_an_encoding_that_makes_nul_out_of_plain_text_is_refused() -> None:
    strange = {"QUERY_STRING": "wo=%5Cx00abc", "CONTENT_TYPE": "text/plain; charset=unicode_escape"}
    assert Client().get("/zentrum/", **strange).status_code == 400
