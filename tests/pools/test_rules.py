"""What holds in a pool on a day: its own dated rules, else its preset, else what that extends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pools.models import Pool, Rule
from pools.rule_changes import set_rule
from pools.rules import Verdict, rule, rule_int, rule_list, setting_verdict
from reference.models import PresetRule, Setting
from tests.builders import a_pool

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
TOMORROW = dt.date(2026, 11, 25)
YESTERDAY = dt.date(2026, 11, 23)


def an_own_rule(pool: Pool, name: str, value: str, since: str, until: str | None = None) -> Rule:
    """Return a rule of the pool's own, valid from the first day up to before the second."""
    valid = (dt.date.fromisoformat(since), dt.date.fromisoformat(until) if until else None)
    return Rule.objects.create(pool=pool, name=name, value=value, valid=valid)


def test_without_a_rule_of_its_own_a_pool_follows_its_preset() -> None:
    assert rule(a_pool(), "wave.max_size", TODAY) == "8"


def test_a_preset_takes_what_it_does_not_say_from_the_one_it_extends() -> None:
    pool = a_pool(preset="giessen_stadt")
    assert rule(pool, "area.scope", TODAY) == "own_area_only"
    assert rule(pool, "undo.minutes", TODAY) == "10"


def test_an_own_rule_wins_while_it_is_valid() -> None:
    pool = a_pool()
    an_own_rule(pool, "undo.minutes", "5", "2026-11-24", "2026-11-25")
    on_days = [rule(pool, "undo.minutes", day) for day in (YESTERDAY, TODAY, TOMORROW)]
    assert on_days == ["10", "5", "10"]


def test_a_rule_of_another_pool_changes_nothing() -> None:
    an_own_rule(a_pool("06534"), "undo.minutes", "5", "2020-01-01")
    assert rule(a_pool(), "undo.minutes", TODAY) == "10"


def test_a_rule_nobody_has_written_is_none() -> None:
    assert rule(a_pool(), "colour.of_the_door", TODAY) is None


def test_an_empty_value_is_an_answer_and_means_no_limit() -> None:
    pool = a_pool()
    assert rule(pool, "cap.volunteer_assignments_week", TODAY) == ""
    assert rule_int(pool, "cap.volunteer_assignments_week", TODAY, default=7) == 7


def test_of_several_dated_amounts_the_one_of_the_day_holds() -> None:
    pool = a_pool(preset="wetterau")
    before = rule(pool, "allowance.interpreter", dt.date(2025, 12, 31))
    after = rule(pool, "allowance.interpreter", dt.date(2026, 1, 1))
    assert before == "20.00;EUR;per_assignment;2021-01-01;2025-12-31"
    assert after == "15.00;EUR;per_started_hour;2026-01-01;"


def test_before_the_first_dated_amount_there_is_none() -> None:
    assert rule(a_pool(), "allowance.guide", dt.date(2020, 12, 31)) is None


def test_the_tax_ceilings_change_with_the_year() -> None:
    pool = a_pool()
    amounts = [
        rule_list(pool, "tax_ceiling.par_3_nr_26", dt.date(year, 6, 1))[0] for year in (2025, 2026)
    ]
    assert amounts == ["3000.00", "3300.00"]


def test_a_list_is_split_and_trimmed() -> None:
    pool = a_pool()
    an_own_rule(pool, "mode.allowed", " on_site ; phone;", "2020-01-01")
    assert rule_list(pool, "mode.allowed", TODAY) == ["on_site", "phone"]


def test_two_values_of_a_rule_on_one_day_cannot_be_stored() -> None:
    pool = a_pool()
    an_own_rule(pool, "undo.minutes", "5", "2026-01-01")
    with (
        pytest.raises(IntegrityError, match="rule_has_one_value_at_a_time"),
        transaction.atomic(),
    ):
        an_own_rule(pool, "undo.minutes", "6", "2026-06-01")


