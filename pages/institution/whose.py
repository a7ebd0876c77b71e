"""For which institutions somebody may post."""

from __future__ import annotations

from pages.access import SignedInRequest
from pools.models import Organisation
from pools.querysets import OrganisationQuerySet


def mine(request: SignedInRequest) -> OrganisationQuerySet:
    """Return the approved institutions a person may post for.

    Her own and, for a coordinator who posts for somebody on the telephone, those of her pools.
    """
    return (
        Organisation.objects.visible_to(request.scope)
        .approved()
        .select_related("pool", "setting", "postcode", "municipality")
    )


def is_coordinator_of(request: SignedInRequest, organisation: Organisation) -> bool:
    """Return whether the person decides for the pool of this institution."""
    return organisation.pool_id in request.scope.pools
