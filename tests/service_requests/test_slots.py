"""Times on local clocks, also in the nights in which these change."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_requests.slots import (
    AmbiguousTime,
    NonexistentTime,
    inform_at,
    local_instant,
    problem_with,
    problem_with_alternatives,
    slot,
)
from tests.conftest import BERLIN, TUESDAY_AT_TEN
from tests.service_requests.wishing import at

NOW = TUESDAY_AT_TEN
IN_MARCH = dt.date(2027, 3, 28)
IN_OCTOBER = dt.date(2026, 10, 25)
HALF_PAST_TWO = dt.time(2, 30)


def test_half_past_two_does_not_exist_in_the_night_in_march() -> None:
    with pytest.raises(NonexistentTime) as refused:
        local_instant(IN_MARCH, HALF_PAST_TWO, BERLIN)
    assert "02:30 Uhr nicht" in refused.value.message
    assert "03:30 Uhr" in refused.value.message


def test_saying_which_one_does_not_help_when_there_is_none() -> None:
    with pytest.raises(NonexistentTime):
        local_instant(IN_MARCH, HALF_PAST_TWO, BERLIN, fold=1)


def test_half_past_two_is_there_twice_in_the_night_in_october() -> None:
    with pytest.raises(AmbiguousTime) as asked:
        local_instant(IN_OCTOBER, HALF_PAST_TWO, BERLIN)
    assert "zweimal" in asked.value.message
    assert [fold for fold, _ in asked.value.choices] == [0, 1]
    labels = " ".join(label for _, label in asked.value.choices)
    assert "Sommerzeit" in labels
    assert "Winterzeit" in labels


def test_whoever_says_which_gets_it() -> None:
    first = local_instant(IN_OCTOBER, HALF_PAST_TWO, BERLIN, fold=0)
    second = local_instant(IN_OCTOBER, HALF_PAST_TWO, BERLIN, fold=1)
    assert first == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert second - first == dt.timedelta(hours=1)


@pytest.mark.parametrize("hour", [1, 3])
def test_the_hours_around_are_asked_about_by_nobody(hour: int) -> None:
    for day in (IN_MARCH, IN_OCTOBER):
        instant = local_instant(day, dt.time(hour, 30), BERLIN)
        assert instant.astimezone(BERLIN).hour == hour


def test_an_appointment_over_the_change_keeps_its_length() -> None:
    for day in (IN_MARCH, IN_OCTOBER):
        start, end = slot(day, dt.time(1, 30), 120, BERLIN)
        assert end - start == dt.timedelta(hours=2)


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)), st.sampled_from([0, 1]))  # noqa: DTZ001
def test_what_the_clocks_show_is_what_was_meant(local: dt.datetime, fold: int) -> None:
    local = local.replace(second=0, microsecond=0)
    try:
        instant = local_instant(local.date(), local.time(), BERLIN, fold=fold)
    except NonexistentTime:
        assert (local.month, local.hour) == (3, 2)
    else:
        assert instant.astimezone(BERLIN).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("period", "part"),
    [
        (at("2026-11-24 09:59"), "Vergangenheit"),
        (at("2026-11-24 10:00"), "Vergangenheit"),
        (at("2026-12-01 10:00", -30), "vor dem Beginn"),
        (at("2026-12-01 10:00", 0), "vor dem Beginn"),
        (at("2026-12-01 10:00", 14), "zu kurz"),
        (at("2026-12-01 10:00", 721), "zu lang"),
        (at("2062-12-01 10:00"), "mehr als ein Jahr"),
    ],
)
def test_a_period_nobody_can_come_to_is_refused(
    period: tuple[dt.datetime, dt.datetime], part: str
) -> None:
    assert part in problem_with(period, NOW)


def test_an_ordinary_period_is_fine() -> None:
    assert problem_with(at("2026-11-24 10:01", 15), NOW) == ""


def test_other_times_must_be_possible_and_other() -> None:
    wanted = at("2026-12-01 10:00")
    fine = [at("2026-12-01 14:00"), at("2026-12-02 10:00")]
    assert problem_with_alternatives(wanted, fine, NOW) == ""
    assert "höchstens 2" in problem_with_alternatives(wanted, [*fine, at("2026-12-03 09:00")], NOW)
    assert "zweimal" in problem_with_alternatives(wanted, [wanted], NOW)
    assert "Vergangenheit" in problem_with_alternatives(wanted, [at("2026-11-01 10:00")], NOW)


@pytest.mark.parametrize(
    ("hours_left", "hours_before"),
    [(240, 24), (48, 24), (47, 23.5), (24, 12), (2, 1)],
)
def test_the_requester_hears_a_day_before_or_halfway(
    hours_left: float, hours_before: float
) -> None:
    start = NOW + dt.timedelta(hours=hours_left)
    assert start - inform_at(start, NOW) == dt.timedelta(hours=hours_before)


def test_a_day_before_is_24_hours_also_when_the_clocks_change() -> None:
    start = at("2027-03-28 12:00")[0]
    assert start.astimezone(dt.UTC) - inform_at(start, NOW) == dt.timedelta(hours=24)


def test_a_length_is_real_time_also_when_the_clocks_change() -> None:
    start = dt.datetime(2027, 3, 28, 1, 55, tzinfo=BERLIN)
    end = dt.datetime(2027, 3, 28, 3, 5, tzinfo=BERLIN)
    assert "zu kurz" in problem_with((start, end), NOW)
