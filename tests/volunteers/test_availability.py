"""What a person says about herself: languages, places, times, wishes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from reference.models import Language, Municipality, Setting
from reference.places import resolve
from tests.builders import MARBURG, a_pool, a_volunteer
from tests.clock import MovableClock
from tests.volunteers.registering import speaks
from volunteers.availability import (
    LanguageInput,
    add_absence,
    pause,
    remove_absence,
    resume,
    set_gender,
    set_languages,
    set_reach,
    set_week,
    set_wishes,
)
from volunteers.models import Absence, Level, Profile
from volunteers.week import week_of

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


@pytest.fixture
def profile() -> Profile:
    """Somebody who speaks Dari."""
    return a_volunteer(a_pool(), speaks=["prs"]).person.profile


def again(profile: Profile) -> Profile:
    """Read it from the database."""
    return Profile.objects.get(pk=profile.pk)


def test_the_languages_become_those_that_are_stated(profile: Profile) -> None:
    kept = profile.languages.get()
    set_languages(profile, [speaks("prs", Level.C1), speaks("ar", region="Aleppo")])
    assert {row.language.code for row in profile.languages.all()} == {"prs", "ar"}
    assert profile.languages.get(pk=kept.pk).level == Level.C1
    set_languages(profile, [speaks("ar")])
    assert profile.languages.get().region == ""


def test_a_list_that_makes_no_sense_changes_nothing(profile: Profile) -> None:
    with pytest.raises(ValidationError):
        set_languages(profile, [speaks("ar"), speaks("ar")])
    assert profile.languages.get().language.code == "prs"


def test_a_region_that_is_too_long_is_said_at_the_languages(profile: Profile) -> None:
    with pytest.raises(ValidationError) as refused:
        set_languages(profile, [speaks("ar", region="x" * 61)])
    assert set(refused.value.message_dict) == {"languages"}


def test_a_move_changes_home_and_reach(profile: Profile) -> None:
    wetzlar = Municipality.objects.get(name="Wetzlar")
    place = resolve(MARBURG, None, TODAY)
    set_reach(profile, place, "car", 40, {"video"}, [wetzlar])
    moved = again(profile)
    assert (moved.postcode_id, moved.municipality) == (MARBURG, place.municipality)
    assert moved.point.coords == place.point.coords
    assert (moved.means, moved.radius_km) == ("car", 40)
    assert (moved.on_site, moved.phone, moved.video) == (False, False, True)
    assert list(moved.extra_municipalities.all()) == [wetzlar]


def test_too_many_extra_places_change_nothing(profile: Profile) -> None:
    place = resolve(MARBURG, None, TODAY)
    with pytest.raises(ValidationError) as refused:
        set_reach(profile, place, "car", 40, {"video"}, list(Municipality.objects.all()[:51]))
    assert set(refused.value.message_dict) == {"extra_municipalities"}
    assert again(profile).postcode_id != MARBURG


def test_the_database_knows_nobody_without_a_mode(profile: Profile) -> None:
    row = Profile.objects.filter(pk=profile.pk)
    with pytest.raises(IntegrityError, match="profile_has_a_mode"), transaction.atomic():
        row.update(on_site=False, phone=False, video=False)


def test_hours_are_kept(profile: Profile) -> None:
    hours = week_of({(0, 8), (6, 23)})
    set_week(profile, hours)
    assert again(profile).week == hours


def test_what_is_no_week_is_refused(profile: Profile) -> None:
    with pytest.raises(ValidationError) as refused:
        set_week(profile, "2" * 168)
    assert set(refused.value.message_dict) == {"week"}


def test_an_absence_has_its_first_and_its_last_day(profile: Profile) -> None:
    add_absence(profile, TODAY, TODAY + 2 * DAY)
    days = [TODAY + days * DAY for days in (-1, 0, 2, 3)]
    away = [Absence.objects.touching(day, day).exists() for day in days]
    assert away == [False, True, True, False]


def test_one_day_is_an_absence(profile: Profile) -> None:
    absence = add_absence(profile, TODAY, TODAY)
    remove_absence(absence)
    remove_absence(absence)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY + DAY, TODAY, "last"),
        (TODAY, TODAY + 800 * DAY, "last"),
        (TODAY + 5 * DAY, TODAY + 9 * DAY, "first"),
    ],
    ids=["reversed", "too long", "told already"],
)
def test_an_absence_that_makes_no_sense_is_refused(
    profile: Profile, first: dt.date, last: dt.date, field: str
) -> None:
    add_absence(profile, TODAY, TODAY + 5 * DAY)
    with pytest.raises(ValidationError) as refused:
        add_absence(profile, first, last)
    assert set(refused.value.message_dict) == {field}
    assert Absence.objects.count() == 1


def test_a_pause_has_an_end_or_none(profile: Profile) -> None:
    pause(profile, TODAY)
    assert (again(profile).is_paused, again(profile).paused_until) == (False, TODAY)
    pause(profile, None)
    assert (again(profile).is_paused, again(profile).paused_until) == (True, None)
    resume(profile)
    assert (again(profile).is_paused, again(profile).paused_until) == (False, None)


def test_wishes_are_kept(profile: Profile) -> None:
    doctor = Setting.objects.get(code="doctor")
    set_wishes(profile, [doctor], 5, 2, True)
    kept = again(profile)
    assert list(kept.opted_out_settings.all()) == [doctor]
    assert (kept.messages_per_week, kept.assignments_per_week) == (5, 2)
    assert kept.urgent_beyond_budget


@pytest.mark.parametrize(
    ("messages", "assignments", "field"),
    [
        (0, None, "messages_per_week"),
        (8, None, "messages_per_week"),
        (3, 0, "assignments_per_week"),
    ],
)
def test_wishes_nobody_can_have_are_refused(
    profile: Profile, messages: int, assignments: int | None, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        set_wishes(profile, [], messages, assignments, False)
    assert set(refused.value.message_dict) == {field}


def test_what_she_says_about_herself_can_be_taken_back(profile: Profile) -> None:
    set_gender(profile, "f")
    assert again(profile).gender == "f"
    set_gender(profile, "")
    assert again(profile).gender == ""
    with pytest.raises(ValidationError) as refused:
        set_gender(profile, "x")
    assert set(refused.value.message_dict) == {"gender"}


def test_more_languages_than_anybody_speaks_are_refused(profile: Profile) -> None:
    many = [LanguageInput(language, Level.B1) for language in Language.objects.shown()[:21]]
    with pytest.raises(ValidationError, match="höchstens 20"):
        set_languages(profile, many)


def test_every_change_is_dated(profile: Profile, clock: MovableClock) -> None:
    clock.forward(days=1)
    set_week(profile, week_of({(1, 1)}))
    assert again(profile).updated_at == clock.at
