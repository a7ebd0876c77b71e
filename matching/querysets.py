"""Which offers and appointments a person may see; who has no scope sees none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from matching import models
    from pools.scoping import Scope


class ProposalQuerySet(QuerySet["models.Proposal"]):
    """What offers have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates (asking or asked), and her own.

        Never those of her organisation: before the yes a requester learns no names.
        """
        if scope.person_id is None:
            return self.none()
        return self.filter(
            Q(pool__in=scope.pools) | Q(volunteer_pool__in=scope.pools) | Q(person=scope.person_id)
        )


class AssignmentQuerySet(QuerySet["models.Assignment"]):
    """What appointments have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates, of her organisations, and her own."""
        if scope.person_id is None:
            return self.none()
        return self.filter(
            Q(pool__in=scope.pools)
            | Q(volunteer_pool__in=scope.pools)
            | Q(service_request__organisation__in=scope.organisations)
            | Q(person=scope.person_id)
        )

    def active(self) -> Self:
        """Appointments that nobody has cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def let_go(self) -> Self:
        """Appointments that others ended for the holder, while the search went on."""
        return self.filter(cancelled_by__in=("pool", "change", "silence"))

    def about(self, proposal: models.Proposal) -> Self:
        """Appointments of the person and the request of an offer."""
        return self.filter(service_request=proposal.service_request_id, person=proposal.person_id)


class WaveQuerySet(QuerySet["models.Wave"]):
    """What the engine's decisions have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those about requests of the pools a person coordinates."""
        if scope.person_id is None:
            return self.none()
        return self.filter(service_request__pool__in=scope.pools)
