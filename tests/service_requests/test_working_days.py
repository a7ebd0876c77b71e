"""Working days in Hesse, and the notice a pool wants."""

from __future__ import annotations

import datetime as dt

import pytest

from pools.models import Pool
from pools.rule_changes import set_rule
from pools.rules import Verdict
from service_requests.working_days import (
    earliest_day,
    is_working_day,
    lead_time_verdict,
    working_days_until,
)
from tests.builders import a_pool

TUESDAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2026-11-29", False),
        ("2026-12-25", False),
        ("2026-12-26", False),
        ("2027-01-06", True),  # Epiphany is a holiday next door, in Bavaria
        ("2027-05-27", False),  # Corpus Christi
        ("2027-11-01", True),  # All Saints is a holiday next door, in Rhineland-Palatinate
    ],
)
def test_holidays_are_those_of_hesse(day: str, is_one: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day)) == is_one


@pytest.mark.parametrize(
    ("last", "count"),
    [("2026-11-24", 0), ("2026-11-25", 1), ("2026-11-27", 3), ("2026-11-30", 4)],
)
def test_working_days_are_counted_from_the_day_after(last: str, count: int) -> None:
    assert working_days_until(TUESDAY, dt.date.fromisoformat(last)) == count


def test_christmas_does_not_count() -> None:
    assert working_days_until(dt.date(2026, 12, 23), dt.date(2026, 12, 28)) == 2
    assert earliest_day(dt.date(2026, 12, 23), 3) == dt.date(2026, 12, 29)


@pytest.fixture
def pool(db: None) -> Pool:
    """A pool that wants three working days."""
    return a_pool()


def verdict(pool: Pool, day: str) -> tuple[Verdict, str]:
    """Return what it says to an appointment on that day, asked on Tuesday."""
    said, code, _ = lead_time_verdict(pool, posted_on=TUESDAY, day=dt.date.fromisoformat(day))
    return said, code


def test_ample_time_is_nothing_to_talk_about(pool: Pool) -> None:
    assert verdict(pool, "2026-11-27") == (Verdict.ALLOWED, "")


def test_little_time_is_a_warning_by_default(pool: Pool) -> None:
    assert verdict(pool, "2026-11-24") == (Verdict.ALLOWED, "lead_time")


def test_a_pool_may_refuse_what_comes_too_late(pool: Pool) -> None:
    set_rule(pool, name="lead_time.policy", value="refuse", since=TUESDAY)
    assert verdict(pool, "2026-11-26") == (Verdict.REFUSED, "lead_time")
    assert verdict(pool, "2026-11-27") == (Verdict.ALLOWED, "")


def test_marburg_refuses_below_two_days_and_warns_below_three(db: None) -> None:
    marburg = a_pool(preset="marburg_biedenkopf")
    days = ("2026-11-25", "2026-11-26", "2026-11-27")
    assert [verdict(marburg, day) for day in days] == [
        (Verdict.REFUSED, "lead_time"),
        (Verdict.ALLOWED, "lead_time"),
        (Verdict.ALLOWED, ""),
    ]


def test_a_refusal_says_which_day_would_do_and_whom_to_call(pool: Pool) -> None:
    set_rule(pool, name="lead_time.policy", value="refuse", since=TUESDAY)
    _, _, text = lead_time_verdict(pool, posted_on=TUESDAY, day=TUESDAY)
    assert "27.11.2026" in text
    assert pool.phone in text
