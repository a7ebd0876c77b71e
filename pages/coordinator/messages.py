"""What was sent for the pools, and what became of it: a simple delivery log."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from notifications.models import MessageState
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own, words
from pages.rendering import page

PER_PAGE = 50
DEAD = (MessageState.FAILED, MessageState.UNKNOWN)


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List messages, those that did not arrive first, then the latest."""
    state = request.GET.get("state", "")
    found = own.messages(request)
    if state in MessageState.values:
        found = found.filter(state=state)
    dead_first = Case(
        When(state__in=DEAD, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    messages = Paginator(found.order_by(dead_first, "-created_at"), PER_PAGE).get_page(
        request.GET.get("seite")
    )
    volunteers = {
        volunteer.person_id: volunteer
        for volunteer in own.volunteers(request).filter(
            person__in=[message.person_id for message in messages]
        )
    }
    context = {
        "rows": [
            (
                message,
                words.of_message(message.template),
                words.TONES[message.state],
                volunteers.get(message.person_id),
                words.of_failure(message.failure),
            )
            for message in messages
        ],
        "list": messages,
        "states": MessageState.choices,
        "state": state,
        "query": f"state={state}",
    }
    return page(request, "coordinator/messages.html", context)
