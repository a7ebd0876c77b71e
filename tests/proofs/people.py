"""The people and requests of the proofs: offers written directly, as if the search had asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from background.clock import now
from matching.models import Proposal
from notifications import links
from notifications.models import LinkPurpose
from pools.models import Organisation, Pool, User
from service_requests.models import ServiceRequest
from tests import builders
from volunteers.models import Volunteer

LEAD = timedelta(days=3)


@dataclass(frozen=True)
class Offer:
    """An offer in somebody's hand: the link, and what it is about."""

    request: UUID
    person: int
    path: str


def proposal_for(service_request: ServiceRequest, volunteer: Volunteer) -> Proposal:
    """Return an open offer that is not stored yet."""
    assert service_request.language is not None
    return Proposal(
        pool_id=service_request.pool_id,
        service_request=service_request,
        volunteer=volunteer,
        volunteer_pool_id=volunteer.pool_id,
        person_id=volunteer.person_id,
        language=service_request.language,
        mode="on_site",
        probability=0.3,
    )


@transaction.atomic
def offers_of_many_requests(requests: int, acceptors: int) -> list[list[Offer]]:
    """Return, for each request, an offer for each of the same volunteers.

    The requests are a day apart, so that nobody is kept from one by having another.
    """
    pool = builders.a_pool()
    volunteers = [builders.a_volunteer(pool) for _ in range(acceptors)]
    organisation = builders.an_organisation(pool)
    caseworker = builders.a_caseworker(organisation)
    offers = []
    for day in range(requests):
        service_request = builders.a_request(
            organisation=organisation,
            posted_by=caseworker,
            starts_at=now() + LEAD + timedelta(days=day),
            look_again_at=None,  # nobody else is asked meanwhile
        )
        proposals = Proposal.objects.bulk_create(
            proposal_for(service_request, volunteer) for volunteer in volunteers
        )
        offers.append([_offer(pool, service_request, proposal) for proposal in proposals])
    return offers


def _offer(pool: Pool, service_request: ServiceRequest, proposal: Proposal) -> Offer:
    token = links.issue(
        LinkPurpose.OFFER,
        person=proposal.person,
        pool=pool,
        target=proposal.public_id,
        expires_at=service_request.period.upper + timedelta(hours=24),
    )
    return Offer(service_request.public_id, proposal.person_id, f"/a/{token}")


@transaction.atomic
def overlapping_offers_of_one_person(n: int) -> list[Proposal]:
    """Return n stored offers for the same hour, in turns from two pools, for one person."""
    pools = [builders.a_pool(), builders.a_pool("06534014")]
    first = builders.a_volunteer(pools[0])
    volunteers = [first, builders.a_volunteer(pools[1], person=first.person)]
    organisations = [builders.an_organisation(pool) for pool in pools]
    caseworkers = [builders.a_caseworker(organisation) for organisation in organisations]
    start = now() + LEAD
    return [
        _stored(organisations[i % 2], caseworkers[i % 2], volunteers[i % 2], start, i)
        for i in range(n)
    ]


def _stored(
    organisation: Organisation, caseworker: User, volunteer: Volunteer, start: datetime, i: int
) -> Proposal:
    service_request = builders.a_request(
        organisation=organisation,
        posted_by=caseworker,
        starts_at=start + timedelta(minutes=2 * i),
        look_again_at=None,
    )
    proposal = proposal_for(service_request, volunteer)
    Proposal.objects.bulk_create([proposal])
    return proposal
