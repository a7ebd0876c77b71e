"""Offers for tests: a request, a volunteer who was asked, and the link she got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from matching.models import Assignment, Proposal
from notifications import links
from notifications.models import LinkPurpose
from pools.models import Pool
from service_requests.models import ServiceRequest
from tests import builders
from volunteers.models import Volunteer


@dataclass
class Offer:
    """What a test needs of an offer."""

    service_request: ServiceRequest
    volunteer: Volunteer
    proposal: Proposal
    url: str

    def get(self, client: Client) -> str:
        """Open the page and return its text."""
        response = client.get(self.url)
        assert response.status_code == 200
        return response.content.decode()

    def press(self, client: Client, action: str, **data: str) -> str:
        """Press a button; return the page that follows."""
        response = client.post(self.url, {"action": action, **data})
        assert response.status_code == 303
        assert response["Location"] == self.url
        return self.get(client)

    @property
    def assignment(self) -> Assignment | None:
        """Return the active appointment, if there is one."""
        return Assignment.objects.active().filter(service_request=self.service_request).first()


def asked(service_request: ServiceRequest, volunteer: Volunteer, **fields: Any) -> Proposal:
    """Return an open offer to the volunteer."""
    defaults = {
        "language": service_request.language,
        "mode": "on_site",
        "distance_m": 6200,
        "probability": 0.3,
    }
    return Proposal.objects.create(
        pool=service_request.pool,
        service_request=service_request,
        volunteer=volunteer,
        volunteer_pool=volunteer.pool,
        person=volunteer.person,
        search_round=service_request.search_round,
        **(defaults | fields),
    )


def link_to(proposal: Proposal) -> str:
    """Return the path of a new link to the offer."""
    token = links.issue(
        LinkPurpose.OFFER,
        person=proposal.person,
        pool=proposal.pool,
        target=proposal.public_id,
        expires_at=proposal.service_request.period.upper + timedelta(hours=24),
    )
    return f"/a/{token}"


def an_offer(
    pool: Pool | None = None,
    *,
    volunteer: Volunteer | None = None,
    service_request: ServiceRequest | None = None,
    **fields: Any,
) -> Offer:
    """Return an offer for an appointment in three days, and its link."""
    if service_request is None:
        service_request = builders.a_request(pool or builders.a_pool(), **fields)
    if volunteer is None:
        volunteer = builders.a_volunteer(
            service_request.pool, given_name="Amina", family_name="Yilmaz"
        )
    proposal = asked(service_request, volunteer)
    return Offer(service_request, volunteer, proposal, link_to(proposal))
