"""Claiming: which message may go out now, and to which address. One short transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from background.clock import now
from background.failpoints import failpoint
from notifications import carriers, contacts, states
from notifications.models import (
    NO_CONTACT,
    Channel,
    Contact,
    Message,
    MessageClass,
    MessageState,
)
from notifications.quiet import quiet_until
from pools.holding import try_to_hold_person

LEASE = timedelta(seconds=20)
"""The longest call (10 s) and as long before it; who comes later than that does not call."""
SMS_GAP = timedelta(minutes=1)


@transaction.atomic
def claim(message_id: UUID) -> Message | None:
    """Take the message for the length of a lease, or put it off, or close it."""
    if not _hold_who_is_asked(message_id):
        return None
    at = now()
    message = (
        Message.objects.due(at)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("contact", "person", "pool")
        .filter(pk=message_id)
        .first()
    )
    if message is None or not _has_address(message):
        return None
    if later := _must_wait_until(message, at):
        Message.objects.filter(pk=message.pk).update(not_before=later)
        return None
    if reason := _not_right_any_more(message):
        states.move(message.pk, MessageState.SUPERSEDED, failure=reason)
        return None
    claimed: dict[str, Any] = {
        "attempts": message.attempts + 1,
        "lease_until": at + LEASE,
        "handed_over_at": at,
        "contact": message.contact,
        "carrier": carriers.choose(message.contact.channel),
    }
    # not states.move(): its `attempts` is a fence, here the number goes up
    Message.objects.filter(pk=message.pk, state=MessageState.PENDING).update(
        state=MessageState.SENDING, **claimed
    )
    for name, value in claimed.items():
        setattr(message, name, value)
    failpoint("outbox.claiming")
    return message


def _hold_who_is_asked(message_id: UUID) -> bool:
    """Hold the person an offer asks, so that the next sender sees what this one sent.

    False while somebody else decides about her: the next beat comes back to it. Waiting would let
    one process that sleeps here stop them all.
    """
    offer = Message.objects.filter(pk=message_id, message_class=MessageClass.OFFER)
    person = offer.values_list("person", flat=True).first()
    return person is None or try_to_hold_person(person)


def _not_right_any_more(message: Message) -> str:
    """Return the code of what speaks against an offer by now; of other messages nothing does."""
    if message.message_class != MessageClass.OFFER:
        return ""
    reason: str = import_string(settings.OFFER_GATE)(message)
    return reason


def _has_address(message: Message) -> bool:
    """Return whether the message can go to its contact or the next one; close it if not."""
    contact = message.contact
    if message.message_class == MessageClass.CODE:
        # Asked for by the person just now: consent to other messages is not needed.
        is_open = contact.closed_at is None and (
            contact.stopped_at is None or contact.channel == Channel.EMAIL
        )
    else:
        is_open = contacts.reachable(Contact.objects.filter(pk=contact.pk)).exists()
    if not message.person.is_active:
        is_open = False
    elif not is_open and (other := next_contact(message)):
        message.contact = other
        is_open = True
    if not is_open:
        states.move(message.pk, MessageState.SUPERSEDED, failure=NO_CONTACT, spare=states.KEPT)
    return is_open


def next_contact(message: Message) -> Contact | None:
    """Return the usable contact after this one; a code goes nowhere but where it was asked for."""
    if message.message_class == MessageClass.CODE:
        return None
    here = message.contact
    later = Q(rank__gt=here.rank) | Q(rank=here.rank, pk__gt=here.pk)
    return (
        contacts.reachable(Contact.objects.filter(later, person=message.person))
        .order_by("rank", "pk")
        .first()
    )


def _must_wait_until(message: Message, at: datetime) -> datetime | None:
    """Return until when quiet hours or the last SMS to this number hold the message back."""
    if message.message_class == MessageClass.CODE:
        return None
    contact = message.contact
    if not message.parameters.get("may_disturb"):
        quiet = quiet_until(
            at, begins=contact.quiet_from, ends=contact.quiet_until, zone=zone_of(message)
        )
        if quiet:
            return quiet
    if contact.channel != Channel.SMS:
        return None
    # Locked, so that two senders cannot both see a free minute.
    same_number = Contact.objects.filter(channel=Channel.SMS, address=contact.address)
    numbers = list(same_number.order_by("pk").select_for_update(no_key=True))
    last = (
        Message.objects.filter(contact__in=numbers, handed_over_at__gt=at - SMS_GAP)
        .exclude(pk=message.pk)
        .order_by("-handed_over_at")
        .first()
    )
    return last.handed_over_at + SMS_GAP if last and last.handed_over_at else None


def zone_of(message: Message) -> ZoneInfo:
    """Return the clock of the message's pool, else ours."""
    return message.pool.zone if message.pool else ZoneInfo(settings.TIME_ZONE)
