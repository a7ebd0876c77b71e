"""Two pools with everything in them, and everybody who might want to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from background.clock import now
from matching import replies
from matching.models import Assignment, Proposal
from pools.models import Organisation, Pool, User
from service_requests.models import ServiceRequest
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_person,
    a_pool,
    a_request,
    a_volunteer,
    an_organisation,
)
from tests.matching.offers import a_proposal
from volunteers import availability
from volunteers.models import Absence, Volunteer
from webhooks.models import Endpoint, Topic


@dataclass(frozen=True)
class Side:
    """One pool: its people and its objects."""

    pool: Pool
    organisation: Organisation
    coordinator: User
    caseworker: User
    volunteer: Volunteer
    searching: ServiceRequest
    confirmed: ServiceRequest
    proposal: Proposal
    assignment: Assignment
    absence: Absence
    webhook: Endpoint

    def public_id(self, kind: str) -> UUID:
        """Return the public id of the pool's object of this kind."""
        found: UUID = getattr(self, kind).public_id
        return found

    def secrets(self) -> list[str]:
        """Return what must never be read from outside the pool: names and ids."""
        ids = ("organisation", "searching", "confirmed", "proposal", "assignment", "absence")
        return [
            self.volunteer.person.family_name,
            self.coordinator.family_name,
            self.organisation.name,
            self.webhook.url,
            str(self.volunteer.public_id),
            *(str(self.public_id(kind)) for kind in ids),
        ]


def a_side(key: str, name: str) -> Side:
    """Return a pool with one of everything; `name` stands in all its names."""
    pool = a_pool(key)
    organisation = an_organisation(pool, name=f"Schule {name}")
    volunteer = a_volunteer(pool, given_name="Vera", family_name=f"Vogt{name}")
    searching = a_request(organisation=organisation, starts_at=now() + timedelta(days=9))
    confirmed = a_request(organisation=organisation)
    held = replies.accept(a_proposal(confirmed, volunteer), via="link").assignment
    assert held is not None
    first = (now() + timedelta(days=20)).date()
    absence = availability.add_absence(volunteer.person.profile, first, first)
    absence.refresh_from_db()
    return Side(
        pool=pool,
        organisation=organisation,
        coordinator=a_coordinator(pool, family_name=f"Kurz{name}"),
        caseworker=a_caseworker(organisation, family_name=f"Fall{name}"),
        volunteer=volunteer,
        searching=searching,
        confirmed=confirmed,
        proposal=a_proposal(searching, volunteer),
        assignment=held,
        absence=absence,
        webhook=Endpoint.objects.create(
            pool=pool, url=f"https://{name.lower()}.example/", topics=[Topic.FILLED]
        ),
    )


ROLES = ("anonymous", "stranger", "volunteer", "caseworker", "coordinator", "operator")


def people(side: Side) -> dict[str, User | None]:
    """Return one person per role; all of them belong to this side, if to any."""
    return {
        "anonymous": None,
        "stranger": a_person(),
        "volunteer": side.volunteer.person,
        "caseworker": side.caseworker,
        "coordinator": side.coordinator,
        "operator": a_person(is_superuser=True, is_staff=True),
    }
