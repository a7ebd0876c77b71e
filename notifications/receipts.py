"""Receipts: what providers say became of a message, noted once whatever comes in what order.

The webhook calls take; the worker works off, woken or by the sweep. States only rise: accepted,
then delivered or failed, and what is final stays final.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.module_loading import import_string

from background import trace
from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from background.waking import wake
from notifications import contacts, failures, states
from notifications.arrivals import Receipt
from notifications.channels.base import Sighting
from notifications.elsewhere import write_elsewhere
from notifications.models import Contact, Message, MessageState

log = logging.getLogger(__name__)

WORK_OFF = "notifications.receipts.work_off"
SWEEP_AFTER = timedelta(seconds=10)
GIVE_UP_AFTER = timedelta(hours=1)
"""A receipt whose message we do not know by then is not one of ours."""
KEPT_FOR = timedelta(days=30)
SPARES_FOR = timedelta(hours=24)
PER_SWEEP = 1000

S = MessageState


@transaction.atomic
def take(
    carrier: str, *, provider_reference: str, status: str, code: str, message_id: UUID | None = None
) -> None:
    """Keep a receipt as it came and wake the worker; the same one again changes nothing."""
    receipt = Receipt(
        carrier=carrier,
        provider_reference=provider_reference[:80],
        message_id=message_id,
        status=status[:20],
        code=code[:20],
    )
    Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    kept = Receipt.objects.filter(
        carrier=carrier,
        provider_reference=receipt.provider_reference,
        status=receipt.status,
        code=receipt.code,
        worked_off_at__isnull=True,
    ).values_list("pk", flat=True)
    for pk in kept:
        wake(WORK_OFF, pk)


@transaction.atomic
def work_off(receipt_pk: int) -> None:
    """Note what a receipt says; leave it for later while its message is in a sender's hand."""
    receipt = (
        Receipt.objects.select_for_update(skip_locked=True)
        .filter(pk=receipt_pk, worked_off_at__isnull=True)
        .first()
    )
    if receipt is None:
        return
    failpoint("receipt.taken_up")
    at = now()
    done = _note(receipt) or at - receipt.received_at > GIVE_UP_AFTER
    if done:
        Receipt.objects.filter(pk=receipt.pk).update(worked_off_at=at)
        failpoint("receipt.worked_off")


def sweep() -> None:
    """Work off what no wake-up reached, and forget what is old. Idempotent."""
    at = now()
    waiting = Receipt.objects.filter(
        worked_off_at__isnull=True, received_at__lte=at - SWEEP_AFTER
    ).order_by("received_at")
    some = waiting.values_list("pk", flat=True)[:PER_SWEEP]
    one_by_one(some, work_off, log, fails_as="receipt_failed", of="receipt")
    Receipt.objects.filter(received_at__lt=at - KEPT_FOR).delete()
    states.forget_spares(at - SPARES_FOR)


def _note(receipt: Receipt) -> bool:
    """Return whether nothing is left to do about this receipt."""
    sighting = import_string(receipt.carrier).read_status(
        receipt.provider_reference, receipt.status, receipt.code
    )
    if sighting is None:
        log.warning("receipt_not_understood", extra={"status": receipt.status})
        return True
    message = _message_of(receipt)
    if message is None or message.state == S.SENDING:
        return False  # its sender is about to note the reference
    note_sighting(message.pk, sighting)
    return True


def _message_of(receipt: Receipt) -> Message | None:
    by_reference = Message.objects.filter(provider_reference=receipt.provider_reference).first()
    if by_reference is not None or receipt.message_id is None:
        return by_reference
    return Message.objects.filter(pk=receipt.message_id).first()


@transaction.atomic
def note_sighting(message_id: UUID, sighting: Sighting) -> bool:
    """Take over what the provider knows about a message; return whether anything changed."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("contact", "person")
        .get(pk=message_id)
    )
    with trace.following(message.trace or trace.current()):
        noted = _take_over(message, sighting)
        log.info(
            "message_sighted",
            extra={"message_id": str(message.pk), "status": sighting.state, "code": sighting.code},
        )
    return noted


def _take_over(message: Message, sighting: Sighting) -> bool:
    state = S(sighting.state)
    if state == S.FAILED and _is_of_an_earlier_try(message, sighting):
        return False
    at = now()
    adopted = _reference(message, sighting)
    if state == S.ACCEPTED:
        return states.move(message.pk, state, accepted_at=at, failure="", **adopted)
    if state == S.FAILED:
        return _note_failure(message, sighting, adopted)
    if message.state != S.ACCEPTED:
        states.move(message.pk, S.ACCEPTED, accepted_at=at, **adopted)
    return states.move(message.pk, state, delivered_at=at, failure="")


def _is_of_an_earlier_try(message: Message, sighting: Sighting) -> bool:
    """Return whether a later try is already on its way: an old failure says nothing about it.

    A gateway that tells no id of its own when it takes a message knows it by ours, and may name
    its own in the receipt.
    """
    known = message.provider_reference
    return known not in ("", sighting.provider_id) and not known.endswith(str(message.pk))


def _reference(message: Message, sighting: Sighting) -> dict[str, Any]:
    """Return the provider's id for a row that has none, unless another row has it."""
    if message.provider_reference:
        return {}
    taken = Message.objects.filter(provider_reference=sighting.provider_id).exists()
    return {} if taken else {"provider_reference": sighting.provider_id}


def _note_failure(message: Message, sighting: Sighting, adopted: dict[str, Any]) -> bool:
    code = sighting.code[:40]
    if not states.move(message.pk, S.FAILED, failure=code, **adopted):
        return False
    mark_address(message.contact, code)
    if failures.of(code).action == failures.Action.FILTERED:
        # The next text like it will fare the same: the operator has to hear of it.
        log.error("message_filtered", extra={"message_id": str(message.pk), "code": code})
    write_elsewhere(message, code=code)
    return True


def mark_address(contact: Contact, code: str) -> None:
    """Note what a provider's code says about an address."""
    failure = failures.of(code)
    if failure.opted_out:
        contacts.stop(contact)
    if failure.is_dead:
        contacts.close(contact)


def last_heard_of(carrier: str) -> datetime | None:
    """Return when this provider last sent a receipt: None says that its callbacks do not arrive."""
    latest = Receipt.objects.filter(carrier=carrier).order_by("-received_at").first()
    return latest.received_at if latest else None
