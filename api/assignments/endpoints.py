"""A volunteer's own appointments: see, give back, take back an accidental yes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.assignments.shapes import AssignmentFilter, AssignmentLine, AssignmentShape
from api.base import ScopedEndpoint, ScopedList
from api.fields import CodeField, Reading
from api.once import Outcome
from api.permissions import Area, Role
from matching import assignments, undoing
from matching.models import Assignment
from matching.querysets import AssignmentQuerySet
from reference.models import Reason

SHOWN = (
    "person",
    "language",
    "pool",
    "proposal",
    "service_request__pool",
    "service_request__setting",
    "service_request__topic",
    "service_request__postcode",
    "service_request__municipality",
    "service_request__organisation",
)


class GiveBackReading(Reading):
    """Why not after all, if she says so."""

    reason = CodeField(
        lambda: Reason.objects.filter(kind="cancel_by_volunteer"), required=False, allow_null=True
    )


class _OfAssignments(ScopedEndpoint):
    """What the endpoints about appointments have in common."""

    area = Area.ASSIGNMENTS
    role = Role.ANYONE

    def assignments(self) -> AssignmentQuerySet:
        """Return the caller's own; institutions see theirs in the request."""
        own: AssignmentQuerySet = self.visible(Assignment).filter(person=self.person)
        return own.select_related(*SHOWN)

    def represent(self, target: UUID) -> Any:
        """Return one appointment."""
        return AssignmentShape(self.one(self.assignments(), target)).data


class Assignments(_OfAssignments, ScopedList):
    """All appointments one holds or held."""

    sorted_by = "accepted_at"

    @extend_schema(
        operation_id="assignments_list",
        parameters=[AssignmentFilter],
        responses=AssignmentLine(many=True),
    )
    def get(self, request: Request) -> Response:
        """List one's own appointments, the latest accepted first."""
        chosen = self.filters(AssignmentFilter)
        rows = self.assignments()
        if "is_active" in chosen:
            rows = rows.filter(cancelled_at__isnull=chosen["is_active"])
        if "ends_after" in chosen:
            rows = rows.filter(period__endswith__gt=chosen["ends_after"])
        return self.page(rows, AssignmentLine)


class OneAssignment(_OfAssignments):
    """One appointment."""

    @extend_schema(operation_id="assignments_read", responses=AssignmentShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read an appointment, with the address while it is one's own."""
        return Response(self.represent(public_id))


class CancelAssignment(_OfAssignments):
    """Giving an appointment back."""

    @extend_schema(
        operation_id="assignments_cancel", request=GiveBackReading, responses=AssignmentShape
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """Give it back: the search goes on at once, the office is told. 409 once it has begun."""

        def do() -> Outcome:
            held = self.one(self.assignments(), public_id)
            reason = self.read(GiveBackReading, request.data or {}).get("reason")
            if assignments.cancel_by_volunteer(held, reason=reason):
                return Outcome(200, public_id)
            return Outcome(409, problem="over" if held.cancelled_at is None else "conflict")

        return self.once(do)


class UndoAssignment(_OfAssignments):
    """Taking back an accidental yes."""

    @extend_schema(operation_id="assignments_undo", request=None, responses=AssignmentShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Take the yes back as if it had not been said, within ten minutes; 409 afterwards."""

        def do() -> Outcome:
            held = self.one(self.assignments(), public_id)
            if undoing.undo(held):
                return Outcome(200, public_id)
            return Outcome(409, problem="over")

        return self.once(do)
