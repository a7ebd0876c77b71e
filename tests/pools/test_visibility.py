"""Who sees what: nobody sees anything, the own pool is open, another one is closed."""

from __future__ import annotations

import datetime as dt

import pytest

from pools.models import Membership, Organisation, Pool, PoolArea, Rule
from pools.scoping import NOBODY, scope_of
from tests.builders import a_caseworker, a_coordinator, a_person, a_pool, an_organisation

pytestmark = pytest.mark.django_db

TENANT_MODELS = (Pool, PoolArea, Rule, Organisation, Membership)


@pytest.fixture
def two_pools() -> tuple[Pool, Pool]:
    """Two pools with an organisation, a caseworker and a rule each."""
    pools = a_pool("06531"), a_pool("06534")
    for pool in pools:
        a_caseworker(an_organisation(pool))
        valid = (dt.date(2026, 1, 1), None)
        Rule.objects.create(pool=pool, name="undo.minutes", value="5", valid=valid)
    return pools


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_nobody_sees_nothing(model: type[Organisation], two_pools: tuple[Pool, Pool]) -> None:
    assert model.objects.exists()
    assert not model.objects.visible_to(NOBODY).exists()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_somebody_without_a_role_sees_nothing(
    model: type[Organisation], two_pools: tuple[Pool, Pool]
) -> None:
    assert not model.objects.visible_to(scope_of(a_person())).exists()


@pytest.mark.parametrize("model", [PoolArea, Rule, Organisation])
def test_a_coordinator_sees_the_own_pool_and_not_the_other(
    model: type[Organisation], two_pools: tuple[Pool, Pool]
) -> None:
    own, _ = two_pools
    seen = model.objects.visible_to(scope_of(a_coordinator(own)))
    assert {row.pool_id for row in seen} == {own.pk}


def test_a_coordinator_sees_who_works_with_the_pool(two_pools: tuple[Pool, Pool]) -> None:
    own, other = two_pools
    seen = Membership.objects.visible_to(scope_of(a_coordinator(own)))
    assert seen.count() == 2
    assert not seen.filter(pool=other).exists()


def test_a_caseworker_sees_her_organisation_and_colleagues_only() -> None:
    pool = a_pool()
    own, other = an_organisation(pool), an_organisation(pool)
    anna, bert, stranger = a_caseworker(own), a_caseworker(own), a_caseworker(other)
    scope = scope_of(anna)
    assert list(Organisation.objects.visible_to(scope)) == [own]
    seen = {row.person for row in Membership.objects.visible_to(scope)}
    assert seen == {anna, bert}
    assert stranger not in seen
    assert list(Pool.objects.visible_to(scope)) == [pool]
    assert not Rule.objects.visible_to(scope).exists()


def test_an_operator_sees_no_content() -> None:
    an_organisation(a_pool())
    operator = a_person(is_staff=True, is_superuser=True)
    assert not Organisation.objects.visible_to(scope_of(operator)).exists()


def test_a_person_who_was_locked_out_sees_nothing() -> None:
    coordinator = a_coordinator(a_pool())
    coordinator.is_active = False
    assert scope_of(coordinator) == NOBODY
