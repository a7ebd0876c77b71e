"""Who works for a pool or for one of its requesting institutions."""

from __future__ import annotations

from django.db import transaction

from background.clock import now
from pools.models import Membership, Organisation, Pool, User


@transaction.atomic
def add_coordinator(pool: Pool, *, person: User) -> Membership:
    """Make a person a coordinator of the pool; one who is it already stays it."""
    membership, _ = Membership.objects.get_or_create(
        pool=pool,
        person=person,
        role=Membership.Role.COORDINATOR,
        organisation=None,
        ended_at=None,
    )
    return membership


@transaction.atomic
def join_organisation(organisation: Organisation, *, person: User) -> Membership:
    """Make a person a caseworker of the institution; one who is it already stays it.

    Says nothing to the person and stores no address: see `service_requests.organisations`.
    """
    membership, _ = Membership.objects.get_or_create(
        pool_id=organisation.pool_id,
        person=person,
        role=Membership.Role.CASEWORKER,
        organisation=organisation,
        ended_at=None,
    )
    return membership


def end_membership(membership: Membership) -> None:
    """End it now; from the next page on it opens nothing. Ending it twice changes nothing."""
    instant = now()
    ended = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(
        ended_at=instant
    )
    if ended:
        membership.ended_at = instant
