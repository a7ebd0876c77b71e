"""Where it is, and who answers for it on that day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.loading.files import read, several
from reference.models import Area, Municipality, Postcode
from reference.places import (
    AmbiguousPlace,
    PlaceError,
    UnknownPostcode,
    area_of,
    areas_of,
    find_places,
    municipalities_of,
    resolve,
)

pytestmark = pytest.mark.django_db

BEFORE, SINCE, TODAY = date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 24)
HANAU = ["63450", "63452", "63454", "63456", "63457"]
HESSE = {line["plz"]: line for line in read("plz_hessen")}
HOSTILE = [
    "",
    " ",
    "\0",
    "3539\0",
    "35390\0",
    "35390; --",
    "٣٥٣٩٠",
    "9" * 10**6,
    " " * 10**6,
]


def found(text: str) -> list[str]:
    return [postcode.code for postcode in find_places(text)]


def key_of(ags: str, on: date) -> str | None:
    area = area_of(ags, on)
    return area.key if area else None


@pytest.mark.parametrize(
    "text", ["giess", "Gießen", "GIESSEN", "giesen", "35390", "35390 Gießen", "D-35390", " 35390 "]
)
def test_giessen_is_found_however_it_is_typed(text: str) -> None:
    assert "35390" in found(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ruesselsheim", "65428"),
        ("russelsheim", "65428"),
        ("Wisbaden", "65183"),
        ("Frankfurt a.M.", "60311"),
        ("Limburg an der Lahn", "65549"),
        ("Limburg a. d. Lahn", "65549"),
        ("Bad Homburg v.d.H.", "61348"),
        ("Homburg", "61348"),
        ("Kasel", "34117"),
        ("Fluda", "36037"),
        ("Wetzler", "35576"),
    ],
)
def test_places_are_found_also_when_misspelt(text: str, code: str) -> None:
    assert code in [postcode.code for postcode in find_places(text, limit=60)]


def test_digits_find_the_postcodes_that_begin_with_them() -> None:
    assert found("353")[0] == "35305"
    assert all(code.startswith("353") for code in found("353"))
    assert found("00000") == []
    assert found("353900") == []


def test_a_place_in_hesse_comes_before_its_namesakes() -> None:
    frankfurt = find_places("Frankfurt", limit=100)
    assert frankfurt[0].kreis_key == "06412"
    assert any(postcode.places.startswith("Frankfurt (Oder)") for postcode in frankfurt)


def test_no_more_places_are_returned_than_asked_for() -> None:
    assert len(find_places("a", limit=3)) == 3
    assert len(find_places("Kasel", limit=3)) == 3


def test_every_municipality_with_a_postcode_is_found_by_its_name() -> None:
    names = {line["ags"]: line["name"] for line in read("gemeinden_hessen")}
    for plz, line in HESSE.items():
        for ags in several(line["alle_gemeinden_ags"], "|"):
            assert plz in [postcode.code for postcode in find_places(names[ags], limit=100)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_before_the_database_sees_it(text: str) -> None:
    if text != "35390; --":
        assert find_places(text) == []
    assert municipalities_of(text, TODAY) == []
    assert areas_of(text, TODAY) == []
    assert area_of(text, TODAY) is None
    with pytest.raises(UnknownPostcode):
        resolve(text, None, TODAY)
    with pytest.raises(AmbiguousPlace):
        resolve("35390", text.strip() or "\0", TODAY)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=120), st.text(max_size=12), st.dates())
def test_no_text_makes_the_search_fail(text: str, ags: str, on: date) -> None:
    find_places(text)
    area_of(ags, on)
    for postcode in (text, "34127"):
        try:
            resolve(postcode, ags, on)
        except PlaceError:
            continue


def test_every_postcode_has_a_point_in_germany() -> None:
    points = dict(Postcode.objects.values_list("code", "point"))
    assert len(points) == 8168
    outside = [
        code
        for code, point in points.items()
        if not (5.8 < point.x < 15.1 and 47.2 < point.y < 55.1)
    ]
    assert outside == []


def test_every_hessian_postcode_has_the_areas_of_its_file() -> None:
    for plz, line in HESSE.items():
        keys = {area.key for area in areas_of(plz, TODAY)}
        assert keys == set(several(line["alle_zustaendig_ags"], "|"))


def test_11_postcodes_lie_in_several_municipalities_and_4_in_two_areas() -> None:
    several_places = {plz for plz in HESSE if len(municipalities_of(plz, TODAY)) > 1}
    assert len(several_places) == 11
    two_areas = {plz for plz in several_places if len(areas_of(plz, TODAY)) > 1}
    assert two_areas == {"34127", "34233", "35094", "64395"}


@pytest.mark.parametrize(
    ("postcode", "names"),
    [
        ("34127", ["Kassel", "Fuldatal"]),
        ("34233", ["Fuldatal", "Kassel"]),
        ("35094", ["Lahntal", "Marburg"]),
        ("64395", ["Brensbach", "Groß-Bieberau"]),
        ("34513", ["Waldeck", "Korbach"]),
    ],
)
def test_an_ambiguous_postcode_asks_which_place_the_usual_one_first(
    postcode: str, names: list[str]
) -> None:
    with pytest.raises(AmbiguousPlace) as asked:
        resolve(postcode, None, TODAY)
    assert [choice.name for choice in asked.value.choices] == names
    assert asked.value.postcode.code == postcode
    for choice in asked.value.choices:
        place = resolve(postcode, choice.ags, TODAY)
        assert place.municipality == choice
        assert place.area == area_of(choice.ags, TODAY)


def test_a_municipality_that_is_not_there_asks_again() -> None:
    with pytest.raises(AmbiguousPlace) as asked:
        resolve("35390", "06611000", TODAY)
    assert [choice.name for choice in asked.value.choices] == ["Gießen"]


def test_a_postcode_settles_point_municipality_and_area() -> None:
    place = resolve(" 35390 ", None, TODAY)
    assert place.postcode.code == "35390"
    assert place.municipality is not None
    assert place.municipality.ags == "06531005"
    assert place.area is not None
    assert place.area.name == "Stadt Gießen"
    assert (place.point.x, place.point.y) == pytest.approx((8.68, 50.58), abs=0.05)


@pytest.mark.parametrize("postcode", ["57319", "69412", "69434", "10115"])
def test_outside_hesse_there_is_a_point_but_nobody_answers(postcode: str) -> None:
    place = resolve(postcode, None, TODAY)
    assert place.area is None
    assert place.municipality is None
    assert place.point
    assert areas_of(postcode, TODAY) == []


@pytest.mark.parametrize("postcode", ["65175", "64743", "64759", "01062"])
def test_postcodes_of_large_customers_are_unknown(postcode: str) -> None:
    with pytest.raises(UnknownPostcode):
        resolve(postcode, None, TODAY)


@pytest.mark.parametrize(
    ("ags", "on", "key"),
    [
        ("06435014", BEFORE, "06435"),
        ("06415000", BEFORE, "06435"),
        ("06435014", SINCE, "06415"),
        ("06415000", SINCE, "06415"),
        ("06435014", date.min, "06435"),
        ("06415000", date.max, "06415"),
    ],
)
def test_hanau_left_its_district_on_new_years_day_2026(ags: str, on: date, key: str) -> None:
    assert key_of(ags, on) == key


@pytest.mark.parametrize("postcode", HANAU)
def test_the_postcodes_of_hanau_have_the_key_of_the_day(postcode: str) -> None:
    assert [one.ags for one in municipalities_of(postcode, BEFORE)] == ["06435014"]
    assert [one.ags for one in municipalities_of(postcode, SINCE)] == ["06415000"]
    assert [one.key for one in areas_of(postcode, BEFORE)] == ["06435"]
    assert [one.key for one in areas_of(postcode, SINCE)] == ["06415"]
    assert Postcode.objects.get(code=postcode).municipalities.get().ags == "06415000"


def test_hanau_is_settled_with_the_key_of_another_time() -> None:
    for ags in ("06435014", "06415000", None):
        before, since = resolve("63450", ags, BEFORE), resolve("63450", ags, SINCE)
        assert before.municipality is not None
        assert since.municipality is not None
        assert (before.municipality.ags, since.municipality.ags) == ("06435014", "06415000")
        assert (before.name_sms, since.name_sms) == ("Hanau", "Hanau")


def test_the_longest_prefix_wins() -> None:
    assert key_of("06531005", TODAY) == "06531005"
    assert key_of("06531006", TODAY) == "06531"
    assert key_of("06611000", TODAY) == "06611"


def test_keys_outside_hesse_belong_to_no_area() -> None:
    assert area_of("09162000", TODAY) is None
    assert area_of("06531", TODAY) is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([line["ags"] for line in read("gemeinden_hessen")]), st.dates())
def test_every_municipality_has_one_area_on_every_day(ags: str, on: date) -> None:
    area = area_of(ags, on)
    assert area is not None
    assert on in area.valid


def test_only_hanau_is_dated() -> None:
    dated_areas = [area.key for area in Area.objects.all() if area.valid.lower or area.valid.upper]
    assert dated_areas == ["06415"]
    assert Area.objects.get(key="06415").valid.lower == SINCE
    former = Municipality.objects.get(ags="06435014")
    assert former.valid.upper == SINCE
    assert former.successor_id == "06415000"


def test_neighbours_are_mutual() -> None:
    hanau = Area.objects.get(key="06415")
    assert {area.key for area in hanau.neighbours.all()} == {"06435", "06438"}
    assert hanau in Area.objects.get(key="06435").neighbours.all()


def test_each_area_has_a_centre_with_a_known_seat() -> None:
    for area in Area.objects.all():
        assert area.centre_name.startswith("WIR-Vielfaltszentrum ")
        assert Postcode.objects.filter(code=area.seat_postcode).exists()
