"""The 168 hours of a week, as local clocks show them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BERLIN
from volunteers.week import EVERY_HOUR, NO_HOUR, WeekField, hours_of, week_mask, week_of

HOURS_OF_A_WEEK = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 23)))


def local(text: str) -> dt.datetime:
    """Return the instant at which clocks in Berlin show this."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@given(HOURS_OF_A_WEEK)
def test_what_is_chosen_is_what_is_kept(hours: set[tuple[int, int]]) -> None:
    assert hours_of(week_of(hours)) == hours


def test_the_week_begins_on_monday_at_midnight() -> None:
    assert week_of({(0, 0)}).index("1") == 0
    assert week_of({(6, 23)}).index("1") == 167


def test_an_appointment_touches_every_hour_it_reaches_into() -> None:
    mask = week_mask(local("2026-11-24 09:30"), local("2026-11-24 11:15"), BERLIN)
    assert hours_of(mask) == {(1, 9), (1, 10), (1, 11)}


def test_an_appointment_that_ends_on_the_hour_does_not_touch_the_next() -> None:
    mask = week_mask(local("2026-11-24 09:00"), local("2026-11-24 10:00"), BERLIN)
    assert hours_of(mask) == {(1, 9)}


def test_sunday_night_runs_into_monday() -> None:
    mask = week_mask(local("2026-11-29 23:00"), local("2026-11-30 01:00"), BERLIN)
    assert hours_of(mask) == {(6, 23), (0, 0)}


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2027-03-28", {(6, 1), (6, 3)}), ("2026-10-25", {(6, 1), (6, 2), (6, 3)})],
)
def test_the_clocks_may_change_in_between(day: str, hours: set[tuple[int, int]]) -> None:
    mask = week_mask(local(f"{day} 01:00"), local(f"{day} 04:00"), BERLIN)
    assert hours_of(mask) == hours


@given(
    st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=15, max_value=720),
)
def test_every_minute_of_an_appointment_lies_in_its_hours(start: dt.datetime, minutes: int) -> None:
    begins = start.replace(tzinfo=dt.UTC)
    ends = begins + dt.timedelta(minutes=minutes)
    hours = hours_of(week_mask(begins, ends, BERLIN))
    for minute in range(minutes):
        then = (begins + dt.timedelta(minutes=minute)).astimezone(BERLIN)
        assert (then.weekday(), then.hour) in hours


@pytest.mark.parametrize("week", ["", "0" * 167, "2" * 168])
def test_what_is_no_week_is_refused_before_the_database_sees_it(week: str) -> None:
    with pytest.raises(ValueError, match="168"):
        WeekField().get_prep_value(week)


def test_no_hour_and_every_hour_are_weeks() -> None:
    assert hours_of(NO_HOUR) == set()
    assert len(hours_of(EVERY_HOUR)) == 168
