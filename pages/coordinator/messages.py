"""What was sent for the pools and what became of it: the delivery log, and what arrived nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from background.clock import now
from notifications import elsewhere, failures
from notifications.arrivals import Receipt
from notifications.failures import Action
from notifications.models import Message, MessageState
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own, sending_again, words
from pages.rendering import page
from volunteers.models import Volunteer

PER_PAGE = 50
DEAD = "dead"
DEAD_SINCE = timedelta(days=14)
NOT_ARRIVED = (MessageState.FAILED, MessageState.UNKNOWN)

# What a coordinator can do about a dead message.
ADVICE = {
    Action.OPTED_OUT: "Rufen Sie an. Wer wieder SMS möchte, schickt uns das Wort START.",
    Action.WRONG_ADDRESS: "Rufen Sie an oder fragen Sie nach einer neuen Nummer oder E-Mail.",
    Action.UNREACHABLE: "Rufen Sie später an oder fragen Sie nach einer E-Mail-Adresse.",
    Action.FILTERED: "Rufen Sie an. Das Netz lässt diesen Text nicht durch.",
    Action.LATER: "Wir versuchen es von selbst wieder. Ist es dringend, rufen Sie an.",
    Action.OURS: "Sagen Sie der Technik Bescheid. Ist es dringend, rufen Sie an.",
    Action.REFUSED: "Rufen Sie an.",
}
ASKING = "Wir fragen beim SMS-Dienst nach. Ist es dringend, rufen Sie an."


@dataclass(frozen=True)
class Row:
    """A message as the list shows it."""

    message: Message
    text: str
    tone: str
    volunteer: Volunteer | None
    failure: str
    advice: str


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List messages, those that did not arrive first, then the latest; or only some of them."""
    state, person = request.GET.get("state", ""), _uuid(request.GET.get("person", ""))
    found = own.messages(request)
    if state == DEAD:
        found = found.dead().filter(created_at__gte=now() - DEAD_SINCE)
    elif state in MessageState.values:
        found = found.filter(state=state)
    if person:
        found = found.filter(person__public_id=person)
    dead_first = Case(
        When(state__in=NOT_ARRIVED, seen_to_at__isnull=True, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    order = ["-created_at"] if person else [dead_first, "-created_at"]
    messages = Paginator(found.order_by(*order), PER_PAGE).get_page(request.GET.get("seite"))
    chosen = {"state": state, "person": str(person or "")}
    context = {
        "rows": _rows(request, list(messages)),
        "list": messages,
        "states": [(DEAD, "Nicht zugestellt: zu erledigen"), *MessageState.choices],
        "whose": messages[0].person if person and messages else None,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        **chosen,
    }
    return page(request, "coordinator/messages.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _rows(request: SignedInRequest, messages: list[Message]) -> list[Row]:
    people = [message.person_id for message in messages]
    volunteers = {
        volunteer.person_id: volunteer
        for volunteer in own.volunteers(request).filter(person__in=people)
    }
    dead = set(
        Message.objects.dead()
        .filter(pk__in=[message.pk for message in messages])
        .values_list("pk", flat=True)
    )
    return [
        Row(
            message,
            words.of_message(message.template),
            words.TONES[message.state],
            volunteers.get(message.person_id),
            failures.words(message.failure),
            _advice(message) if message.pk in dead else "",
        )
        for message in messages
    ]


def _advice(message: Message) -> str:
    if message.state == MessageState.UNKNOWN:
        return ASKING
    return ADVICE[failures.of(message.failure).action]


@audience(Audience.COORDINATOR)
@require_safe
def detail(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Show the life of one message, step by step; its text is not kept."""
    message = get_object_or_404(own.messages(request), pk=message_id)
    [row] = _rows(request, [message])
    context = {
        "row": row,
        "message": message,
        "steps": _steps(message),
        "again_form": sending_again.form_for(request, message),
        "second_try": own.messages(request).filter(instead_of=message).first(),
    }
    return page(request, "coordinator/message.html", context)


def _steps(message: Message) -> list[tuple[datetime, str]]:
    """Return what happened when, the first first."""
    tries = f" (Versuch {message.attempts})" if message.attempts > 1 else ""
    told: list[tuple[datetime | None, str]] = [
        (message.created_at, "geschrieben"),
        (message.handed_over_at, f"an den Dienst gegeben{tries}"),
        (message.accepted_at, "vom Dienst angenommen"),
        (message.superseded_at, "überholt: der Anlass ist vorbei"),
        (message.seen_to_at, _seen_to(message)),
    ]
    receipts = Receipt.objects.filter(
        Q(message_id=message.pk)
        | Q(provider_reference=message.provider_reference or "-", carrier=message.carrier)
    )
    told += [
        (receipt.received_at, _of_receipt(receipt)) for receipt in receipts.order_by("received_at")
    ]
    if not receipts.exists():
        told.append((message.delivered_at, "angekommen"))
    return sorted((at, text) for at, text in told if at is not None)


def _seen_to(message: Message) -> str:
    is_repeated = Message.objects.filter(instead_of=message).exists()
    return f"{'noch einmal gesendet' if is_repeated else 'erledigt'} von {message.seen_to_by}"


def _of_receipt(receipt: Receipt) -> str:
    reason = failures.words(receipt.code)
    return f"der Dienst meldet: {receipt.status}{reason and f' ({reason})'}"


@audience(Audience.COORDINATOR)
@require_POST
def see_to(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    """Take a dead message off the list."""
    message = get_object_or_404(own.messages(request), pk=message_id)
    if elsewhere.see_to(message, by=request.user):
        notes.success(request, "Erledigt. Die Nachricht steht nicht mehr auf der Liste.")
    return redirect(f"{reverse('coordinator_messages')}?state={DEAD}")
