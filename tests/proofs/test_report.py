"""What a proof prints can be read by people and by programs."""

from __future__ import annotations

import json

from tests.proofs.report import Result, as_json, as_table, nth_percentile

HOLDS = Result("race", {"requests": 200, "p99_ms": 412.5}, reached=True)
WITHOUT_CONTROL = Result(
    "overlap", {"tries": 1000}, reached=True, valid=False, why_not=["the control did not overlap"]
)


def test_one_result_is_one_object_of_its_figures() -> None:
    assert json.loads(as_json([HOLDS])) == {
        "requests": 200,
        "p99_ms": 412.5,
        "valid": True,
        "passed": True,
    }


def test_several_results_go_by_name_on_one_line() -> None:
    line = as_json([HOLDS, WITHOUT_CONTROL])
    assert "\n" not in line
    assert json.loads(line)["overlap"]["passed"] is False


def test_a_run_whose_control_did_not_fail_does_not_hold() -> None:
    assert HOLDS.is_good
    assert not WITHOUT_CONTROL.is_good
    assert "DOES NOT HOLD" in as_table([WITHOUT_CONTROL])
    assert "! the control did not overlap" in as_table([WITHOUT_CONTROL])


def test_figures_inside_figures_have_a_line_each() -> None:
    lines = as_table([Result("b", {"classes": {"mid": {"rows": 7}}}, reached=True)]).splitlines()
    assert lines[-1].split() == ["classes.mid.rows", "7"]


def test_percentiles_are_values_that_occurred() -> None:
    hundred = [float(n) for n in range(1, 101)]
    assert nth_percentile(hundred, 50) == 50
    assert nth_percentile(hundred, 99) == 99
    assert nth_percentile([3.0], 99) == 3
    assert nth_percentile([], 99) == 0
