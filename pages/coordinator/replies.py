"""What volunteers wrote by SMS: what nobody but a person can understand stands first."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from background.clock import now
from notifications.arrivals import FOR_A_PERSON, Reply, ReplyQuerySet, Verdict
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.rendering import page

PER_PAGE = 50
TONES = {
    Verdict.YES: "success",
    Verdict.NO: "info",
    Verdict.STOP: "warning",
    Verdict.KEPT: "danger",
    Verdict.STRANGER: "warning",
}


def _replies(request: SignedInRequest) -> ReplyQuerySet:
    return Reply.objects.visible_to(request.scope).select_related("person")


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List what was written to the pools, the unread first."""
    unread_first = Case(
        When(verdict__in=FOR_A_PERSON, read_at__isnull=True, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = _replies(request).order_by(unread_first, "-sent_at", "-pk")
    listed = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    people = [reply.person_id for reply in listed if reply.person_id]
    volunteers = {
        volunteer.person_id: volunteer
        for volunteer in own.volunteers(request).filter(person__in=people)
    }
    context = {
        "rows": [
            (
                reply,
                TONES.get(Verdict(reply.verdict), "info") if reply.verdict else "info",
                volunteers.get(reply.person_id or 0),
                reply.verdict in FOR_A_PERSON and reply.read_at is None,
            )
            for reply in listed
        ],
        "list": listed,
        "query": "",
    }
    return page(request, "coordinator/replies.html", context)


@audience(Audience.COORDINATOR)
@require_POST
def read(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Note that a coordinator has read it and does what is to be done."""
    reply = get_object_or_404(_replies(request), public_id=public_id)
    Reply.objects.filter(pk=reply.pk, read_at__isnull=True).update(
        read_at=now(), read_by=request.user
    )
    return redirect("coordinator_replies")
