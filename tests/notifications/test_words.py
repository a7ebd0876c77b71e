"""The alphabet of SMS, quiet hours, and days in words: pure functions."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from notifications import gsm7, wording
from notifications.quiet import quiet_until
from tests.clock import MovableClock
from tests.notifications.builders import BERLIN
from tests.reference.gsm7 import GSM7

EVENING, MORNING = time(20, 0), time(8, 0)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def quiet(when: datetime, begins: time = EVENING, ends: time = MORNING) -> datetime | None:
    return quiet_until(when, begins=begins, ends=ends, zone=BERLIN)


@pytest.mark.parametrize(
    ("when", "until"),
    [
        (at(24, 7, 59), at(24, 8)),
        (at(24, 8), None),
        (at(24, 19, 59), None),
        (at(24, 20), at(25, 8)),
        (at(24, 23, 30), at(25, 8)),
        (at(25, 0), at(25, 8)),
        (at(30, 22), at(1, 8, month=12)),
    ],
)
def test_the_night_lasts_until_eight(when: datetime, until: datetime | None) -> None:
    assert quiet(when) == until


def test_quiet_hours_may_lie_within_a_day_or_not_exist() -> None:
    assert quiet(at(24, 13), time(12), time(14)) == at(24, 14)
    assert quiet(at(24, 14), time(12), time(14)) is None
    assert quiet(at(24, 3), time(0), time(0)) is None


def test_the_night_is_an_hour_longer_when_the_clocks_go_back() -> None:
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)
    ends = quiet(evening)
    assert ends is not None
    assert ends.timestamp() - evening.timestamp() == timedelta(hours=13).total_seconds()


def test_days_are_said_as_people_say_them(clock: MovableClock) -> None:
    assert wording.day_words(at(24, 23, 59), BERLIN) == "heute"
    assert wording.day_words(at(25, 0), BERLIN) == "morgen"
    assert wording.day_words(at(26, 14), BERLIN) == "Do 26.11."
    assert wording.day_words(at(25, 9), BERLIN, seen_at=at(25, 0, 10)) == "heute"


def test_an_appointment_is_put_into_parameters(clock: MovableClock) -> None:
    assert wording.when_parameters((at(24, 14), at(24, 15)), BERLIN) == {
        "beginn": "2026-11-24T14:00:00+01:00",
        "wt": "Di",
        "tag": "24.11.",
        "zeit": "14:00",
        "bis": "15:00",
        "dauer": 60,
        "datum_lang": "Dienstag, 24. November",
        "wann": "heute",
    }


def test_times_are_those_of_the_pool_not_of_the_server() -> None:
    utc = at(24, 23, 30).astimezone(tz=None)
    assert wording.when_parameters((utc, utc + timedelta(hours=1)), BERLIN)["tag"] == "24.11."


def test_the_length_is_right_on_the_day_the_clocks_change() -> None:
    start = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    end = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert wording.when_parameters((start, end), BERLIN)["dauer"] == 60


def test_remote_appointments_have_a_means_instead_of_a_place() -> None:
    assert wording.place_parameters(mode="on_site", place="Gießen")["in_ort"] == "in Gießen"
    assert wording.place_parameters(mode="phone", place="Gießen")["in_ort"] == "am Telefon"
    assert wording.place_parameters(mode="video", place="Gießen")["ort"] == "Video"


def test_what_is_looked_for_never_exceeds_22_characters() -> None:
    assert wording.language_word("Dari", is_guide=False) == "Dari"
    assert wording.language_word("Dari", is_guide=True) == "Begleitung Dari"
    assert wording.language_word("", is_guide=True) == "Begleitung"
    assert wording.language_word("Afghan. Gebärdenspr.", is_guide=True) == "Begleitung"


def test_our_alphabet_is_the_one_of_the_standard() -> None:
    assert all(gsm7.is_gsm7(character) for character in GSM7)
    assert all(gsm7.septets(character) == 1 for character in GSM7)
    assert gsm7.septets("€[]") == 6
    assert not gsm7.is_gsm7("ş")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Gießen", "Gießen"),
        ("Çiğdem", "Çigdem"),
        ("„so“ – …", '"so" - ...'),
        ("Nguyễn", "Nguyen"),
        ("Łódź", "Lódz".replace("ó", "o")),
        ("عربي", "????"),
        ("a\u0308", "ä"),
        ("10 €", "10 €"),
    ],
)
def test_everything_else_is_spelt_plainly(text: str, plain: str) -> None:
    assert gsm7.to_gsm7(text) == plain
    assert gsm7.is_gsm7(gsm7.to_gsm7(text))
