"""A pool with a coordinator who is signed in."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from pools.models import Pool, User
from tests.builders import a_coordinator, a_pool


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Settings) -> None:
    """The second factor has tests of its own."""
    settings.MFA_REQUIRED_ROLES = frozenset()


@pytest.fixture
def pool(db: None) -> Pool:
    """The pool of the district of Gießen."""
    return a_pool("06531")


@pytest.fixture
def coordinator(pool: Pool) -> User:
    """Its coordinator."""
    return a_coordinator(pool, given_name="Jonas", family_name="Seibert")


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    """The browser at the coordinator's desk."""
    client.force_login(coordinator)
    return client