def test_a_change_keeps_what_held_before_and_drops_what_was_planned_later() -> None:
    pool = a_pool()
    an_own_rule(pool, "undo.minutes", "5", "2026-01-01", "2027-01-01")
    an_own_rule(pool, "undo.minutes", "20", "2027-01-01")
    set_rule(pool, name="undo.minutes", value="15", since=TODAY)
    days = [YESTERDAY, TODAY, dt.date(2027, 6, 1)]
    assert [rule(pool, "undo.minutes", day) for day in days] == ["5", "15", "15"]


def test_a_change_on_the_first_day_of_a_rule_replaces_it() -> None:
    pool = a_pool()
    set_rule(pool, name="undo.minutes", value="5", since=TODAY)
    set_rule(pool, name="undo.minutes", value="6", since=TODAY)
    assert [own.value for own in Rule.objects.filter(pool=pool)] == ["6"]


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("undo.minuets", "5", "name"),
        ("setting.schol.interpreting", "allowed", "name"),
        ("setting.school.interpreting", "perhaps", "value"),
        ("setting.school.interpreting.no_unlock_needed", "allowed", "value"),
        ("undo.minutes", "5" * 251, "value"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(name: str, value: str, field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        set_rule(a_pool(), name=name, value=value, since=TODAY)
    assert set(refusal.value.message_dict) == {field}


@pytest.mark.parametrize(
    ("preset", "code", "kind", "verdict"),
    [
        ("neutral", "school", "interpret", Verdict.ALLOWED),
        ("neutral", "doctor", "interpret", Verdict.COORDINATOR),
        ("neutral", "court", "interpret", Verdict.REFUSED),
        ("neutral", "court", "guide", Verdict.COORDINATOR),
        ("vogelsberg_open", "doctor", "interpret", Verdict.ALLOWED),
        ("giessen_stadt", "doctor", "interpret", Verdict.REFUSED),
        ("giessen_stadt", "doctor", "guide", Verdict.ALLOWED),
    ],
)
def test_districts_differ_about_settings(
    preset: str, code: str, kind: str, verdict: Verdict
) -> None:
    setting = Setting.objects.get(code=code)
    assert setting_verdict(a_pool(preset=preset), setting, kind, TODAY)[0] == verdict


def test_a_setting_is_refused_only_from_the_day_on_that_the_pool_says() -> None:
    pool, school = a_pool(), Setting.objects.get(code="school")
    set_rule(pool, name="setting.school.interpreting", value="refused", since=TODAY)
    verdicts = [setting_verdict(pool, school, "interpret", day)[0] for day in (YESTERDAY, TODAY)]
    assert verdicts == [Verdict.ALLOWED, Verdict.REFUSED]


def test_a_refusal_names_who_can_help() -> None:
    _, text = setting_verdict(a_pool(), Setting.objects.get(code="court"), "interpret", TODAY)
    assert "www.justiz-dolmetscher.de" in text


def test_what_is_allowed_needs_no_sentence() -> None:
    school = Setting.objects.get(code="school")
    assert setting_verdict(a_pool(), school, "interpret", TODAY) == (Verdict.ALLOWED, "")


@pytest.mark.parametrize("kind", ["interpret", "guide"])
def test_no_refusal_promises_that_the_coordinator_looks_at_it(kind: str) -> None:
    pool = a_pool()
    field = {"interpret": "interpreting", "guide": "guidance"}[kind]
    for setting in Setting.objects.all():
        name = f"setting.{setting.code}.{field}"
        set_rule(pool, name=name, value="refused", since=TODAY)
        verdict, text = setting_verdict(pool, setting, kind, TODAY)
        assert verdict == Verdict.REFUSED
        assert len(text) > 20
        assert "prüft" not in text or "Koordination" not in text


def test_every_preset_can_be_read_for_every_setting() -> None:
    presets = PresetRule.objects.values_list("preset", flat=True).distinct()
    for preset in set(presets):
        pool = a_pool(preset=preset)
        for setting in Setting.objects.all()[:10]:
            assert setting_verdict(pool, setting, "interpret", TODAY)[0] in Verdict
