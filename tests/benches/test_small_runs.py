"""The benches in small: they run, and what they compare is the same; how fast is never a test."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.benches import retrieval

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("layout", ["spread", "single"])
def test_the_search_finds_the_same_people_as_a_tree_in_memory(layout: str) -> None:
    try:
        figures = retrieval.one_run(3000, requests=5, layout=layout, seed=1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_place, bench_pool, bench_person")
    classes = figures["classes"]
    assert {name: one["agree"] for name, one in classes.items()} == dict.fromkeys(classes, 1)
    assert layout == "spread" or classes["remote"]["found"] > 0
