"""Long, empty or unstorable text: a sentence at the field, never an exception from the database."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pools.models import Organisation
from pools.plain_text import HOLDS_ADDRESS, checked
from tests.builders import a_pool

NAME_LENGTH = 120


def problem(**values: str) -> dict[str, list[str]]:
    """Return what is said about the texts."""
    with pytest.raises(ValidationError) as refusal:
        checked(Organisation, **values)
    return refusal.value.message_dict


def test_a_megabyte_is_refused_with_both_figures() -> None:
    assert problem(name="a" * 1_000_000) == {
        "name": ["Der Text hat 1.000.000 Zeichen. Erlaubt sind 120. Kürzen Sie ihn."]
    }


def test_each_field_gets_its_own_sentence() -> None:
    assert set(problem(name="", phone="0" * 31)) == {"name", "phone"}


def test_a_field_that_may_be_empty_may_be_empty() -> None:
    assert checked(Organisation, name=" Schule ", address="") == {"name": "Schule", "address": ""}


def test_blanks_are_not_content() -> None:
    assert set(problem(name=" \t\n ")) == {"name"}


def test_line_breaks_stay_only_where_they_belong() -> None:
    text = "eins\nzwei"
    assert checked(Organisation, name=text)["name"] == "eins zwei"
    assert checked(Organisation, several_lines=("name",), name=text)["name"] == text


@pytest.mark.parametrize("character", ["\x00", "\x07", "\ud800"])
def test_what_cannot_be_stored_is_refused(character: str) -> None:
    assert "nicht speichern" in problem(name=f"Schule{character}hof")["name"][0]


@pytest.mark.parametrize(
    "name",
    [
        "http://betrug.example",
        "HTTPS:betrug",
        "Gewinn auf www.betrug",
        "Amina betrug.de",
        "betrug.Example/gewinn",
        "betrug．de",
        "бандит.рф",
        "amina@betrug",
    ],
)
def test_a_name_is_no_address(name: str) -> None:
    assert problem(name=name)["name"] == [HOLDS_ADDRESS]
    assert checked(Organisation, address=name)["address"] == name


@pytest.mark.parametrize(
    "name",
    [
        "Dr. Weber",
        "St. Josef-Schule",
        "Frau Weber / Herr Roth",
        "Stadt Frankfurt a.M., Jugendamt",
        "Verein e.V.",
        "Ev.-luth. Kita",
        "Schule Nr.4",
    ],
)
def test_a_name_with_a_full_stop_or_a_stroke_is_a_name(name: str) -> None:
    assert checked(Organisation, name=name)["name"] == name


@given(st.text(max_size=200))
def test_whatever_is_typed_is_kept_or_refused_with_a_sentence(text: str) -> None:
    try:
        kept = checked(Organisation, name=text)["name"]
    except ValidationError as refusal:
        kept = ""
        sentences = refusal.message_dict["name"]
    else:
        sentences = []
    assert bool(kept) != bool(sentences)
    assert len(kept) <= NAME_LENGTH
    assert "\x00" not in kept


def test_the_name_under_every_email_of_a_pool_holds_no_link(db: None) -> None:
    pool = a_pool()
    pool.full_clean()
    pool.contact_name = "Frau Becker www.betrug.example"
    with pytest.raises(ValidationError) as refused:
        pool.full_clean()
    assert set(refused.value.message_dict) == {"contact_name"}
