"""Offers in people's hands, without a search that made them."""

from __future__ import annotations

from collections.abc import Callable

from matching import replies
from matching.models import Proposal
from matching.replies import Kind
from service_requests.models import ServiceRequest
from tests import builders
from tests.proofs.people import proposal_for
from volunteers.models import Volunteer


def a_proposal(service_request: ServiceRequest, volunteer: Volunteer) -> Proposal:
    """Return an open offer, as the search would have written it."""
    proposal = proposal_for(service_request, volunteer)
    proposal.save()
    return proposal


def offers_of_one_request(n: int) -> list[Proposal]:
    """Return an offer for each of n volunteers."""
    pool = builders.a_pool()
    service_request = builders.a_request(pool)
    return [a_proposal(service_request, builders.a_volunteer(pool)) for _ in range(n)]


def yes(proposal: Proposal) -> Callable[[], Kind]:
    """Return the act of pressing yes."""
    return lambda: replies.accept(proposal, via="link").kind
