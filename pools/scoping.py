"""Who may see what: every page and every endpoint starts from a Scope, nothing else opens rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from pools.models import Membership, Organisation, User


@dataclass(frozen=True)
class Scope:
    """The pools a person coordinates, the organisations she posts for, and herself."""

    person_id: int | None
    pools: frozenset[int]
    organisations: frozenset[int]
    is_operator: bool

    @property
    def is_coordinator(self) -> bool:
        """Whether the person coordinates at least one pool."""
        return bool(self.pools)

    @property
    def is_caseworker(self) -> bool:
        """Whether the person belongs to at least one organisation."""
        return bool(self.organisations)

    @property
    def roles(self) -> frozenset[str]:
        """The names used in MFA_REQUIRED_ROLES."""
        held = {
            "coordinator": self.is_coordinator,
            "caseworker": self.is_caseworker,
            "operator": self.is_operator,
        }
        return frozenset(role for role, has in held.items() if has)


NOBODY = Scope(None, frozenset(), frozenset(), is_operator=False)


def scope_of(user: User | AnonymousUser) -> Scope:
    """Return what a person may see; an ended membership opens nothing."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    memberships = Membership.objects.filter(
        person=user, ended_at__isnull=True, pool__is_active=True
    ).values_list("role", "pool_id", "organisation_id", "organisation__status")
    return Scope(
        person_id=user.pk,
        pools=frozenset(
            pool for role, pool, _, _ in memberships if role == Membership.Role.COORDINATOR
        ),
        organisations=frozenset(
            organisation
            for role, _, organisation, status in memberships
            if organisation and status != Organisation.Status.REFUSED
        ),
        is_operator=user.is_superuser,
    )
