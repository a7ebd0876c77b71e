"""Names are compared as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.folding import LONGEST_SEARCH, fold, search_key, with_two_letters_exchanged
from reference.loading.files import read, several

EVERY_NAME = [
    *(line["name_de"] for line in read("languages")),
    *(line["autonym"] for line in read("languages")),
    *(place for line in read("plz_deutschland") for place in several(line["orte"], "|")),
]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Gießen", "giessen", "GIESSEN", " Gießen ", "Gie\u00dfen", "GIEẞEN"),
        ("Türkisch", "Tuerkisch", "Turkisch", "Tu\u0308rkisch"),
        ("Rüsselsheim am Main", "ruesselsheim  am-main"),
        ("Dari-Paschto", "Dari/Paschto", "dari paschto"),
        ("o‘zbek", "o'zbek", "ozbek"),
        ("Kurmancî", "kurmanci"),
        ("azərbaycan", "azerbaycan"),
        ("ייִדיש", "יידיש"),
        ("qırımtatarca", "qirimtatarca"),
    ],
)
def test_spellings_of_one_name_are_equal(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


def test_vowels_of_indic_scripts_are_kept() -> None:
    assert fold("हिन्दी") != fold("हन्द")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_nothing_that_means_something_in_sql_survives(text: str) -> None:
    assert not set(fold(text)) & set("%_\\|'\"\0")


@given(st.sampled_from(EVERY_NAME), st.integers(min_value=0, max_value=LONGEST_SEARCH))
def test_the_beginning_of_a_name_is_the_beginning_of_its_key(name: str, typed: int) -> None:
    assert fold(name).startswith(fold(name[:typed]))


@pytest.mark.parametrize("text", ["", "   ", "%", "\0", "Gie\0ßen", "\ud800", "a" * 1_000_000])
def test_what_no_keyboard_types_has_no_key(text: str) -> None:
    assert search_key(text) == ""


def test_two_letters_exchanged_are_undone() -> None:
    assert "fulda" in with_two_letters_exchanged("fluda")
    assert with_two_letters_exchanged("aa") == []
    assert with_two_letters_exchanged("a") == []
