"""How PostgreSQL finds candidates among many: by the index made for it, in every branch.

The plan is what keeps a search at milliseconds with a million volunteers; a cast too few turns an
index condition into a filter without changing a single result (design, retrieval.md, pitfall 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from background.clock import now
from matching import candidates
from matching.need import Need
from matching.reading import need_of
from pools.models import Pool
from reference.models import Language
from tests import builders
from tests.emptying import empty_tables
from tests.plans import explained

pytestmark = pytest.mark.django_db
ROWS = 24_000
MANY_CANDIDATES = """
INSERT INTO matching_candidate (volunteer_id, language_id, pool_id, person_id, level, pt, radius_m,
       kinds, modality, gender, week)
SELECT 1000000 + i, (%(languages)s::bigint[])[1 + (10 * power(random(), 2))::int],
       (%(pools)s::bigint[])[1 + i %% 3], 1000000 + i, 1 + i %% 6,
       ST_SetSRID(ST_MakePoint(4230000 + 80000 * random(), 3040000 + 80000 * random()), 3035),
       5000 + 1000 * (i %% 40), 3, 1 + i %% 7, '', ~(0::bit(168))
  FROM generate_series(1, %(rows)s) i
"""
MANY_MUNICIPALITIES = """
INSERT INTO matching_candidatemunicipality (volunteer_id, language_id, municipality_id, pool_id)
SELECT c.volunteer_id, c.language_id, m.ags, c.pool_id
  FROM matching_candidate c
  JOIN (SELECT ags, row_number() OVER (ORDER BY ags) AS nth FROM reference_municipality) m
    ON m.nth IN (1 + c.volunteer_id %% 400, 1 + (7 * c.volunteer_id) %% 400)
"""
# The tables the probes look into: how full they are decides how they are read.
THEIR_DETAILS = """
INSERT INTO volunteers_profile (person_id, point, means, radius_km, on_site, phone, video, gender,
       week, messages_per_week, urgent_beyond_budget, is_paused, updated_at, postcode_id)
SELECT person_id, ST_Transform(pt, 4326)::geography, 'car', 20, true, true, true, '', week, 3,
       false, false, now(), (SELECT min(code) FROM reference_postcode)
  FROM matching_candidate;
INSERT INTO volunteers_absence (profile_id, days)
SELECT person_id, daterange(current_date + 100, current_date + 107) FROM matching_candidate;
INSERT INTO volunteers_profile_opted_out_settings (profile_id, setting_id)
SELECT person_id, (SELECT min(code) FROM reference_setting) FROM matching_candidate;
INSERT INTO volunteers_qualification (public_id, issuer, valid, inspected_on, recorded_at,
       inspected_by_id, pool_id, type_id, volunteer_id)
SELECT gen_random_uuid(), '', daterange(current_date, NULL), current_date, now(), 0, pool_id,
       (SELECT min(code) FROM reference_qualificationtype), volunteer_id
  FROM matching_candidate
"""
FILLED = (
    "matching_candidate, matching_candidatemunicipality, volunteers_profile, volunteers_absence,"
    " volunteers_profile_opted_out_settings, volunteers_qualification"
)


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Pool]]:
    """Return three pools with thousands of candidates each, committed, for all tests in here."""
    with django_db_blocker.unblock():
        pools = [builders.a_pool(), builders.a_pool("06534014"), builders.a_pool("06531005")]
        _fill(pools)
    yield pools
    with django_db_blocker.unblock():
        empty_tables()
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {FILLED}")


def _fill(pools: list[Pool]) -> None:
    """Make candidate rows of people who do not exist."""
    languages = list(Language.objects.order_by("pk").values_list("pk", flat=True)[:11])
    parameters: Any = {"languages": languages, "pools": [pool.pk for pool in pools], "rows": ROWS}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nobody misses the people
        cursor.execute(MANY_CANDIDATES, parameters)
        cursor.execute(MANY_MUNICIPALITIES, parameters)
        cursor.execute(THEIR_DETAILS)
        cursor.execute(f"ANALYZE {FILLED}")


def nodes_of(need: Need) -> list[dict[str, Any]]:
    """Return all nodes of the plan for this search, those of the probes too."""
    return list(_walk(explained(*candidates.statement(need, now()))["Plan"]))


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _walk(child)


def a_need(pools: list[Pool], *, languages: int, modes: list[str], among: int = 1) -> Need:
    first, second = Language.objects.order_by("pk")[:2]
    service_request = builders.a_request(pools[0], language=first.code, modes=modes)
    if languages == 2:
        service_request.bridge_languages.add(second)
    return replace(need_of(service_request, now()), pools=tuple(p.pk for p in pools[:among]))


@pytest.mark.parametrize("languages", [1, 2])
@pytest.mark.parametrize("among", [1, 3])
@pytest.mark.parametrize("modes", [["on_site"], ["phone"], ["on_site", "video"]])
def test_every_branch_goes_by_pool_and_language_in_the_index(
    crowd: list[Pool], languages: int, modes: list[str], among: int
) -> None:
    nodes = nodes_of(a_need(crowd, languages=languages, modes=modes, among=among))
    assert not [
        node["Relation Name"]
        for node in nodes
        if "Seq Scan" in node["Node Type"]
        and node["Relation Name"].startswith(("matching_candidate", "volunteers_"))
    ]
    reach = [node for node in nodes if node.get("Index Name") == "candidate_reach"]
    assert len(reach) == len(modes)
    for node in reach:
        assert "(pool_id = " in node["Index Cond"]
        assert "(language_id = " in node["Index Cond"]
    # On site the third key, the box somebody is ready to travel, bounds the search.
    boxes = [node for node in reach if "st_expand(pt, " in node["Index Cond"]]
    assert len(boxes) == modes.count("on_site")


@pytest.mark.parametrize("languages", [1, 2])
def test_extra_municipalities_are_found_by_their_own_index(
    crowd: list[Pool], languages: int
) -> None:
    nodes = nodes_of(a_need(crowd, languages=languages, modes=["on_site"]))
    extra = [n for n in nodes if n.get("Index Name") == "candidate_municipality_once"]
    assert len(extra) == 1
    for node in extra:
        for column in ("pool_id", "language_id", "municipality_id"):
            assert f"({column} = " in node["Index Cond"] or f"(({column})" in node["Index Cond"]


def test_control_without_the_cast_the_pool_is_only_a_filter(
    crowd: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = candidates.statement

    def without_casts(*need: Any, **more: Any) -> tuple[str, dict[str, Any]]:
        sql, parameters = real(*need, **more)
        return sql.replace("::bigint[], %(remote_lang", "::int[], %(remote_lang"), parameters

    monkeypatch.setattr(candidates, "statement", without_casts)
    nodes = nodes_of(a_need(crowd, languages=1, modes=["phone"]))
    assert not [
        node
        for node in nodes
        if node.get("Index Name") == "candidate_reach"
        and "(pool_id = " in node.get("Index Cond", "")
        and "(language_id = " in node.get("Index Cond", "")
    ]


def test_the_statement_is_not_compiled_at_each_call(db: None) -> None:
    # The connection at hand is older than the migration that says so.
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone()[0] == "off"
    finally:
        fresh.close()
