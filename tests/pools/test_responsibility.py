"""Which pool answers for a place: the longest prefix of its key, on the day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pools.models import PoolArea
from pools.responsibility import area_verdict, pools_for, pools_for_place
from pools.rules import Verdict
from reference.places import resolve
from tests.builders import BERLIN_MITTE, GIESSEN, MARBURG, WETTENBERG, a_pool

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 24)
GIESSEN_CITY = "06531005"
WETTENBERG_KEY = "06531018"


def test_the_city_inside_the_district_has_the_longer_prefix() -> None:
    district, city = a_pool("06531"), a_pool(GIESSEN_CITY)
    assert pools_for(GIESSEN_CITY, DAY) == [city]
    assert pools_for(WETTENBERG_KEY, DAY) == [district]


def test_several_pools_may_serve_the_same_area() -> None:
    first, second = a_pool("06531", name="Caritas"), a_pool("06531", name="Diakonie")
    assert pools_for(WETTENBERG_KEY, DAY) == [first, second]


def test_where_no_pool_takes_part_there_is_none() -> None:
    a_pool("06531")
    assert pools_for("06412000", DAY) == []


def test_a_pool_that_has_stopped_answers_for_nothing() -> None:
    a_pool("06531", is_active=False)
    assert pools_for(WETTENBERG_KEY, DAY) == []


def test_hanau_changes_hands_on_the_first_of_january_2026() -> None:
    main_kinzig = a_pool("06435")
    hanau = a_pool("06415")
    PoolArea.objects.filter(pool=hanau).update(valid=(dt.date(2026, 1, 1), None))
    last_day, first_day = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
    assert pools_for_place(resolve("63450", None, last_day), last_day) == [main_kinzig]
    assert pools_for_place(resolve("63450", None, first_day), first_day) == [hanau]


def test_outside_hesse_the_district_decides() -> None:
    pool = a_pool("11000")
    assert pools_for_place(resolve(BERLIN_MITTE, None, DAY), DAY) == [pool]


def test_the_own_area_is_served() -> None:
    assert area_verdict(a_pool("06531"), resolve(WETTENBERG, None, DAY), DAY) == Verdict.ALLOWED


def test_the_area_of_somebody_else_is_for_the_coordinator() -> None:
    pool, _ = a_pool("06531"), a_pool(GIESSEN_CITY)
    assert area_verdict(pool, resolve(GIESSEN, None, DAY), DAY) == Verdict.COORDINATOR


def test_a_pool_may_serve_its_own_area_only() -> None:
    pool = a_pool(GIESSEN_CITY, preset="giessen_stadt")
    assert area_verdict(pool, resolve(WETTENBERG, None, DAY), DAY) == Verdict.REFUSED


def test_a_pool_may_name_further_areas() -> None:
    district = a_pool("06534", preset="marburg_biedenkopf")
    a_pool("06534014", preset="marburg_biedenkopf")
    assert area_verdict(district, resolve(MARBURG, None, DAY), DAY) == Verdict.ALLOWED


@pytest.mark.parametrize("key", ["0653", "065310", "0653100a", "065310055"])
def test_a_key_has_five_or_eight_digits(key: str) -> None:
    pool = a_pool()
    with pytest.raises(DatabaseError), transaction.atomic():
        PoolArea.objects.create(pool=pool, key=key, valid=(DAY, None))


def test_an_area_is_listed_once_at_a_time() -> None:
    pool = a_pool("06531")
    with pytest.raises(IntegrityError, match="pool_area_listed_once"), transaction.atomic():
        PoolArea.objects.create(pool=pool, key="06531", valid=(DAY, None))
