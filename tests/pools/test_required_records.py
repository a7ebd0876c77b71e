"""What must hold on the day: groups of records, of each group one."""

from __future__ import annotations

import datetime as dt

import pytest

from pools.models import Pool
from pools.rule_changes import set_rule
from pools.rules import required_groups, required_records
from reference.models import Setting
from tests.builders import a_pool

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 24)


def groups(
    pool: Pool, setting: str, kind: str = "interpret", *, minors: bool = False
) -> list[list[str]]:
    """Return the groups for a setting by its code."""
    return required_records(
        pool,
        kind=kind,
        setting=Setting.objects.get(code=setting),
        minors_present=minors,
        on=DAY,
    )


def test_a_better_record_counts_as_the_one_that_is_asked_for() -> None:
    required = required_groups(a_pool(), kind="interpret", on=DAY)
    assert ["german_b1", "german_b2"] in required
    assert ["language_fluent", "language_c1"] in required
    assert ["police_certificate", "police_certificate_extended"] in required


def test_a_lesser_record_does_not_count() -> None:
    required = required_groups(a_pool(preset="main_taunus_strict"), kind="interpret", on=DAY)
    assert ["german_b2"] in required


def test_guides_need_other_records() -> None:
    required = required_groups(a_pool(), kind="guide", on=DAY)
    assert [group[0] for group in required] == [
        "age_18",
        "selection_interview",
        "basic_guide",
        "confidentiality_guide",
    ]


def test_marburg_accepts_its_own_exam_instead_of_the_basic_training() -> None:
    required = required_groups(a_pool(preset="marburg_biedenkopf"), kind="interpret", on=DAY)
    assert ["basic_interpreting", "exam_dolma"] in required


def test_where_minors_are_likely_the_extended_certificate_is_needed() -> None:
    assert ["police_certificate_extended"] in groups(a_pool(), "school")


def test_where_minors_are_present_the_extended_certificate_is_needed() -> None:
    assert ["police_certificate_extended"] not in groups(a_pool(), "social_office")
    assert ["police_certificate_extended"] in groups(a_pool(), "social_office", minors=True)


def test_a_pool_may_make_the_certificate_for_minors_a_mere_hint() -> None:
    pool = a_pool()
    set_rule(pool, name="required.minors.policy", value="hint_only", since=DAY)
    assert ["police_certificate_extended"] not in groups(pool, "school")


def test_guides_need_no_certificate_for_minors() -> None:
    assert ["police_certificate_extended"] not in groups(a_pool(), "school", "guide")


def test_the_basic_training_opens_everyday_and_official_settings() -> None:
    assert "basic_interpreting" in groups(a_pool(), "school")[-1]
    assert "basic_interpreting" in groups(a_pool(), "social_office")[-1]
    assert "basic_interpreting" not in groups(a_pool(), "doctor")[-1]


def test_the_health_module_opens_the_doctor_but_not_the_womens_shelter() -> None:
    assert "module_health" in groups(a_pool(), "doctor")[-1]
    shelter = groups(a_pool(), "womens_shelter")[-1]
    assert "module_violence" in shelter
    assert "module_health" not in shelter


def test_a_record_for_guides_opens_nothing_for_interpreters() -> None:
    opening = groups(a_pool(), "doctor")[-1]
    assert not {"basic_guide", "module_guide_health"} & set(opening)
    assert "basic_guide" in groups(a_pool(), "doctor", "guide")[-1]


def test_a_pool_may_waive_the_opening_record_in_writing() -> None:
    pool = a_pool()
    with_it = groups(pool, "doctor")
    set_rule(pool, name="setting.doctor.interpreting.no_unlock_needed", value="yes", since=DAY)
    assert groups(pool, "doctor") == with_it[:-1]
    assert groups(pool, "doctor", "guide")[-1]


def test_no_group_is_empty_for_any_setting() -> None:
    pool = a_pool()
    for setting in Setting.objects.values_list("code", flat=True):
        for kind in ("interpret", "guide"):
            assert all(groups(pool, setting, kind)), setting


def test_an_unknown_record_is_held_by_nobody_instead_of_needed_by_nobody() -> None:
    pool = a_pool()
    set_rule(pool, name="required.guide", value="age_18;driving_licence", since=DAY)
    assert required_groups(pool, kind="guide", on=DAY) == [["age_18"], ["driving_licence"]]
