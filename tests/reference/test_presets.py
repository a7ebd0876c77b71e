"""A pool starts from a preset; what a preset does not say, the one it extends says."""

from __future__ import annotations

import pytest

from reference.models import PresetRule
from reference.presets import UnknownPreset, preset_titles, preset_values

pytestmark = pytest.mark.django_db


def test_six_presets_have_a_title_of_their_own() -> None:
    assert preset_titles() == {
        "neutral": "Neutrale Vorgabe",
        "main_taunus_strict": "Main-Taunus: eng gefasst",
        "vogelsberg_open": "Vogelsberg: offen",
        "marburg_biedenkopf": "Marburg-Biedenkopf (DolMa)",
        "giessen_stadt": "Stadt Gießen",
        "wetterau": "Wetteraukreis",
    }


def test_a_rule_of_its_own_replaces_the_extended_one() -> None:
    assert preset_values("neutral", "level.german_min") == ["B1"]
    assert preset_values("main_taunus_strict", "level.german_min") == ["B2"]


def test_what_a_preset_does_not_say_the_extended_one_says() -> None:
    assert preset_values("wetterau", "undo.minutes") == ["10"]


def test_dated_rates_come_in_their_order() -> None:
    assert preset_values("wetterau", "allowance.interpreter") == [
        "20.00;EUR;per_assignment;2021-01-01;2025-12-31",
        "15.00;EUR;per_started_hour;2026-01-01;",
    ]


def test_no_limit_is_not_the_same_as_no_rule() -> None:
    assert preset_values("neutral", "cap.volunteer_assignments_week") == [""]
    assert preset_values("giessen_stadt", "area.neighbour_release_hours") == [""]
    assert preset_values("neutral", "no.such.rule") == []


def test_an_unknown_preset_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownPreset):
        preset_values("nowhere", "title")


def test_presets_that_extend_each_other_do_not_hang() -> None:
    PresetRule.objects.create(preset="a", rule="extends", value="b", position=0)
    PresetRule.objects.create(preset="b", rule="extends", value="a", position=0)
    assert preset_values("a", "undo.minutes") == []
