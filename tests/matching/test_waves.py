"""How many are asked, and when to look again: pure, so every figure can be checked by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.need import Need
from matching.ranking import (
    Candidate,
    Ranked,
    answered_within,
    cost_of,
    rank,
    travel_minutes,
)
from matching.waves import (
    NIGHT,
    Decision,
    Limits,
    Pending,
    Quiet,
    before_waking,
    decide,
    horizon_of,
    residual,
    waking_time,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)


def a_need(in_hours: float = 72) -> Need:
    start = NOON + timedelta(hours=in_hours)
    return Need(
        request_id=1,
        search_round=1,
        pools=(1,),
        languages=(1, 2),
        kind=1,
        modes=("on_site", "phone"),
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        first_day=date(2026, 11, 27),
        last_day=date(2026, 11, 27),
        today=date(2026, 11, 24),
        week_mask="",
        hours=1,
        longitude=8.7,
        latitude=50.6,
        municipality=None,
        setting="school",
        organisation_id=1,
        gender="",
        minimum_level=1,
        required=(),
    )


def a_candidate(number: int = 1, **fields: object) -> Candidate:
    defaults = {
        "volunteer_id": number,
        "person_id": number,
        "pool_id": 1,
        "language_id": 1,
        "language_rank": 0,
        "level": 6,
        "mode": "on_site",
        "distance_m": 1000.0 * number,
    }
    return Candidate(**(defaults | fields))  # type: ignore[arg-type]


def some(n: int, **fields: object) -> list[Ranked]:
    return rank(a_need(), [a_candidate(i + 1, **fields) for i in range(n)], NOON)


def decision(
    ranked: list[Ranked],
    pending: Sequence[Pending] = (),
    *,
    need: Need | None = None,
    now: datetime = NOON,
    began_at: datetime = NOON,
    limits: Limits | None = None,
) -> Decision:
    return decide(
        need or a_need(),
        ranked,
        pending,
        now=now,
        search_began_at=began_at,
        zone=BERLIN,
        limits=limits or Limits(),
    )


def test_half_of_the_answers_come_within_the_median() -> None:
    assert answered_within(40) == pytest.approx(0.5)
    assert answered_within(0) == 0


def test_a_planned_request_asks_one_at_a_time_with_time_to_spare() -> None:
    # 20 waking hours in epochs of 1 h: −ln(.03)/20 = .175, one new offer brings .255
    assert len(decision(some(30)).ask) == 1


def test_a_short_notice_asks_many_at_once() -> None:
    need = a_need(in_hours=3)
    # 30 min in epochs of 15: −ln(.03)/2 = 1.753, one offer brings −ln(1 − .3·F(22.5)) = .0995
    assert len(decision(some(30), need=need).ask) == Limits().max_size
    assert len(decision(some(30), need=need, limits=Limits(max_size=100)).ask) == 18


def test_the_formula_is_that_of_the_design_for_a_single_wave() -> None:
    p = 0.3
    assert math.ceil(math.log(0.03) / math.log(1 - p)) == 10


def test_waiting_offers_count_before_new_ones_are_made() -> None:
    fresh = [Pending(0.3, timedelta(minutes=5))]
    assert decision(some(30), fresh).ask == ()
    silent_for_long = [Pending(0.3, timedelta(hours=30))]
    assert len(decision(some(30), silent_for_long).ask) == 1


def test_the_later_it_gets_the_more_are_asked() -> None:
    early = decision(some(30), now=NOON, began_at=NOON)
    late = decision(some(30), now=NOON + timedelta(days=1, hours=6), began_at=NOON)
    assert len(late.ask) > len(early.ask)


def test_nobody_is_asked_in_the_quiet_hours_and_the_search_wakes_with_the_first() -> None:
    night = datetime(2026, 11, 24, 23, 0, tzinfo=BERLIN)
    asleep = some(3, quiet_from_s=20 * 3600, quiet_until_s=8 * 3600)
    waiting = decision(asleep, now=night, began_at=night)
    assert waiting.ask == ()
    assert waiting.look_again_at == night + timedelta(hours=1)
    nearly = datetime(2026, 11, 25, 7, 30, tzinfo=BERLIN)
    assert decision(asleep, now=nearly, began_at=nearly).look_again_at == nearly.replace(
        hour=8, minute=0
    )
    awake = some(3, quiet_from_s=0, quiet_until_s=0)
    assert decision(awake, now=night, began_at=night).ask


def test_it_never_looks_again_after_the_deadline() -> None:
    need = a_need(in_hours=0.6)
    assert decision([], need=need).look_again_at == need.deadline()


def test_the_horizon_is_short_for_short_notice_and_at_most_twenty_waking_hours() -> None:
    assert horizon_of(a_need(3), NOON) == timedelta(minutes=30)
    assert horizon_of(a_need(8), NOON) == timedelta(hours=3, minutes=45)
    assert horizon_of(a_need(500), NOON) == timedelta(hours=20)


@given(
    ages=st.lists(st.integers(0, 5000), max_size=12),
    n=st.integers(0, 40),
    hours=st.floats(1, 600),
    size=st.integers(1, 12),
)
def test_a_wave_never_exceeds_its_limits(ages: list[int], n: int, hours: float, size: int) -> None:
    need = a_need(hours)
    pending = [Pending(0.3, timedelta(minutes=age)) for age in ages]
    made = decision(some(n), pending, need=need, limits=Limits(max_size=size))
    assert len(made.ask) <= min(n, size)
    assert made.left == n - len(made.ask)
    assert NOON <= made.look_again_at <= max(NOON, need.deadline())


@given(age=st.integers(0, 10_000), ahead=st.integers(1, 5000), p=st.floats(0.01, 0.95))
def test_a_residual_is_a_probability_below_the_prior(age: int, ahead: int, p: float) -> None:
    left = residual(Pending(p, timedelta(minutes=age)), timedelta(minutes=ahead))
    assert 0 <= left <= p + 1e-9


def test_the_waking_clock_stands_still_at_night() -> None:
    evening = datetime(2026, 11, 24, 19, 0, tzinfo=BERLIN)
    morning = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)
    assert waking_time(evening, morning, NIGHT, BERLIN) == timedelta(hours=2)
    assert waking_time(evening, morning, Quiet(0, 0), BERLIN) == timedelta(hours=14)


def test_the_waking_clock_counts_real_hours_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 19, 0, tzinfo=BERLIN)
    after = datetime(2026, 10, 25, 9, 0, tzinfo=BERLIN)
    assert waking_time(before.astimezone(UTC), after.astimezone(UTC), NIGHT, BERLIN) == timedelta(
        hours=2
    )


@given(st.integers(0, 60 * 24 * 3), st.integers(0, 60 * 24 * 3))
def test_waking_time_adds_up(first: int, second: int) -> None:
    start = NOON.astimezone(UTC)
    middle, end = start + timedelta(minutes=first), start + timedelta(minutes=first + second)
    assert waking_time(start, middle, NIGHT, BERLIN) + waking_time(
        middle, end, NIGHT, BERLIN
    ) == waking_time(start, end, NIGHT, BERLIN)


def test_twenty_four_waking_hours_are_two_days() -> None:
    start = before_waking(NOON.astimezone(UTC), timedelta(hours=24), NIGHT, BERLIN)
    assert start == NOON - timedelta(days=2)


def test_ranking_prefers_wishes_then_the_wanted_language_then_cheap_yeses() -> None:
    plain = a_candidate(1, distance_m=2000.0)
    near = a_candidate(2, distance_m=500.0)
    tired = a_candidate(3, distance_m=500.0, fatigue=3.0)
    bridge = a_candidate(4, distance_m=0.0, language_rank=1)
    remote = a_candidate(5, distance_m=0.0, mode="phone")
    wished = a_candidate(6, distance_m=90_000.0, is_preferred=True)
    reserve = a_candidate(7, distance_m=90_000.0, was_on_stand_by=True)
    order = rank(a_need(), [plain, near, tired, bridge, remote, wished, reserve], NOON)
    assert [one.candidate.person_id for one in order] == [7, 6, 2, 1, 3, 5, 4]


def test_the_same_question_gets_the_same_order() -> None:
    people = [a_candidate(n, distance_m=1000.0) for n in range(1, 20)]
    assert rank(a_need(), people, NOON) == rank(a_need(), reversed(people), NOON)


def test_costs_are_those_of_the_design() -> None:
    assert cost_of(a_candidate(1, distance_m=0.0)) == 1
    assert cost_of(a_candidate(1, distance_m=10_000.0)) == pytest.approx(1 + 0.3 * 0.04 * 10)
    assert cost_of(a_candidate(1, distance_m=0.0, fatigue=1.0)) == pytest.approx(2.2)
    assert cost_of(a_candidate(1, distance_m=0.0, open_offers=2)) == 4
    assert cost_of(a_candidate(1, mode="phone", distance_m=99_000.0)) == 1


def test_reasons_say_what_counted() -> None:
    [one] = rank(a_need(), [a_candidate(1, is_preferred=True, open_offers=1)], NOON)
    assert ("distance_km", 1.0) in one.reasons
    assert {"level", "preferred", "open_offer"} <= {code for code, _ in one.reasons}


def test_travel_takes_longer_on_short_roads_per_kilometre() -> None:
    assert travel_minutes(0) == 8
    assert travel_minutes(5000) == pytest.approx(8 + 6.7 * 60 / 28)
    assert travel_minutes(40_000) == pytest.approx(8 + 53.6 * 60 / 65)


def test_other_numbers_can_replace_the_prior_without_touching_the_flow() -> None:
    keen = a_candidate(1, distance_m=0.0)._replace(probability=0.9)
    usual = a_candidate(2, distance_m=0.0)
    assert rank(a_need(), [usual, keen], NOON)[0].candidate is keen


def test_quiet_hours_may_lie_within_a_day_or_over_midnight() -> None:
    lunch = Quiet(12 * 3600, 14 * 3600)
    assert lunch.holds_at(NOON, BERLIN)
    assert lunch.ends_after(NOON, BERLIN) == NOON + timedelta(hours=2)
    later = NOON + timedelta(hours=3)
    assert lunch.ends_after(later, BERLIN) == later
    assert waking_time(NOON - timedelta(hours=1), later, lunch, BERLIN) == timedelta(hours=2)
    night = NOON.replace(hour=23)
    assert NIGHT.ends_after(night, BERLIN) == NOON.replace(day=25, hour=8)
