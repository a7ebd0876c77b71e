"""Working days in Hesse, and how many a pool wants between a request and its appointment."""

from __future__ import annotations

import datetime as dt
from functools import cache

import holidays

from pools.models import Pool
from pools.rules import Verdict, rule, rule_int

SATURDAY = 5
STATE = "HE"
LEAST_BELOW_WHICH_REFUSED = 2
"""Of the policy `refuse_below_2_days`."""


def is_working_day(day: dt.date) -> bool:
    """Return whether offices are open: Monday to Friday, no holiday in Hesse."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


def working_days_until(first: dt.date, last: dt.date) -> int:
    """Return how many working days follow the first day, the last one included."""
    days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def earliest_day(posted_on: dt.date, working_days: int) -> dt.date:
    """Return the first day that is so many working days after the posting."""
    day = posted_on
    while working_days > 0:
        day += dt.timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def lead_time_verdict(pool: Pool, *, posted_on: dt.date, day: dt.date) -> tuple[Verdict, str, str]:
    """Return what the pool says to the time left: verdict, code («» when ample) and sentence.

    Rules `lead_time.working_days` and `lead_time.policy` of the day of posting. ALLOWED with a
    code is a warning.
    """
    wanted = rule_int(pool, "lead_time.working_days", posted_on, default=0)
    left = working_days_until(posted_on, day)
    if left >= wanted:
        return Verdict.ALLOWED, "", ""
    policy = rule(pool, "lead_time.policy", posted_on) or "warn"
    least = {"refuse": wanted, "refuse_below_2_days": min(wanted, LEAST_BELOW_WHICH_REFUSED)}
    if left < least.get(policy, 0):
        first = earliest_day(posted_on, least[policy])
        return (
            Verdict.REFUSED,
            "lead_time",
            f"Wir brauchen mindestens {_days(least[policy])} Vorlauf. Der früheste Tag ist der"
            f" {first:%d.%m.%Y}. Wenn es eilt, rufen Sie an: {pool.phone}.",
        )
    return (
        Verdict.ALLOWED,
        "lead_time",
        f"Das ist kurzfristig: Üblich sind {_days(wanted)} Vorlauf. Wir suchen sofort.",
    )


def _days(count: int) -> str:
    return "1 Werktag" if count == 1 else f"{count} Werktage"


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DE", subdiv=STATE, years=year))
