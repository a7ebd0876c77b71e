"""Which rows about volunteers a person may see; who has no scope sees none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from pools.scoping import Scope
    from volunteers import models  # noqa: F401 - named inside strings


def _of_person(scope: Scope, path: str) -> Q | Exists:
    """Rows about the person herself, or about a volunteer of a pool she coordinates."""
    volunteering = apps.get_model("volunteers", "Volunteer")._base_manager
    in_pool = volunteering.filter(person=OuterRef(path), pool__in=scope.pools)
    return Q(**{path: scope.person_id}) | Q(Exists(in_pool))


class ProfileQuerySet(QuerySet["models.Profile"]):
    """What profiles have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """One's own, and those of the volunteers of the pools a person coordinates."""
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_person(scope, "person"))


class SpokenLanguageQuerySet(QuerySet["models.SpokenLanguage"]):
    """What spoken languages have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the profiles a person may see."""
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_person(scope, "profile"))


class AbsenceQuerySet(QuerySet["models.Absence"]):
    """What absences have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the profiles a person may see."""
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_person(scope, "profile"))

    def touching(self, first: dt.date, last: dt.date) -> Self:
        """Absences with at least one day from `first` to `last`, both included."""
        return self.filter(days__overlap=(first, last + dt.timedelta(days=1)))


class VolunteerQuerySet(QuerySet["models.Volunteer"]):
    """What volunteers have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates, and oneself."""
        if scope.person_id is None:
            return self.none()
        return self.filter(Q(pool__in=scope.pools) | Q(person=scope.person_id))

    def waiting(self) -> Self:
        """Volunteers nobody has decided about."""
        return self.filter(status="registered")

    def approved(self) -> Self:
        """Volunteers who were taken on."""
        return self.filter(status="approved")


class ConsentQuerySet(QuerySet["models.Consent"]):
    """What consents have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those given to the pools a person coordinates, and one's own."""
        if scope.person_id is None:
            return self.none()
        return self.filter(Q(pool__in=scope.pools) | Q(person=scope.person_id))

    def in_force(self) -> Self:
        """Consents that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class QualificationQuerySet(QuerySet["models.Qualification"]):
    """What records have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates, and one's own."""
        if scope.person_id is None:
            return self.none()
        return self.filter(Q(pool__in=scope.pools) | Q(volunteer__person=scope.person_id))

    def held_on(self, day: dt.date) -> Self:
        """Records that hold on that day; a revoked one holds on none."""
        return self.filter(valid__contains=day, revoked_at__isnull=True)
