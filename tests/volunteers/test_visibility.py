"""Languages and records of people: seen by themselves and by their own coordinator, nobody else."""

from __future__ import annotations

import datetime as dt

import pytest

from pools.models import Pool
from pools.scoping import NOBODY, scope_of
from tests.builders import a_caseworker, a_coordinator, a_pool, a_volunteer, an_organisation
from volunteers.availability import add_absence
from volunteers.consent import note_consent
from volunteers.models import (
    Absence,
    Consent,
    Profile,
    Qualification,
    SpokenLanguage,
    Volunteer,
)

pytestmark = pytest.mark.django_db

TENANT_MODELS = (Absence, Consent, Profile, Qualification, SpokenLanguage, Volunteer)
DAY = dt.date(2026, 11, 24)


def somebody(pool: Pool) -> Volunteer:
    """Return a volunteer of whom there is something of everything."""
    volunteer = a_volunteer(pool, records=["age_18"])
    add_absence(volunteer.person.profile, DAY, DAY)
    note_consent(volunteer.person, pool=pool, noted_by=None)
    return volunteer


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_nobody_sees_nothing(model: type[Volunteer]) -> None:
    somebody(a_pool())
    assert model.objects.exists()
    assert not model.objects.visible_to(NOBODY).exists()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_the_own_coordinator_sees_it(model: type[Volunteer]) -> None:
    pool = a_pool()
    somebody(pool)
    assert model.objects.visible_to(scope_of(a_coordinator(pool))).count() == 1


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_the_coordinator_of_another_pool_does_not(model: type[Volunteer]) -> None:
    somebody(a_pool("06531"))
    assert not model.objects.visible_to(scope_of(a_coordinator(a_pool("06534")))).exists()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_an_institution_of_the_pool_does_not(model: type[Volunteer]) -> None:
    pool = a_pool()
    somebody(pool)
    caseworker = a_caseworker(an_organisation(pool))
    assert not model.objects.visible_to(scope_of(caseworker)).exists()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_each_sees_herself_only(model: type[Volunteer]) -> None:
    pool = a_pool()
    amal, _ = somebody(pool), somebody(pool)
    assert model.objects.visible_to(scope_of(amal.person)).count() == 1


def test_who_is_in_two_pools_is_seen_by_each_with_its_own_records_only() -> None:
    here, there = a_pool("06531"), a_pool("06534")
    first = somebody(here)
    a_volunteer(there, person=first.person, records=["german_b1"])
    scope = scope_of(a_coordinator(there))
    assert [row.type_id for row in Qualification.objects.visible_to(scope)] == ["german_b1"]
    assert [row.pool for row in Volunteer.objects.visible_to(scope)] == [there]
    assert Profile.objects.visible_to(scope).count() == 1
