"""The person's own details and times: read with an ETag, changed only as they were read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint
from api.etags import etag_of, require_match
from api.me.keeping import keep_details, keep_times
from api.me.reading import AbsenceReading, DetailsReading, TimesReading
from api.me.shapes import AbsenceShape, DetailsShape, TimesShape
from api.once import Outcome
from api.permissions import Area, Role
from volunteers import availability
from volunteers.models import Absence, Profile


class _OfMine(ScopedEndpoint):
    """What the endpoints about the own profile have in common; 404 for who is no volunteer."""

    area = Area.PROFILE
    role = Role.ANYONE

    def profile(self, *, is_held: bool = False) -> Profile:
        """Return the own profile; held, nobody else changes it until we have committed."""
        rows = self.visible(Profile).filter(person=self.person)
        if is_held:
            rows = rows.select_for_update(of=("self",))
        profile: Profile | None = rows.first()
        if profile is None:
            raise Http404
        return profile

    def tagged(self, shape: Any, profile: Profile) -> Response:
        """Return what is shown, with its version."""
        shown = shape(profile).data
        return Response(shown, headers={"ETag": etag_of(shown)})

    def change(self, shape: Any, reading: Any, keep: Any) -> Response:
        """Keep what was sent, unless it was read before somebody else changed it."""
        with transaction.atomic():
            profile = self.profile(is_held=True)
            require_match(self.request, shape(profile).data)
            keep(profile, self.read(reading, partial=True))
            return self.tagged(shape, self.profile())


class Details(_OfMine):
    """Languages, place, reach, wishes."""

    @extend_schema(operation_id="me_details_read", responses=DetailsShape)
    def get(self, request: Request) -> Response:
        """Read languages, place, reach and where one does not want to go."""
        return self.tagged(DetailsShape, self.profile())

    @extend_schema(operation_id="me_details_change", request=DetailsReading, responses=DetailsShape)
    def patch(self, request: Request) -> Response:
        """Change some of it; what is not sent stays. Lists are replaced as a whole."""
        return self.change(DetailsShape, DetailsReading, keep_details)


class Times(_OfMine):
    """Hours, limits, quiet hours, pause."""

    @extend_schema(operation_id="me_times_read", responses=TimesShape)
    def get(self, request: Request) -> Response:
        """Read when and how often one may be asked."""
        return self.tagged(TimesShape, self.profile())

    @extend_schema(operation_id="me_times_change", request=TimesReading, responses=TimesShape)
    def patch(self, request: Request) -> Response:
        """Change some of it; what is not sent stays."""
        return self.change(TimesShape, TimesReading, keep_times)


class _OfAbsences(_OfMine):
    """What the endpoints about days away have in common."""

    def absences(self) -> Any:
        """Return one's own."""
        return self.visible(Absence).filter(profile=self.profile())

    def represent(self, target: UUID) -> Any:
        """Return one absence."""
        return AbsenceShape(self.one(self.absences(), target)).data


class Absences(_OfAbsences):
    """Days away."""

    @extend_schema(operation_id="me_absences_list", responses=AbsenceShape(many=True))
    def get(self, request: Request) -> Response:
        """List the days away that are not over."""
        coming = self.absences().filter(days__endswith__gt=availability.today_of(self.profile()))
        return Response(AbsenceShape(coming.order_by("days"), many=True).data)

    @extend_schema(
        operation_id="me_absences_add", request=AbsenceReading, responses={201: AbsenceShape}
    )
    def post(self, request: Request) -> Response:
        """Note days away, the first and the last included."""

        def do() -> Outcome:
            days = self.read(AbsenceReading)
            noted = availability.add_absence(
                self.profile(), days["first"], days.get("last", days["first"])
            )
            noted.refresh_from_db()  # the database makes its public id
            return Outcome(201, noted.public_id)

        return self.once(do)


class OneAbsence(_OfAbsences):
    """One absence."""

    @extend_schema(operation_id="me_absences_remove", responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Forget days away."""
        availability.remove_absence(self.one(self.absences(), public_id))
        return Response(status=204)
