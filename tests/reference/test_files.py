"""What the files in reference/data promise (after every edit of a file, these say what broke)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from reference.loading.files import FOLDER, read, several
from tests.reference.gsm7 import GSM7

FILES = sorted(FOLDER.glob("*.csv"))
SETTINGS = {line["code"]: line for line in read("settings")}
QUALIFICATIONS = {line["code"]: line for line in read("qualification_types")}
CENTRES = {line["area_key"]: line for line in read("centres_hessen")}
POSTCODES = {line["plz"]: line for line in read("plz_hessen")}
CLASSES = {"everyday", "official", "sensitive"}
ANSWERS = {"allowed", "coordinator", "refused"}
SOURCE = re.compile(r"(S\d+[a-c]?|X\d)(;(S\d+[a-c]?|X\d))*|judgement")
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
DATED_RATE = re.compile(
    r"(\d+\.\d\d|receipt);EUR;(per_assignment|per_hour|per_started_hour|per_year)"
    r";\d{4}-\d\d-\d\d;(\d{4}-\d\d-\d\d)?"
)
MASCULINE_ONLY = re.compile(
    r"\w[*:_]innen|\w\*in\b|\w:in\b|\wInnen\b"
    r"|\b(der|ein|die|alle) (Dolmetscher|Lotse|Freiwilliger|Klient|Bewerber|Mitarbeiter|Bürger"
    r"|Lehrer|Arzt|Betreuer|Berater|Kunde|Mieter)\b"
    r"|(?<!innen und )\b(Dolmetscher|Lotsen|Klienten|Mitarbeiter|Lehrer|Ärzte|Berater|Kunden"
    r"|Mieter|Nutzer|Teilnehmer|Ansprechpartner|Arbeitgeber|Antragsteller|Experten|Freunde)\b"
)


def values(file: str, column: str) -> list[str]:
    return [line[column] for line in read(file)]


def listed(file: str, column: str) -> set[str]:
    return {value for cell in values(file, column) for value in several(cell)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_plain_utf8_with_as_many_cells_as_columns(file: Path) -> None:
    raw = file.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    lines = list(csv.reader(raw.decode().splitlines(), strict=True))
    assert {len(line) for line in lines} == {len(lines[0])}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_cell_has_stray_blanks_or_starts_a_formula(file: Path) -> None:
    for line in read(file.stem):
        for cell in line.values():
            assert cell == cell.strip()
            assert "  " not in cell
            assert not cell.startswith(("=", "+", "@", "\t"))


def test_the_files_have_the_rows_they_are_known_for() -> None:
    assert {file.stem: len(read(file.stem)) for file in FILES} == {
        "centres_hessen": 33,
        "dated_keys": 3,
        "gemeinden_hessen": 425,
        "language_prompts": 142,
        "language_substitutions": 451,
        "languages": 187,
        "plz_deutschland": 8168,
        "plz_hessen": 542,
        "pool_presets": 163,
        "qualification_types": 31,
        "qualification_unlocks": 29,
        "reasons": 67,
        "settings": 79,
        "sms_names": 17,
        "topics": 77,
    }


@pytest.mark.parametrize("file", ["settings", "topics", "qualification_types", "reasons"])
def test_codes_are_unique_and_plain(file: str) -> None:
    codes = values(file, "code")
    assert len(set(codes)) == len(codes)
    assert all(CODE.fullmatch(code) for code in codes)


def test_labels_are_unique() -> None:
    for file in ("settings", "topics", "qualification_types"):
        labels = values(file, "label_de")
        assert len(set(labels)) == len(labels)
    reasons = [(line["kind"], line["label_de"]) for line in read("reasons")]
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize(
    ("file", "column", "allowed"),
    [
        ("settings", "class", CLASSES),
        ("settings", "minors_likely", {"yes", "no"}),
        ("settings", "interpreting_default", ANSWERS),
        ("settings", "guidance_default", ANSWERS),
        ("topics", "settings", set(SETTINGS)),
        ("topics", "guidance_topic", {"yes", "no"}),
        ("qualification_types", "role", {"interpreter", "guide", "both"}),
        ("qualification_types", "storage", {"file", "seen_not_stored", "declaration"}),
        ("qualification_types", "required_before_first", {"yes", "no", "per_pool"}),
        ("qualification_types", "unlocks_settings_class", CLASSES),
        ("qualification_unlocks", "qualification", set(QUALIFICATIONS)),
        ("qualification_unlocks", "setting", set(SETTINGS)),
        (
            "reasons",
            "kind",
            {
                "decline",
                "cancel_by_volunteer",
                "cancel_by_requester",
                "not_filled",
                "did_not_take_place",
                "reject_request",
            },
        ),
    ],
)
def test_only_known_words_are_used(file: str, column: str, allowed: set[str]) -> None:
    assert listed(file, column) <= allowed


def test_nothing_counts_against_a_volunteer() -> None:
    assert listed("reasons", "counts_against_volunteer") == {"no"}


@pytest.mark.parametrize(
    "file", ["settings", "qualification_types", "pool_presets", "qualification_unlocks"]
)
def test_every_row_says_where_it_comes_from(file: str) -> None:
    assert [source for source in values(file, "source") if not SOURCE.fullmatch(source)] == []


def test_settings_have_a_short_label_and_a_reason_for_refusing() -> None:
    for line in SETTINGS.values():
        assert 1 <= len(line["label_sms"]) <= 15
        assert set(line["label_sms"]) <= GSM7
        assert len(line["refusal_text_de"]) <= 200
        assert set(line["refusal_text_de"]) <= GSM7 | set("«»")
        if {line["interpreting_default"], line["guidance_default"]} != {"allowed"}:
            assert line["refusal_text_de"]


def test_every_setting_has_topics_also_for_guides_where_they_are_allowed() -> None:
    for code, setting in SETTINGS.items():
        topics = [line for line in read("topics") if code in several(line["settings"])]
        assert topics
        if setting["guidance_default"] != "refused":
            assert any(line["guidance_topic"] == "yes" for line in topics)


def test_topics_take_15_minutes_to_4_hours_and_name_each_setting_once() -> None:
    for line in read("topics"):
        assert 15 <= int(line["usual_minutes"]) <= 240
        assert max(Counter(several(line["settings"])).values()) == 1


def test_records_that_expire_are_reminded_of_and_no_others() -> None:
    for line in QUALIFICATIONS.values():
        assert bool(line["validity_months_default"]) == bool(line["remind_days"])
        assert re.fullmatch(r"(\d+(;\d+)*)?", line["remind_days"])


def test_police_certificates_are_never_stored() -> None:
    for code, line in QUALIFICATIONS.items():
        if "police" in code:
            assert line["storage"] == "seen_not_stored"


def test_no_record_unlocks_a_setting_that_is_always_refused() -> None:
    for line in read("qualification_unlocks"):
        assert SETTINGS[line["setting"]]["interpreting_default"] != "refused"


def test_there_are_33_areas_21_districts_6_cities_and_6_with_special_status() -> None:
    assert len(CENTRES) == 33
    assert Counter(line["kind"] for line in CENTRES.values()) == {
        "landkreis": 21,
        "kreisfreie_stadt": 6,
        "sonderstatusstadt": 6,
    }
    assert set(CENTRES) == set(values("gemeinden_hessen", "zustaendig_ags"))
    assert set(CENTRES) == set(values("plz_hessen", "zustaendig_ags"))


def test_neighbours_are_mutual_and_a_special_city_touches_its_district() -> None:
    for key, line in CENTRES.items():
        neighbours = several(line["neighbours"])
        assert neighbours
        assert key not in neighbours
        assert all(key in several(CENTRES[other]["neighbours"]) for other in neighbours)
        if len(key) == 8:
            assert key[:5] in neighbours


def test_the_seat_of_a_centre_has_its_postcode_in_its_municipality() -> None:
    for line in CENTRES.values():
        assert POSTCODES[line["seat_postcode"]]["gemeinde"] == line["seat_municipality"]


def test_hessian_postcodes_are_german_postcodes_in_the_same_district() -> None:
    germany = {line["plz"]: line for line in read("plz_deutschland")}
    hesse = {plz for plz, line in germany.items() if line["kreis_ags"].startswith("06")}
    assert hesse == set(POSTCODES)
    for plz, line in POSTCODES.items():
        assert germany[plz]["kreis_ags"] == line["kreis_ags"]
        assert germany[plz]["orte"] == line["orte"]


def test_presets_extend_the_neutral_one_and_give_no_rule_twice() -> None:
    rows = [(line["preset"], line["rule"], line["value"]) for line in read("pool_presets")]
    assert len(set(rows)) == len(rows)
    for preset in {row[0] for row in rows} - {"neutral"}:
        assert (preset, "extends", "neutral") in rows
    given = Counter((preset, rule) for preset, rule, _ in rows if not is_dated(rule))
    assert max(given.values()) == 1


def test_presets_speak_of_known_settings_records_and_languages() -> None:
    languages = set(values("languages", "code"))
    for line in read("pool_presets"):
        rule, value = line["rule"], line["value"]
        if setting := re.fullmatch(r"setting\.([a-z_]+)\.(interpreting|guidance)", rule):
            assert setting[1] in SETTINGS
            assert value in ANSWERS
        if rule.startswith("required.") and not rule.endswith("policy"):
            assert set(several(value)) <= set(QUALIFICATIONS)
        if rule == "language.variety_required":
            assert set(several(value)) <= languages


def test_dated_rates_are_well_formed_and_never_overlap() -> None:
    rates: dict[tuple[str, str], list[list[str]]] = {}
    for line in read("pool_presets"):
        if is_dated(line["rule"]):
            assert DATED_RATE.fullmatch(line["value"])
            days = line["value"].split(";")[3:]
            rates.setdefault((line["preset"], line["rule"]), []).append(days)
    for periods in rates.values():
        for (_, earlier_ends), (later_begins, _) in pairwise(sorted(periods)):
            assert earlier_ends
            assert earlier_ends < later_begins


def is_dated(rule: str) -> bool:
    return rule.startswith(("allowance.interpreter", "allowance.guide", "tax_ceiling.par"))


def test_german_texts_name_people_of_all_genders() -> None:
    for file in ("settings", "topics", "reasons", "qualification_types"):
        for line in read(file):
            texts = (cell for column, cell in line.items() if column.endswith("_de") and cell)
            assert [text for text in texts if MASCULINE_ONLY.search(text)] == []
