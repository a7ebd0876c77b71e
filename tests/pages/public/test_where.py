"""From «Wo?» to the centre."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders import a_pool

pytestmark = pytest.mark.django_db


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("typed", ["35435", "Wettenberg", "?plz=35435"])
def test_a_postcode_or_a_place_leads_to_its_centre(client: Client, typed: str) -> None:
    a_pool("06531", centre_name="WIR-Vielfaltszentrum Landkreis Gießen", phone="069 90009 011")
    address = f"/zentrum/{typed}" if "=" in typed else f"/zentrum/?wo={typed}"
    page = _text(client, address)
    assert "<h1>WIR-Vielfaltszentrum Landkreis Gießen</h1>" in page
    assert '<a href="tel:06990009011">' in page
    assert "/stelle-anmelden/?plz=35435&amp;ort=06531018&amp;zentrum=" in page


def test_the_city_in_the_district_has_its_own_centre(client: Client) -> None:
    a_pool("06531", centre_name="Zentrum Landkreis")
    a_pool("06531005", centre_name="Zentrum Stadt")
    assert "<h1>Zentrum Stadt</h1>" in _text(client, "/zentrum/?wo=35390")
    assert "<h1>Zentrum Landkreis</h1>" in _text(client, "/zentrum/?wo=35435")


def test_a_name_with_several_postcodes_asks_which(client: Client) -> None:
    a_pool("06531005")
    page = _text(client, "/zentrum/?wo=giess")
    assert "Welchen Ort meinen Sie?" in page
    assert '<a href="?plz=35390">35390 Gießen</a>' in page


def test_a_postcode_in_two_areas_asks_which(client: Client) -> None:
    a_pool("06534", centre_name="Zentrum Landkreis")
    a_pool("06534014", centre_name="Zentrum Marburg")
    page = _text(client, "/zentrum/?wo=35094")
    assert "35094 gehört zu mehreren Orten. Welchen meinen Sie?" in page
    assert '<a href="?plz=35094&amp;ort=06534014">Marburg' in page
    assert "<h1>Zentrum Marburg</h1>" in _text(client, "/zentrum/?plz=35094&ort=06534014")


def test_several_centres_for_a_place_are_offered(client: Client) -> None:
    a_pool("06531", slug="kreis", centre_name="Zentrum Kreis")
    a_pool("06531", slug="caritas", centre_name="Caritas")
    page = _text(client, "/zentrum/?wo=35435")
    assert "Hier helfen mehrere Zentren." in page
    assert "zentrum=caritas" in page
    chosen = "/zentrum/?plz=35435&ort=06531018&zentrum=caritas"
    assert "<h1>Caritas</h1>" in _text(client, chosen)


def test_a_centre_of_elsewhere_cannot_be_chosen(client: Client) -> None:
    a_pool("06531", slug="hier", centre_name="Zentrum hier")
    a_pool("06534", slug="dort", centre_name="Zentrum dort")
    page = _text(client, "/zentrum/?plz=35435&zentrum=dort")
    assert "<h1>Zentrum hier</h1>" in page


def test_where_no_centre_takes_part_the_page_says_so(client: Client) -> None:
    page = _text(client, "/zentrum/?wo=60311")
    assert "Das Zentrum hier nimmt noch nicht teil" in page
    assert "WIR-Vielfaltszentrum Stadt Frankfurt" in page
    assert "Für diesen Ort ist kein Zentrum angemeldet" in _text(client, "/zentrum/?wo=10115")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("99999", "Diese Postleitzahl kennen wir nicht."),
        ("0", ""),
        ("Qqqqxxzz", "Diesen Ort finden wir nicht."),
        ("x" * 3000, "Diesen Ort finden wir nicht."),
        ("%F0%9F%98%80", "Diesen Ort finden wir nicht."),
        ("%ED%A0%80", "Diesen Ort finden wir nicht."),
    ],
)
def test_an_unknown_place_is_explained_at_the_field(client: Client, typed: str, says: str) -> None:
    response = client.get(f"/zentrum/?wo={typed}")
    assert response.status_code in {200, 422}
    assert says in response.content.decode()
    if says:
        assert "<title>Fehler: " in response.content.decode()


@pytest.mark.parametrize("query", ["plz=99999", "plz=" + "1" * 500, "plz=35094&ort=x", "plz=%20"])
def test_a_meddled_address_is_no_failure(client: Client, query: str) -> None:
    for page in ("/zentrum/", "/mitmachen/eintragen/", "/stelle-anmelden/"):
        assert client.get(f"{page}?{query}").status_code in {200, 422}
