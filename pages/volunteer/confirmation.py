"""The confirmation link from a message, for the volunteer and for the requester alike."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from matching.models import Assignment
from notifications import links
from notifications.models import LinkPurpose
from pages.access import Audience, ScopedRequest, audience
from pages.confirmations import Side, confirmation_page
from pages.volunteer.offer import link_is_over


@audience(Audience.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Ask whether the appointment took place; opening the link says nothing."""
    link = links.open_link(token, LinkPurpose.CONFIRMATION)
    if link is None:
        return link_is_over(request, token, LinkPurpose.CONFIRMATION)
    assignment = (
        Assignment.objects.select_related(
            "pool", "service_request__pool", "language", "person", "proposal"
        )
        .filter(public_id=link.target)
        .first()
    )
    if assignment is None:
        raise Http404
    side = Side.VOLUNTEER if link.person_id == assignment.person_id else Side.REQUESTER
    return confirmation_page(request, assignment, side=side, person=link.person)
