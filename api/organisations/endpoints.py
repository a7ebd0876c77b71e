"""The institutions a person belongs to, and for a coordinator those of her pools."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint, ScopedList
from api.fields import MunicipalityShape, Named, Reading
from api.permissions import Area, Role
from pools.models import Organisation
from pools.querysets import OrganisationQuerySet


class OrganisationShape(serializers.Serializer[Any]):
    """A requesting institution."""

    id = serializers.UUIDField(source="public_id")
    pool = Named()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=Organisation.Status.choices)
    setting = serializers.CharField(source="setting_id")
    postcode = serializers.CharField(source="postcode_id")
    municipality = MunicipalityShape(allow_null=True)
    address = serializers.CharField()
    phone = serializers.CharField()
    is_hidden_place = serializers.BooleanField()
    registered_at = serializers.DateTimeField()


class OrganisationFilter(Reading):
    """What the list may be filtered by."""

    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Organisation.Status.choices), required=False
    )


class _OfOrganisations(ScopedEndpoint):
    """What the endpoints about institutions have in common."""

    area = Area.ORGANISATIONS
    role = Role.STAFF

    def organisations(self) -> OrganisationQuerySet:
        """Return the institutions the caller may see."""
        rows: OrganisationQuerySet = self.visible(Organisation)
        return rows.select_related("pool", "municipality")


class Organisations(_OfOrganisations, ScopedList):
    """All of them."""

    sorted_by = "registered_at"

    @extend_schema(
        operation_id="organisations_list",
        parameters=[OrganisationFilter],
        responses=OrganisationShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List institutions, the latest registered first."""
        rows = self.organisations()
        if "status" in (chosen := self.filters(OrganisationFilter)):
            rows = rows.filter(status__in=chosen["status"])
        return self.page(rows, OrganisationShape)


class OneOrganisation(_OfOrganisations):
    """One of them."""

    @extend_schema(operation_id="organisations_read", responses=OrganisationShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read an institution."""
        return Response(OrganisationShape(self.one(self.organisations(), public_id)).data)
