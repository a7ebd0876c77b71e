"""Which rows of the pools a person may see; who has no scope sees none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from pools import models  # noqa: F401 - named inside strings
    from pools.scoping import Scope


class PoolQuerySet(QuerySet["models.Pool"]):
    """What pools have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """The pools a person coordinates or belongs to."""
        if scope.person_id is None:
            return self.none()
        return self.filter(
            Q(pk__in=scope.pools) | Q(organisations__in=scope.organisations)
        ).distinct()

    def active(self) -> Self:
        """Pools that take part."""
        return self.filter(is_active=True)


class PoolAreaQuerySet(QuerySet["models.PoolArea"]):
    """What the areas of pools have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """The areas of the pools a person coordinates."""
        return self.filter(pool__in=scope.pools)

    def valid_on(self, day: dt.date) -> Self:
        """Areas served on that day."""
        return self.filter(valid__contains=day)


class RuleQuerySet(QuerySet["models.Rule"]):
    """What the rules of pools have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """The rules of the pools a person coordinates."""
        return self.filter(pool__in=scope.pools)

    def valid_on(self, day: dt.date) -> Self:
        """Rules in force on that day."""
        return self.filter(valid__contains=day)


class OrganisationQuerySet(QuerySet["models.Organisation"]):
    """What requesting institutions have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """All of the pools a person coordinates, and those she belongs to."""
        if scope.person_id is None:
            return self.none()
        return self.filter(Q(pool__in=scope.pools) | Q(pk__in=scope.organisations))

    def approved(self) -> Self:
        """Institutions that may post."""
        return self.filter(status="approved")

    def waiting(self) -> Self:
        """Institutions nobody has decided about."""
        return self.filter(status="registered")


class MembershipQuerySet(QuerySet["models.Membership"]):
    """What memberships have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates, of her colleagues, and her own."""
        if scope.person_id is None:
            return self.none()
        return self.filter(
            Q(pool__in=scope.pools)
            | Q(organisation__in=scope.organisations)
            | Q(person=scope.person_id)
        )

    def current(self) -> Self:
        """Memberships that have not ended."""
        return self.filter(ended_at__isnull=True)
