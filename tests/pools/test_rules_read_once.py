"""A step that asks for many rules reads them once, and gets the same answers."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pools import rules
from pools.models import Rule
from tests import builders

pytestmark = pytest.mark.django_db

NAMES = (
    "wave.max_size",
    "level.language_min",
    "allowance.interpreter",
    "no.such.rule",
    "undo.minutes",
)
DAYS = (date(2026, 3, 1), date(2026, 6, 1))


def test_read_once_or_each_time_the_rules_are_the_same() -> None:
    pool, other = builders.a_pool(preset="giessen_stadt"), builders.a_pool("06534014")
    Rule.objects.create(
        pool=pool, name="wave.max_size", value="3", valid=(date(2026, 1, 1), date(2026, 4, 1))
    )
    Rule.objects.create(pool=pool, name="wave.max_size", value="4", valid=(date(2026, 4, 1), None))
    wanted = [(each, name, day) for each in (pool, other) for name in NAMES for day in DAYS]
    one_by_one = [rules.rule(*each) for each in wanted]
    assert one_by_one[0:2] == ["3", "4"]
    with CaptureQueriesContext(connection) as queries, rules.read_once():
        at_once = [rules.rule(*each) for each in wanted]
    assert at_once == one_by_one
    assert len(queries) == 3, "the presets, and the own rules of either pool"


def test_after_the_block_a_change_is_seen() -> None:
    pool = builders.a_pool()
    with rules.read_once():
        rules.rule(pool, "wave.max_size", DAYS[0])
    Rule.objects.create(pool=pool, name="wave.max_size", value="5", valid=(date(2026, 1, 1), None))
    assert rules.rule(pool, "wave.max_size", DAYS[0]) == "5"
