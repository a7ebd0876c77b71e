"""What the tables of languages, prompts and substitutions promise (reference/data/README.md)."""

from __future__ import annotations

from reference.folding import fold
from reference.loading.files import read, several
from reference.models import Grade, SettingClass

LANGUAGES = {line["code"]: line for line in read("languages")}
PROMPTS = read("language_prompts")
PAIRS = {(line["wanted"], line["offered"]): line for line in read("language_substitutions")}
PROPOSED = {pair: line for pair, line in PAIRS.items() if line["grade"] != Grade.NEVER}

ASYMMETRIC_FOR_A_REASON = {
    ("haz", "prs"): "Hazara use Dari daily, not vice versa",
    ("tg", "prs"): "Russian loans unknown to Afghans",
    ("apc", "ar-YE"): "media",
    ("apc", "apd"): "media",
    ("acm", "arz"): "Egyptian media",
    ("afb", "arz"): "Egyptian media",
    ("apd", "arz"): "Egyptian media",
    ("ar-YE", "arz"): "Egyptian media",
    ("ary", "arz"): "the client may understand Egyptian, never the reverse",
    ("arq", "arz"): "the client may understand Egyptian, never the reverse",
    ("aeb", "arz"): "the client may understand Egyptian, never the reverse",
    ("ayl", "arz"): "the client may understand Egyptian, never the reverse",
    ("hr", "sl"): "measured",
    ("ru", "uk"): "not written down",
    ("az", "tr"): "television",
    ("tk", "tr"): "closer from the Turkmen side",
    ("hi", "pa"): "not written down",
    ("lo", "th"): "Thai television",
    ("fat", "tw"): "Twi dominates",
    ("aiq", "prs"): "Dari is the wider norm",
    ("be", "uk"): "a Belarusian interpreter may add Russian; a Ukrainian client is not asked",
}
REASONED = {frozenset(pair) for pair in ASYMMETRIC_FOR_A_REASON}


def test_every_pair_is_listed_once_between_two_known_languages() -> None:
    assert len(PAIRS) == len(read("language_substitutions"))
    for wanted, offered in PAIRS:
        assert wanted != offered
        assert {wanted, offered} <= set(LANGUAGES)


def test_grades_settings_and_consent_use_known_words() -> None:
    assert {line["grade"] for line in PAIRS.values()} == set(Grade.values)
    assert {line["max_setting"] for line in PROPOSED.values()} == set(SettingClass.values)
    assert {line["needs_client_consent"] for line in PAIRS.values()} == {"yes", "no"}


def test_sensitive_conversations_need_the_same_language() -> None:
    sensitive = [line for line in PROPOSED.values() if line["max_setting"] == "sensitive"]
    assert {line["grade"] for line in sensitive} == {"same"}


def test_partial_understanding_is_for_everyday_matters_only() -> None:
    partial = [line for line in PROPOSED.values() if line["grade"] == "partial"]
    assert {line["max_setting"] for line in partial} == {"everyday"}


def test_a_second_language_needs_a_yes_and_is_never_sensitive() -> None:
    second = [line for line in PROPOSED.values() if line["grade"] == "lingua_franca"]
    assert {line["needs_client_consent"] for line in second} == {"yes"}
    assert {line["max_setting"] for line in second} <= {"everyday", "official"}


def test_what_is_never_proposed_has_a_reason_but_no_question() -> None:
    for line in PAIRS.values():
        if line["grade"] == "never":
            assert (line["max_setting"], line["ask"]) == ("", "")
            assert line["needs_client_consent"] == "yes"
        assert 0 < len(line["note_de"]) <= 160


def test_what_may_be_proposed_asks_a_short_question() -> None:
    for line in PROPOSED.values():
        assert "?" in line["ask"]
        assert line["ask"].endswith(("?", "."))
        assert len(line["ask"]) <= 90


def test_speech_never_stands_in_for_signs() -> None:
    for wanted, offered in PROPOSED:
        assert LANGUAGES[wanted]["modality"] == LANGUAGES[offered]["modality"]


def test_both_directions_agree_unless_there_is_a_reason() -> None:
    for (wanted, offered), line in PAIRS.items():
        back = PAIRS.get((offered, wanted))
        if back is None or frozenset((wanted, offered)) in REASONED:
            continue
        if line["grade"] == back["grade"]:
            assert line["max_setting"] == back["max_setting"]
            assert line["needs_client_consent"] == back["needs_client_consent"]
        else:
            assert "lingua_franca" in {line["grade"], back["grade"]}


def test_a_source_is_named_exactly_where_the_evidence_is_one() -> None:
    for line in PAIRS.values():
        assert line["evidence"] in {"sourced", "expert_judgement"}
        assert (line["evidence"] == "sourced") == bool(line["source"])


def test_languages_have_a_unique_code_direction_and_modality() -> None:
    assert len(LANGUAGES) == len(read("languages"))
    assert {line["dir"] for line in LANGUAGES.values()} == {"ltr", "rtl"}
    assert {line["modality"] for line in LANGUAGES.values()} == {"laut", "gebaerden"}
    assert {line["tier"] for line in LANGUAGES.values()} == {"1", "2"}
    assert "any" not in LANGUAGES


def test_prompts_ask_for_known_languages() -> None:
    for prompt in PROMPTS:
        options = several(prompt["options"])
        assert options
        assert len(set(options)) == len(options)
        assert set(options) <= set(LANGUAGES)
        assert prompt["default_if_unknown"] in {"", *options}
        assert "?" in prompt["question_de"]


def test_prompts_with_the_same_question_offer_the_same_languages() -> None:
    for column in ("question_de", "folded"):
        answers: dict[str, set[tuple[str, str]]] = {}
        for prompt in PROMPTS:
            asked = fold(prompt["typed_name"]) if column == "folded" else prompt["question_de"]
            offered = (prompt["options"], prompt["default_if_unknown"])
            answers.setdefault(asked, set()).add(offered)
        assert [asked for asked, offered in answers.items() if len(offered) > 1] == []


def test_no_note_misses_a_language_that_is_there() -> None:
    notes = [prompt["note_de"] for prompt in PROMPTS if "fehlt noch" in prompt["note_de"]]
    assert notes == []
