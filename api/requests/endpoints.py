"""Requests of the institutions a person posts for: list, post, follow, end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint, ScopedList
from api.once import Outcome
from api.permissions import Area, Role
from api.requests.reading import EndReading, RequestFilter, RequestReading
from api.requests.shapes import RequestLine, RequestShape
from matching import changes
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
    shown_at = {"period": "starts_at", "professional_present": "professional_present"}

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

    @extend_schema(operation_id="requests_read", responses=RequestShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read a request: how the search stands; after the yes, who comes."""
        return Response(self.represent(public_id))


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
