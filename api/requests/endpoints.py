"""Requests of the institutions a person posts for: list, post, follow, end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint, ScopedList
from api.etags import etag_of, require_match
from api.once import Outcome
from api.permissions import Area, Role
from api.requests.reading import EndReading, MoveReading, RequestFilter, RequestReading, change_of
from api.requests.shapes import RequestLine, RequestShape
from matching import changes, moving
from service_requests.models import ServiceRequest
from service_requests.posting import post_request
from service_requests.querysets import ServiceRequestQuerySet

SHOWN = ("organisation", "language", "municipality")


class _OfRequests(ScopedEndpoint):
    """What the endpoints about requests have in common."""

    area = Area.REQUESTS
    role = Role.STAFF

    def requests(self) -> ServiceRequestQuerySet:
        """Return the requests the caller may see."""
        rows: ServiceRequestQuerySet = self.visible(ServiceRequest).select_related(*SHOWN)
        return rows

    def represent(self, target: UUID) -> Any:
        """Return one request as its institution sees it."""
        return RequestShape(self.one(self.requests(), target)).data


class Requests(_OfRequests, ScopedList):
    """All requests, and new ones."""

    sorted_by = "created_at"
    shown_at = {"period": "starts_at"}

    @extend_schema(
        operation_id="requests_list",
        parameters=[RequestFilter],
        responses=RequestLine(many=True),
    )
    def get(self, request: Request) -> Response:
        """List requests, the latest posted first."""
        return self.page(filtered(self.requests(), self.filters(RequestFilter)), RequestLine)

    @extend_schema(
        operation_id="requests_post", request=RequestReading, responses={201: RequestShape}
    )
    def post(self, request: Request) -> Response:
        """Post a request: the search begins at once, or after a coordinator has looked."""
        return self.once(self._post)

    def _post(self) -> Outcome:
        wish = self.read(RequestReading)
        posted = post_request(
            **wish,
            posted_by=self.person,
            by_coordinator=wish["organisation"].pool_id in self.scope.pools,
        )
        return Outcome(201, posted.public_id)


def filtered(rows: ServiceRequestQuerySet, chosen: dict[str, Any]) -> ServiceRequestQuerySet:
    """Keep the requests that were asked for."""
    columns = {
        "status": "status__in",
        "starts_from": "period__startswith__gte",
        "starts_before": "period__startswith__lt",
    }
    return rows.filter(**{columns.get(name, name): value for name, value in chosen.items()})


class OneRequest(_OfRequests):
    """One request."""

    shown_at = {"period": "starts_at"}

    @extend_schema(operation_id="requests_read", responses=RequestShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read a request: how the search stands; after the yes, who comes."""
        return self._tagged(self.one(self.requests(), public_id))

    @extend_schema(operation_id="requests_move", request=MoveReading, responses=RequestShape)
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Move it to another time or place; who said yes is asked whether it still suits."""
        with transaction.atomic():
            held = self.requests().select_for_update(of=("self",), no_key=True)
            service_request = self.one(held.select_related("pool", *SHOWN), public_id)
            require_match(request, _version(service_request))
            moving.move(
                service_request,
                change_of(service_request, self.read(MoveReading)),
                by=self.person,
                by_coordinator=service_request.pool_id in self.scope.pools,
            )
        return self._tagged(self.one(self.requests(), public_id))

    def _tagged(self, service_request: ServiceRequest) -> Response:
        etag = etag_of(_version(service_request))
        return Response(RequestShape(service_request).data, headers={"ETag": etag})


def _version(service_request: ServiceRequest) -> list[str]:
    """Return what a change could overwrite; that the search goes on makes no new version."""
    period, columns = service_request.period, ("status", "postcode_id", "municipality_id")
    texts = ("address", "contact_name", "contact_phone")
    instants = [period.lower.isoformat(), period.upper.isoformat()]
    return [*instants, *(str(getattr(service_request, name)) for name in (*columns, *texts))]


class _Ending(_OfRequests):
    """The two ways an institution ends a request."""

    verb: Any

    def end(self, public_id: UUID) -> Response:
        """Do it, unless it is too late for this way."""

        def do() -> Outcome:
            service_request = self.one(self.requests().select_related("pool"), public_id)
            reason = self.read(EndReading, self.request.data or {}).get("reason")
            if type(self).verb(service_request, by=self.person, reason=reason):
                return Outcome(200, public_id)
            return Outcome(409, problem="conflict")

        return self.once(do)


class WithdrawRequest(_Ending):
    """The end of a search."""

    verb = staticmethod(changes.withdraw)

    @extend_schema(operation_id="requests_withdraw", request=EndReading, responses=RequestShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """End a search before anybody said yes; 409 afterwards."""
        return self.end(public_id)


class CancelRequest(_Ending):
    """The end of an appointment."""

    verb = staticmethod(changes.cancel_by_office)

    @extend_schema(operation_id="requests_cancel", request=EndReading, responses=RequestShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Cancel a filled appointment, who said yes is told at once; 409 once it has begun."""
        return self.end(public_id)
