"""A school with somebody who works there, signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from pools.models import Organisation, User
from tests import builders
from tests.clock import MovableClock


@pytest.fixture
def school(db: None, clock: MovableClock) -> Organisation:
    """Return an approved school in Gießen."""
    return builders.an_organisation(builders.a_pool(), name="Muster-Schule")


@pytest.fixture
def caseworker(school: Organisation, client: Client) -> User:
    """Return somebody who may post for the school, signed in."""
    person = builders.a_caseworker(school, given_name="Klara", family_name="Winter")
    client.force_login(person)
    return person
