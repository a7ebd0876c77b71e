"""Who works for whom, and when it ends."""

from __future__ import annotations

import pytest

from pools.memberships import add_coordinator, end_membership, join_organisation
from pools.models import Membership
from pools.scoping import NOBODY, scope_of
from tests.builders import a_person, a_pool, an_organisation
from tests.clock import MovableClock

pytestmark = pytest.mark.django_db


def test_a_coordinator_coordinates_the_pool() -> None:
    pool, person = a_pool(), a_person()
    add_coordinator(pool, person=person)
    assert scope_of(person).pools == {pool.pk}


def test_becoming_a_coordinator_twice_is_being_one() -> None:
    pool, person = a_pool(), a_person()
    assert add_coordinator(pool, person=person) == add_coordinator(pool, person=person)


def test_a_caseworker_belongs_to_the_pool_of_her_organisation() -> None:
    organisation, person = an_organisation(a_pool()), a_person()
    membership = join_organisation(organisation, person=person)
    assert membership.pool == organisation.pool
    assert scope_of(person).organisations == {organisation.pk}


def test_an_ended_membership_opens_nothing() -> None:
    person = a_person()
    membership = add_coordinator(a_pool(), person=person)
    end_membership(membership)
    assert scope_of(person).roles == NOBODY.roles


def test_ending_twice_keeps_the_first_end(clock: MovableClock) -> None:
    membership = add_coordinator(a_pool(), person=a_person())
    end_membership(membership)
    first = membership.ended_at
    clock.forward(hours=1)
    end_membership(membership)
    membership.refresh_from_db()
    assert membership.ended_at == first


def test_who_left_may_come_back() -> None:
    pool, person = a_pool(), a_person()
    end_membership(add_coordinator(pool, person=person))
    add_coordinator(pool, person=person)
    assert Membership.objects.current().filter(person=person).count() == 1
    assert Membership.objects.filter(person=person).count() == 2
