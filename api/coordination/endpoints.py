"""What a coordinator looks after: requests with their risk, volunteers, institutions of her pools.

`visible_to` also shows what a person sees in her other roles; here only her pools count.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedList
from api.fields import CodeField, Named, Reading, ScopedField
from api.organisations.endpoints import OrganisationFilter, OrganisationShape
from api.permissions import Area, Role
from api.requests.endpoints import SHOWN, filtered
from api.requests.reading import RequestFilter
from api.requests.shapes import RequestLine
from background.clock import now
from matching.explain import risk_of
from pools.models import Organisation, Pool
from reference.models import Language
from service_requests.models import ServiceRequest, Status
from volunteers.models import Profile, Volunteer


class RiskShape(serializers.Serializer[Any]):
    """How a search stands."""

    level = serializers.ChoiceField(choices=["red", "yellow", "green"])
    reason = serializers.CharField()


class LookedAfter(RequestLine):
    """A request and how its search stands."""

    pool = Named()
    risk = serializers.SerializerMethodField()

    @extend_schema_field(RiskShape(allow_null=True))
    def get_risk(self, service_request: ServiceRequest) -> Any:
        """Return the risk of a search; null for a request that is not searched for."""
        instant = now()
        if service_request.status != Status.SEARCHING or service_request.period.lower <= instant:
            return None
        risk = risk_of(service_request, instant)
        return {"level": risk.level.name.lower(), "reason": risk.reason}


class SpokenLine(serializers.Serializer[Any]):
    """A language and how well."""

    language = serializers.CharField(source="language.code")
    level = serializers.IntegerField()


class VolunteerShape(serializers.Serializer[Any]):
    """A volunteer of the pool; a list is no place for telephone numbers and e-mail addresses."""

    id = serializers.UUIDField(source="public_id")
    pool = Named()
    given_name = serializers.CharField(source="person.given_name")
    family_name = serializers.CharField(source="person.family_name")
    status = serializers.ChoiceField(choices=Volunteer.Status.choices)
    interprets = serializers.SerializerMethodField()
    guides = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    postcode = serializers.CharField(source="person.profile.postcode_id")
    radius_km = serializers.IntegerField(source="person.profile.radius_km")
    is_paused = serializers.SerializerMethodField()
    registered_at = serializers.DateTimeField()

    def get_interprets(self, volunteer: Volunteer) -> bool:
        """Whether she may be asked to interpret."""
        return volunteer.interpreting_unlocked_at is not None

    def get_guides(self, volunteer: Volunteer) -> bool:
        """Whether she may be asked to accompany somebody."""
        return volunteer.guiding_unlocked_at is not None

    @extend_schema_field(SpokenLine(many=True))
    def get_languages(self, volunteer: Volunteer) -> Any:
        """Return the languages, the best first."""
        return SpokenLine(volunteer.person.profile.languages.all(), many=True).data

    def get_is_paused(self, volunteer: Volunteer) -> bool:
        """Whether she is not asked today."""
        profile: Profile = volunteer.person.profile
        until, today = profile.paused_until, now().astimezone(volunteer.pool.zone).date()
        return profile.is_paused or bool(until and until > today)


class VolunteerFilter(Reading):
    """What the list may be filtered by."""

    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Volunteer.Status.choices), required=False
    )
    language = CodeField(Language.objects.shown, by="code", required=False)
    pool = ScopedField(
        lambda endpoint: endpoint.visible(Pool).filter(pk__in=endpoint.scope.pools), required=False
    )


class CountedOrganisation(OrganisationShape):
    """An institution and what became of its requests."""

    requests = serializers.IntegerField(source="n_requests")
    unfilled = serializers.IntegerField(source="n_unfilled")


class _LookedAfter(ScopedList):
    """What the endpoints of this part have in common."""

    area = Area.COORDINATION
    role = Role.COORDINATOR

    def mine(self, model: Any) -> Any:
        """Return the rows of the pools the caller coordinates."""
        return self.visible(model).filter(pool__in=self.scope.pools).select_related("pool")


class CoordinationRequests(_LookedAfter):
    """Requests."""

    sorted_by = "created_at"

    @extend_schema(
        operation_id="coordination_requests",
        parameters=[RequestFilter],
        responses=LookedAfter(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the requests of the pools with state and risk, the latest posted first."""
        rows = self.mine(ServiceRequest).select_related(*SHOWN)
        return self.page(filtered(rows, self.filters(RequestFilter)), LookedAfter)


class CoordinationVolunteers(_LookedAfter):
    """Volunteers."""

    sorted_by = "registered_at"

    @extend_schema(
        operation_id="coordination_volunteers",
        parameters=[VolunteerFilter],
        responses=VolunteerShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the volunteers of the pools, the latest registered first."""
        chosen = self.filters(VolunteerFilter)
        columns = {"status": "status__in", "language": "person__profile__languages__language"}
        rows = (
            self.mine(Volunteer)
            .filter(**{columns.get(name, name): value for name, value in chosen.items()})
            .select_related("person__profile")
            .prefetch_related("person__profile__languages__language")
        )
        return self.page(rows, VolunteerShape)


class CoordinationOrganisations(_LookedAfter):
    """Institutions."""

    sorted_by = "registered_at"

    @extend_schema(
        operation_id="coordination_organisations",
        parameters=[OrganisationFilter],
        responses=CountedOrganisation(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the institutions of the pools; how many requests they had, how many failed."""
        chosen = self.filters(OrganisationFilter)
        rows = self.mine(Organisation).select_related("municipality")
        if "status" in chosen:
            rows = rows.filter(status__in=chosen["status"])
        counted = rows.annotate(
            n_requests=Count("requests"),
            n_unfilled=Count("requests", filter=Q(requests__status=Status.NOT_FILLED)),
        )
        return self.page(counted, CountedOrganisation)
