"""How a search stands: in a word, with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matching.risk import Level, assess, in_time

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def of(*, hours: float, left: int, unanswered: int = 0) -> tuple[Level, str]:
    risk = assess(starts_at=NOW + timedelta(hours=hours), now=NOW, left=left, unanswered=unanswered)
    return risk.level, risk.reason


def test_nobody_left_is_red_however_much_time_there_is() -> None:
    assert of(hours=240, left=0) == (Level.RED, "Keine passende Person mehr, Termin in 10 Tagen")


def test_nobody_left_but_answers_missing_says_so() -> None:
    level, reason = of(hours=240, left=0, unanswered=2)
    assert level == Level.RED
    assert reason.startswith("Niemand mehr zu fragen, 2 Antworten stehen aus")


def test_under_24_hours_is_red_however_many_are_left() -> None:
    assert of(hours=20, left=9) == (
        Level.RED,
        "Noch 9 Personen nicht gefragt, Termin in 20 Stunden",
    )


@pytest.mark.parametrize(("hours", "left"), [(240, 2), (30, 9), (47.9, 3)])
def test_few_left_or_under_48_hours_is_yellow(hours: float, left: int) -> None:
    assert of(hours=hours, left=left)[0] == Level.YELLOW


def test_enough_people_and_enough_time_is_green() -> None:
    assert of(hours=48, left=3) == (
        Level.GREEN,
        "Noch 3 Personen nicht gefragt, Termin in 2 Tagen",
    )


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (timedelta(minutes=-5), "Termin hat begonnen"),
        (timedelta(minutes=25), "Termin in 25 Minuten"),
        (timedelta(hours=1, minutes=50), "Termin in 1 Stunde"),
        (timedelta(hours=47, minutes=59), "Termin in 47 Stunden"),
        (timedelta(days=4, hours=3), "Termin in 4 Tagen"),
    ],
)
def test_the_time_left_is_said_in_the_unit_one_thinks_in(until: timedelta, words: str) -> None:
    assert in_time(until) == words
