"""The person the caller acts for: who she is and what she may do."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint
from api.me.shapes import MeShape
from api.permissions import Area, Role
from pools.models import Organisation, Pool
from volunteers.models import Volunteer


class Me(ScopedEndpoint):
    """Who I am."""

    area = Area.OPEN
    role = Role.ANYONE

    @extend_schema(operation_id="me", responses=MeShape)
    def get(self, request: Request) -> Response:
        """Name, pools coordinated, organisations, volunteering, and what this access may do."""
        scope = self.scope
        person = {
            "public_id": self.person.public_id,
            "given_name": self.person.given_name,
            "family_name": self.person.family_name,
            "coordinates": self.visible(Pool).filter(pk__in=scope.pools),
            "organisations": self.visible(Organisation).filter(pk__in=scope.organisations),
            "volunteers_for": self.visible(Volunteer)
            .filter(person=self.person)
            .select_related("pool"),
            "permissions": self.token.permissions if self.token else None,
        }
        return Response(MeShape(person).data)
