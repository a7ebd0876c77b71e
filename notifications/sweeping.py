"""The sweep finds what nobody holds: run-out leases, unclear sends, missing receipts, due rows.

Losing the queue loses nothing: every deadline is a column that is looked at here, at each beat.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from background import trace
from background.clock import now
from background.failpoints import failpoint
from notifications import states
from notifications.channels.base import (
    Channel,
    DeliveryError,
    Sighting,
    Unclear,
    channel_class,
    channel_for,
    class_at,
    refuse_inside_transaction,
)
from notifications.claiming import LEASE
from notifications.elsewhere import write_elsewhere
from notifications.models import Channel as Kind
from notifications.models import Message, MessageState
from notifications.receipts import note_sighting
from notifications.sending import deliver, put_back, rendered_for
from notifications.texts import TextIncomplete

log = logging.getLogger(__name__)

SETTLED_AFTER = timedelta(seconds=40)
"""The last call of a lease has ended, and what it left has been there for another LEASE: by then a
message surely shows up in the look-up (after an ordinary call, for more than half a minute)."""
SURELY_OVER_AFTER = timedelta(seconds=50)
"""Where nobody can be asked: a mail server has ten seconds for each of its answers, not for all."""
ASK_AGAIN_AFTER = timedelta(seconds=5)
RECEIPT_AFTER = timedelta(minutes=5)
RECEIPT_AGAIN_AFTER = timedelta(minutes=30)
RECEIPT_UNTIL = timedelta(hours=24)
PER_STEP = 500
ASK_FOR_S = 4.0
SWEEP_FOR_S = 10.0
"""Nothing new is started after this long (a provider may hang); the next beat goes on."""


def sweep() -> None:
    """Bring every message a step further that is not in somebody's hand. Idempotent."""
    refuse_inside_transaction()
    began = time.monotonic()
    at = now()
    states.release_run_out_leases(at)
    states.expire(at)
    unknown = Message.objects.filter(state=MessageState.UNKNOWN, lease_until__lte=at)
    _each(unknown.order_by("priority", "lease_until"), resolve_unknown, began + ASK_FOR_S)
    _each(Message.objects.due(at), deliver, began + SWEEP_FOR_S)
    receipts = Message.objects.filter(
        Q(looked_up_at__isnull=True) | Q(looked_up_at__lt=at - RECEIPT_AGAIN_AFTER),
        state=MessageState.ACCEPTED,
        accepted_at__range=(at - RECEIPT_UNTIL, at - RECEIPT_AFTER),
        contact__channel__in=_channels_that_answer(),
    )
    _each(receipts.order_by("accepted_at"), ask_for_receipt, began + SWEEP_FOR_S)


def resolve_unknown(message_id: str) -> None:
    """Ask the provider whether it has a message, then adopt it or let it be sent again.

    Where the provider cannot be asked, an e-mail is sent again once, under the same Message-ID; an
    SMS never is: it goes to the next address.
    """
    refuse_inside_transaction()
    message = _take_for_look_up(UUID(str(message_id)))
    if message is not None:
        with trace.following(message.trace or trace.current()):
            _resolve(message)


def _resolve(message: Message) -> None:
    kind = message.contact.channel
    asked = class_at(message.carrier, kind)
    if not asked.has_lookup:
        if message.failure == states.LEASE_RAN_OUT and _may_be_under_way(message):
            _ask_later(message)
        else:
            _send_again_once(message, may_resend=asked.resends_unclear)
        return
    try:
        sighting = _seen_at(channel_for(kind, message.carrier), message)
    except (Unclear, DeliveryError) as error:
        _ask_later(message, failure=error.code[:40])
        return
    except TextIncomplete:  # without its text it was never handed over
        log.exception("message_incomplete", extra={"message_id": str(message.pk)})
        states.move(message.pk, MessageState.FAILED, failure="text_incomplete")
        return
    failpoint("outbox.looked_up")
    if sighting is not None:
        note_sighting(message.pk, sighting)
    elif _is_too_early(message):
        _ask_later(message)
    else:
        put_back(message, after=timedelta(0), failure="not_found")


def _may_be_under_way(message: Message) -> bool:
    """Return whether its sender, of whom we heard nothing, may still be calling."""
    return bool(message.handed_over_at and now() < message.handed_over_at + SURELY_OVER_AFTER)


def _is_too_early(message: Message) -> bool:
    """Return whether the provider, when we began to ask, might not have shown it yet."""
    asked_at = message.looked_up_at or now()
    return bool(message.handed_over_at and asked_at < message.handed_over_at + SETTLED_AFTER)


def ask_for_receipt(message_id: str) -> None:
    """Ask the provider what became of a message it accepted."""
    refuse_inside_transaction()
    message = (
        Message.objects.select_related("contact")
        .filter(pk=UUID(str(message_id)), state=MessageState.ACCEPTED)
        .first()
    )
    if message is None:
        return
    Message.objects.filter(pk=message.pk).update(looked_up_at=now())
    try:
        channel = channel_for(message.contact.channel, message.carrier)
        sighting = channel.state_of(message.provider_reference)
    except (Unclear, DeliveryError):
        return
    if sighting is not None:
        note_sighting(message.pk, sighting)


def _each(messages: QuerySet[Message], do: Callable[[str], None], stop_at: float) -> None:
    """Do it for each id until the time is up; one that fails does not stop the others."""
    for message_id in messages.values_list("pk", flat=True)[:PER_STEP]:
        if time.monotonic() > stop_at:
            return
        try:
            do(str(message_id))
        except Exception:
            log.exception("sweep_of_message_failed", extra={"message_id": str(message_id)})


def _take_for_look_up(message_id: UUID) -> Message | None:
    """Keep other sweeps from asking the same; return the message."""
    at = now()
    taken = Message.objects.filter(
        pk=message_id, state=MessageState.UNKNOWN, lease_until__lte=at
    ).update(lease_until=at + LEASE, looked_up_at=at)
    if not taken:
        return None
    return Message.objects.select_related("contact", "person", "pool").get(pk=message_id)


def _seen_at(channel: Channel, message: Message) -> Sighting | None:
    """Return the provider's copy of this message that no other message has adopted."""
    sightings = channel.lookup(
        to=message.contact.address,
        text=rendered_for(message).text,
        sent_after=message.created_at,
        reference=str(message.pk),
    )
    adopted = set(
        Message.objects.filter(
            provider_reference__in=[sighting.provider_id for sighting in sightings]
        )
        .exclude(pk=message.pk)
        .values_list("provider_reference", flat=True)
    )
    return next((s for s in sightings if s.provider_id not in adopted), None)


@transaction.atomic
def _send_again_once(message: Message, *, may_resend: bool) -> None:
    """Send again where a second copy is recognised; else leave it, and try the next address."""
    if may_resend and message.unclear <= 1:
        put_back(message, after=timedelta(0), failure=message.failure)
    elif states.move(message.pk, MessageState.FAILED, attempts=message.attempts, failure="unclear"):
        write_elsewhere(message, code="unclear")


def _ask_later(message: Message, **fields: str) -> None:
    Message.objects.filter(pk=message.pk, state=MessageState.UNKNOWN).update(
        lease_until=now() + ASK_AGAIN_AFTER, **fields
    )


def _channels_that_answer() -> list[str]:
    return [kind for kind in Kind.values if channel_class(kind).has_lookup]
