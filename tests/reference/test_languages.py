"""Which language is meant, what has to be asked first, what may stand in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.languages import find_languages, name_prompt, options_of, substitutes_for
from reference.loading.files import read, several
from reference.models import ANY_LANGUAGE, Language, LanguagePrompt, LanguageSubstitution

pytestmark = pytest.mark.django_db
PROMPTS = read("language_prompts")
OFTEN_ASKED_FOR = [
    line["name_de"]
    for line in read("languages")
    if line["tier"] == "1" and len(line["name_de"]) >= 6 and line["modality"] == "laut"
]


def codes(text: str) -> list[str]:
    return [language.code for language in find_languages(text).languages]


def language(code: str) -> Language:
    return Language.objects.get(code=code)


def offered(wanted: str, setting_class: str) -> list[str]:
    return [pair.offered.code for pair in substitutes_for(language(wanted), setting_class)]


def test_kurdish_asks_which_kurdish() -> None:
    found = find_languages("Kurdisch")
    assert found.prompt is not None
    assert found.prompt.question_de.startswith("Welches Kurdisch")
    assert codes("Kurdisch") == ["kmr", "kmr-IQ", "ckb", "sdh", "zza", "hac"]


@pytest.mark.parametrize("name", ["Farsi", "farsi ", "Syrisch", "SYRISCH", "Kurdich", "Frasi"])
def test_names_that_can_mean_several_languages_ask_also_when_misspelt(name: str) -> None:
    assert find_languages(name).prompt is not None


def test_farsi_may_be_dari() -> None:
    assert {"fa", "prs"} <= set(codes("Farsi"))


def test_every_prompt_wins_over_names_and_aliases() -> None:
    for line in PROMPTS:
        found = find_languages(line["typed_name"])
        assert found.prompt is not None
        assert found.prompt.question_de == line["question_de"]
        assert [one.code for one in found.languages] == several(line["options"])
        assert name_prompt(line["typed_name"]) == found.prompt


def test_only_the_exact_name_is_prompted_for() -> None:
    assert name_prompt("Kurd") is None
    assert name_prompt("Kurdich") is None
    assert name_prompt("\0") is None


def test_a_misspelt_kurmandschi_is_found() -> None:
    found = find_languages("Kurmanschi")
    assert found.prompt is None
    assert found.languages[0].code == "kmr"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Türkisch", "tr"),
        ("tuerkisch", "tr"),
        ("Turkisch", "tr"),
        ("Tukrisch", "tr"),
        ("Kurmanji", "kmr"),
        ("Kurmandschi", "kmr"),
        ("Dari", "prs"),
        ("Tigrinja", "ti"),
        ("Tigrina", "ti"),
        ("Paschtu", "ps"),
        ("DGS", "gsg"),
        ("Turkish", "tr"),
        ("українська", "uk"),
        ("دری", "prs"),
        ("Franzosisch", "fr"),
        ("Arabisch (Syrien)", "apc"),
    ],
)
def test_languages_are_found_as_people_type_them(typed: str, code: str) -> None:
    assert codes(typed)[0] == code


def test_every_language_is_found_by_its_full_name() -> None:
    for line in read("languages"):
        found = find_languages(line["name_de"])
        assert line["code"] in {one.code for one in found.languages}
        if not found.prompt:
            assert found.languages[0].code == line["code"]


def test_the_beginning_of_a_name_finds_the_usual_languages_first() -> None:
    assert codes("kurdi")[:3] == ["kmr-IQ", "kmr", "ckb"]
    assert codes("tuerk")[0] == "tr"
    assert len(find_languages("a", limit=5).languages) == 5


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(OFTEN_ASKED_FOR), st.data())
def test_one_missing_letter_does_not_hide_a_language(name: str, data: st.DataObject) -> None:
    missing = data.draw(st.integers(min_value=1, max_value=len(name) - 1))
    found = find_languages(name[:missing] + name[missing + 1 :])
    assert name in {one.name_de for one in found.languages[:5]} or found.prompt


@pytest.mark.parametrize("text", ["any", "Sprache egal", "egal", "Any language", "a", "e"])
def test_the_reserved_language_is_never_found(text: str) -> None:
    assert ANY_LANGUAGE not in codes(text)


def test_nonsense_finds_nothing() -> None:
    assert codes("Qxqxqx") == []
    assert find_languages("Qxqxqx").prompt is None


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'; --", "\0", "Kur\0disch", "x" * 10**6])
def test_hostile_text_finds_nothing(text: str) -> None:
    assert codes(text) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=120))
def test_no_text_makes_the_search_fail(text: str) -> None:
    assert ANY_LANGUAGE not in codes(text)


def test_an_option_that_does_not_exist_is_left_out() -> None:
    prompt = LanguagePrompt(options=["prs", "xx", ANY_LANGUAGE])
    assert [one.code for one in options_of(prompt)] == ["prs"]


def test_dari_may_stand_in_for_farsi_at_the_authority_but_not_in_therapy() -> None:
    assert "prs" in offered("fa", "everyday")
    assert "prs" in offered("fa", "official")
    assert "prs" not in offered("fa", "sensitive")


def test_a_more_demanding_setting_never_offers_more() -> None:
    for wanted in Language.objects.shown().filter(substitutes__grade="same").distinct():
        everyday, official, sensitive = (
            set(offered(wanted.code, setting)) for setting in ("everyday", "official", "sensitive")
        )
        assert sensitive <= official <= everyday


def test_what_is_never_to_be_proposed_is_left_out() -> None:
    forbidden = LanguageSubstitution.objects.filter(grade="never").select_related("wanted")
    assert forbidden.count() == 141
    for pair in forbidden[:20]:
        assert pair.offered.code not in offered(pair.wanted.code, "everyday")


def test_the_better_grade_comes_first_and_a_second_language_is_asked_about() -> None:
    order = ["same", "fair", "partial", "lingua_franca"]
    pairs = substitutes_for(language("uk"), "everyday")
    grades = [pair.grade for pair in pairs]
    assert grades == sorted(grades, key=order.index)
    assert [pair.is_asked_first for pair in pairs] == [grade == order[-1] for grade in grades]
    assert any(pair.offered.code == "ru" and pair.is_asked_first for pair in pairs)


def test_substitution_is_directed_and_never_chained() -> None:
    assert offered("de", "everyday") == []
    direct = {(pair.wanted_id, pair.offered_id) for pair in LanguageSubstitution.objects.all()}
    dari = language("prs")
    for pair in substitutes_for(dari, "everyday"):
        assert (dari.pk, pair.offered_id) in direct


def test_an_unknown_class_of_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="harmless"):
        substitutes_for(language("prs"), "harmless")
