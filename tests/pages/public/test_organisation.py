"""Registering a requesting institution."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from notifications.models import Contact
from pools.models import Membership, Organisation, Pool, User
from pools.plain_text import HOLDS_ADDRESS
from tests.builders import a_caseworker, a_pool, an_organisation

pytestmark = pytest.mark.django_db
ADDRESS = "/stelle-anmelden/?plz=35435"


@pytest.fixture
def pool() -> Pool:
    """Return the pool of the district."""
    cache.clear()
    return a_pool("06531")


def _filled_in(**changes: Any) -> dict[str, Any]:
    values = {
        "name": "Grundschule Wettenberg",
        "setting": "school",
        "address": "Schulweg 3",
        "phone": "069 90009 123",
        "given_name": "Petra",
        "family_name": "Sommer",
        "email": "P.Sommer@schule.example.org",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def test_an_institution_registers_and_waits_for_its_approval(client: Client, pool: Pool) -> None:
    response = client.post(ADDRESS, _filled_in(), follow=True)
    assert response.redirect_chain == [("/stelle-anmelden/danke/", 302)]
    assert "<h1>Danke, Petra!</h1>" in response.content.decode()

    organisation = Organisation.objects.get()
    assert organisation.pool == pool
    assert organisation.status == Organisation.Status.REGISTERED
    assert organisation.setting.code == "school"
    assert organisation.municipality
    assert organisation.municipality.name == "Wettenberg"
    assert not organisation.is_hidden_place
    member = Membership.objects.get()
    assert member.role == Membership.Role.CASEWORKER
    assert member.person.contacts.get().address == "p.sommer@schule.example.org"


def test_a_place_that_must_stay_hidden_says_so(client: Client, pool: Pool) -> None:
    values = _filled_in(setting="womens_shelter", is_hidden_place="on")
    assert client.post(ADDRESS, values).status_code == 302
    assert Organisation.objects.get().is_hidden_place


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Füllen Sie dieses Feld aus."),
        ({"name": "x" * 121}, "Kürzen Sie den Text auf höchstens 120 Zeichen."),
        ({"setting": ""}, "Wählen Sie eine Möglichkeit aus."),
        ({"setting": "pirates"}, "Wählen Sie eine Möglichkeit aus."),
        ({"setting": "x" * 300_000}, "Wählen Sie eine Möglichkeit aus."),
        ({"phone": ""}, "Füllen Sie dieses Feld aus."),
        ({"email": ""}, "Füllen Sie dieses Feld aus."),
        ({"email": "petra"}, "Diese E-Mail-Adresse ist nicht vollständig."),
        ({"name": "Gewinn unter betrug.example"}, HOLDS_ADDRESS),
        ({"given_name": "www.betrug"}, HOLDS_ADDRESS),
        ({"address": "x" * 161}, "Kürzen Sie den Text auf höchstens 160 Zeichen."),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_stored(
    client: Client, pool: Pool, changes: dict[str, Any], says: str
) -> None:
    response = client.post(ADDRESS, _filled_in(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert "<title>Fehler: Stelle anmelden – Lotsenruf</title>" in page
    assert 'value="Sommer"' in page
    assert not any(model.objects.exists() for model in (User, Organisation, Contact, Membership))


def test_where_no_centre_takes_part_there_is_no_form(client: Client) -> None:
    page = client.get("/stelle-anmelden/?plz=60311").content.decode()
    assert "Das Zentrum hier nimmt noch nicht teil" in page
    assert "Zugang beantragen" not in page


def test_a_known_address_gets_the_very_same_answer(client: Client, pool: Pool) -> None:
    known = a_caseworker(an_organisation(pool)).contacts.get()
    pages = [
        Client().post(ADDRESS, _filled_in(email=email), follow=True)
        for email in ("neu@example.org", known.address)
    ]
    assert pages[0].status_code == pages[1].status_code == 200
    assert pages[0].content == pages[1].content


def test_looking_stores_nothing(client: Client, pool: Pool) -> None:
    assert client.get(ADDRESS, _filled_in()).status_code == 200
    assert client.get("/stelle-anmelden/danke/").status_code == 302
    assert not Organisation.objects.exists()
