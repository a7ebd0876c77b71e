"""Whatever is edited, by whomever and however: the candidate rows are what a recount would give."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.filters import record_on
from pools.models import User
from tests import builders
from tests.at_once import Someone
from tests.matching.edits import (
    EDITS,
    World,
    a_world,
    be_away,
    gain_a_record,
    language_number,
    lock_a_role,
    lose_a_record,
    municipality_number,
    speak,
)
from tests.matching.recount import assert_in_step
from volunteers.models import SpokenLanguage


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(EDITS), st.integers(0, 2), st.integers(0, 999)),
        min_size=10,
        max_size=40,
    )
)
@pytest.mark.django_db
def test_candidates_follow_random_edits(
    edits: list[tuple[Callable[[World, int, int], None], int, int]],
) -> None:
    with transaction.atomic():
        world = a_world()
        assert_in_step("making the world")
        for edit, person, number in edits:
            edit(world, person, number)
            assert_in_step(f"{edit.__name__}(person {person}, {number})")
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_control_without_a_trigger_the_rows_are_out_of_step() -> None:
    world = a_world()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE volunteers_spokenlanguage DISABLE TRIGGER candidates_follow")
    speak(world, 0, 3)
    with pytest.raises(AssertionError, match="out of step"):
        assert_in_step("an edit nobody followed")


# ── Two at once ──────────────────────────────────────────────────────────────────────────────────


def speaks_one_more(world: World) -> None:
    profile = world.profiles(0).get()
    SpokenLanguage.objects.create(profile=profile, language=language_number(2), level=3)


def comes_to_one_more_municipality(world: World) -> None:
    world.profiles(0).get().extra_municipalities.add(municipality_number(1))


def takes_a_pause(world: World) -> None:
    world.profiles(0).update(is_paused=True)


def is_locked_as_guide(world: World) -> None:
    world.volunteers(0).update(guiding_unlocked_at=None)


def leaves_one_pool(world: World) -> None:
    world.volunteers(0).filter(pool=world.pools[1]).delete()


def loses_a_record(world: World) -> None:
    lose_a_record(world, 0, 1)


def goes_away(world: World) -> None:
    be_away(world, 0, 1)


def account_is_closed(world: World) -> None:
    User.objects.filter(pk=world.people[0].pk).update(is_active=False)


PAIRS = [
    *itertools.permutations(
        [
            speaks_one_more,
            comes_to_one_more_municipality,
            takes_a_pause,
            is_locked_as_guide,
            leaves_one_pool,
            account_is_closed,
        ],
        2,
    ),
    *itertools.permutations([loses_a_record, goes_away, speaks_one_more], 2),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_who_edit_one_person_leave_the_right_rows(
    first: Callable[[World], None], second: Callable[[World], None]
) -> None:
    world = a_world()
    gain_a_record(world, 0, 1)
    with transaction.atomic():
        first(world)
        other = Someone(lambda: second(world))
        assert other.waits_for_a_lock()
    other.result()
    assert_in_step(f"{first.__name__} and {second.__name__} at once")


@pytest.mark.django_db(transaction=True)
def test_a_profile_that_appears_while_the_volunteer_is_approved_is_not_missed() -> None:
    world = a_world()
    profile = world.profiles(1).get()
    profile.delete()
    with transaction.atomic():
        builders.a_volunteer(world.pools[1], person=world.people[1], records=[], contact=False)
        other = Someone(lambda: lock_a_role(world, 1, 0))
        other.waits_for_a_lock()
    other.result()
    assert_in_step("a profile and an unlocking at once")


@pytest.mark.django_db
@given(
    code=st.sampled_from(["german_b1", "police_certificate", "language_c1"]),
    day=st.dates(min_value=date(1990, 1, 1), max_value=date(2200, 1, 1)),
)
def test_a_record_and_a_day_have_the_same_number_in_python_and_sql(code: str, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT matching_record_on(%s, %s)", [code, day])
        assert cursor.fetchone()[0] == record_on(code, day)
