"""No endpoint opens by itself, and every endpoint starts from what the caller may see."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from api.base import ScopedViewSet
from pools.models import User
from tests.builders import a_coordinator, a_pool, a_volunteer
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


class Forgotten(APIView):
    """An endpoint that declares nothing."""

    def get(self, request: Any) -> Any:
        """Be never reached."""
        raise AssertionError


class Serializer(ModelSerializer):  # type: ignore[type-arg]
    """Only the public id."""

    class Meta:
        model = Volunteer
        fields = ("public_id",)


class Volunteers(ScopedViewSet):
    """An endpoint on the base."""

    model = Volunteer
    serializer_class = Serializer
    permission_classes = (AllowAny,)


def _listed(person: User | None) -> list[str]:
    request = APIRequestFactory().get("/")
    if person is not None:
        force_authenticate(request, person)
    response = Volunteers.as_view({"get": "list"})(request)
    return [row["public_id"] for row in response.data]


def test_an_endpoint_that_declares_nothing_is_closed_even_to_the_operator() -> None:
    request = APIRequestFactory().get("/")
    force_authenticate(request, a_coordinator(a_pool(), is_superuser=True))
    assert Forgotten.as_view()(request).status_code == 403


def test_an_endpoint_shows_only_what_the_caller_may_see() -> None:
    here, there = a_pool("06531"), a_pool("06534")
    ours, theirs = a_volunteer(here), a_volunteer(there)
    assert _listed(a_coordinator(here)) == [str(ours.public_id)]
    assert _listed(theirs.person) == [str(theirs.public_id)]
    assert _listed(None) == []
