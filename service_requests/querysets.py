"""Which requests a person may see; who has no scope sees none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from pools.scoping import Scope
    from service_requests import models  # noqa: F401 - named inside strings


def _of_request(scope: Scope, prefix: str = "") -> Q:
    return Q(**{f"{prefix}pool__in": scope.pools}) | Q(
        **{f"{prefix}organisation__in": scope.organisations}
    )


class ServiceRequestQuerySet(QuerySet["models.ServiceRequest"]):
    """What requests have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates and of the institutions she belongs to.

        A volunteer sees a request only through a proposal or an assignment (`matching`).
        """
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_request(scope))

    def searching(self) -> Self:
        """Requests for which somebody is being looked for."""
        return self.filter(status="searching")

    def submitted(self) -> Self:
        """Requests a coordinator has to look at."""
        return self.filter(status="submitted")


class AlternativeSlotQuerySet(QuerySet["models.AlternativeSlot"]):
    """What alternative slots have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the requests a person may see."""
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_request(scope, "service_request__"))


class EventQuerySet(QuerySet["models.Event"]):
    """What events have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the requests a person may see."""
        if scope.person_id is None:
            return self.none()
        return self.filter(_of_request(scope, "service_request__"))
