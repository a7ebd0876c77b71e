"""A request is seen by its institution and its coordinator, nobody else."""

from __future__ import annotations

import pytest

from pools.models import Organisation
from pools.scoping import NOBODY, scope_of
from service_requests.models import AlternativeSlot, Event, ServiceRequest
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_pool,
    a_volunteer,
    an_organisation,
)
from tests.service_requests.wishing import a_school, at, post

pytestmark = pytest.mark.django_db

TENANT_MODELS = (ServiceRequest, Event, AlternativeSlot)


@pytest.fixture
def school() -> Organisation:
    """A school that has posted a request with another time."""
    school = a_school()
    post(school, alternatives=[at("2026-12-02 10:00")])
    return school


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_nobody_sees_nothing(model: type[ServiceRequest], school: Organisation) -> None:
    assert model.objects.exists()
    assert not model.objects.visible_to(NOBODY).exists()


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_colleagues_and_the_own_coordinator_see_it(
    model: type[ServiceRequest], school: Organisation
) -> None:
    for person in (a_caseworker(school), a_coordinator(school.pool)):
        assert model.objects.visible_to(scope_of(person)).count() == 1


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_everybody_else_does_not(model: type[ServiceRequest], school: Organisation) -> None:
    strangers = [
        a_caseworker(an_organisation(school.pool)),
        a_coordinator(a_pool("06534")),
        a_volunteer(school.pool).person,
    ]
    for person in strangers:
        assert not model.objects.visible_to(scope_of(person)).exists()


def test_the_board_tells_waiting_from_searching(school: Organisation) -> None:
    post(school, setting="doctor")
    assert ServiceRequest.objects.submitted().count() == 1
    assert ServiceRequest.objects.searching().count() == 1
