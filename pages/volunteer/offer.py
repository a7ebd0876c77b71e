"""The offer from a message: read without signing in, answered by pressing, never by opening."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from background.clock import now
from matching import coming, standing, undoing
from matching.models import Assignment, Proposal
from notifications import contacts, links
from notifications.models import Channel, LinkPurpose
from pages import when
from pages.access import Audience, ScopedRequest, SignedInRequest, audience
from pages.rendering import page
from pages.volunteer.answering import ONE_TAP_REASONS, answer
from pages.volunteer.facts import address_of, facts_of, municipality_or_area
from pages.volunteer.yes_cookie import has_said_yes
from pools.models import User
from reference.models import Reason

GONE = 410
SHORT_NOTICE_H = 24
# Few on purpose: PostgreSQL plans a join of ten tables longer than it reads ten single rows.
ROWS = ("person", "volunteer__pool", "service_request")


@audience(Audience.LINK)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: ScopedRequest, token: str) -> HttpResponse:
    """Show the offer behind a link, or do what was pressed on it."""
    link = links.open_link(token, LinkPurpose.OFFER)
    if link is None:
        return link_is_over(request, token, LinkPurpose.OFFER)
    proposal = (
        Proposal.objects.select_related(*ROWS)
        .filter(public_id=link.target, person=link.person_id)
        .first()
    )
    if proposal is None:
        raise Http404
    if request.method == "POST":
        return answer(request, proposal, via="link", back=request.path)
    return _show(request, proposal, template="volunteer/offer.html")


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def my_offer(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show one of the signed-in person's own offers, or do what was pressed on it."""
    proposal = get_object_or_404(
        Proposal.objects.visible_to(request.scope)
        .filter(person=request.user)
        .select_related(*ROWS),
        public_id=public_id,
    )
    if request.method == "POST":
        return answer(request, proposal, via="page", back=request.path)
    return _show(request, proposal, template="volunteer/offer.html")


def link_is_over(request: ScopedRequest, token: str, purpose: LinkPurpose) -> HttpResponse:
    """Say that a link has ended, or that there is none of this kind, and whom to ring up."""
    ended = links.ended_link(token, purpose)
    context: dict[str, Any] = {"is_ended": ended is not None}
    if ended is not None:
        context["help_pool"] = ended.pool
    return page(
        request, "volunteer/link_over.html", context, status=GONE if ended is not None else 404
    )


def _show(request: ScopedRequest, proposal: Proposal, *, template: str) -> HttpResponse:
    stands = standing.of_offer(proposal)
    pool = proposal.volunteer.pool
    shown = stands.assignment if _is_hers(stands) and stands.assignment else proposal
    context: dict[str, Any] = {
        "proposal": proposal,
        "kind": stands.kind.value,
        "facts": facts_of(shown),
        "mode": shown.mode,
        "first_name": proposal.person.given_name,
        "contact_hint": contact_hint(proposal.person),
        "is_signed_in_as_her": _is_she(request, proposal.person_id),
        "may_still_come": proposal.service_request.status == "searching",
        "one_tap_reasons": ONE_TAP_REASONS,
        "reason_given": proposal.decline_reason_id,
        "help_pool": pool,
    }
    if stands.clash is not None:
        context["clash"] = _clash(stands.clash)
    if _is_hers(stands) and stands.assignment is not None:
        context |= of_her_appointment(request, stands.assignment)
    return page(request, template, context)


def _is_hers(stands: standing.Standing) -> bool:
    return stands.kind in (standing.Kind.YOURS, standing.Kind.YOURS_OVER)


def of_her_appointment(request: ScopedRequest, assignment: Assignment) -> dict[str, Any]:
    """Return what the page of an appointment needs; the address only where it may be seen."""
    zone = assignment.service_request.pool.zone
    may_see = _is_she(request, assignment.person_id) or has_said_yes(request, assignment)
    return {
        "assignment": assignment,
        "address": address_of(assignment) if may_see else None,
        "undo_until": when.time(assignment.undo_until, zone)
        if undoing.may_undo(assignment)
        else "",
        "is_asked_whether_coming": coming.is_asked(assignment),
        "answer_until": when.soon(assignment.answer_until, zone) if assignment.answer_until else "",
        "may_cancel": assignment.period.lower > now(),
        "is_short_notice": (assignment.period.lower - now()).total_seconds()
        < SHORT_NOTICE_H * 3600,
        "cancel_reasons": Reason.objects.filter(kind="cancel_by_volunteer").exclude(
            code="vcancel_none_given"
        ),
        "sign_in_url": f"{reverse('account_login')}?next="
        f"{reverse('my_appointment', args=[assignment.public_id])}",
    }


def _is_she(request: ScopedRequest, person_id: int) -> bool:
    return not isinstance(request.user, AnonymousUser) and request.user.pk == person_id


def _clash(other: Assignment) -> str:
    """Return «Um 14:30 haben Sie schon einen Einsatz in Wetzlar», of a hidden place the area."""
    service_request = other.service_request
    starts = when.soon(other.period.lower, service_request.pool.zone)
    where = f" in {municipality_or_area(service_request)}" if other.mode == "on_site" else ""
    return f"{starts[0].upper()}{starts[1:]} haben Sie schon einen Einsatz{where}."


def contact_hint(person: User) -> str:
    """Return the last three digits («…123») or the end of the address before the @."""
    for contact in contacts.usable(person):
        if contact.channel == Channel.SMS:
            return f"…{contact.address[-3:]}"
    for contact in contacts.usable(person):
        return f"…{contact.address.split('@')[0][-3:]}@…"
    return ""
