"""SMS to us: from the webhook, and from the provider's list for what was lost on the way.

Both write the same row once. What a text means is not known here: settings.REPLY_READER is woken.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from background.models import Heartbeat
from background.waking import wake
from notifications.arrivals import Reply
from notifications.channels.base import DeliveryError, Unclear, channel_class, channel_for
from notifications.models import Channel
from pools.models import Pool

log = logging.getLogger(__name__)

POLL = "sms_poll"
TURN = "sms_poll_turn"
TURN_FOR = timedelta(seconds=30)
"""Whose turn it is to ask; one that died in the middle of it is followed by the next."""
POLL_EVERY = timedelta(minutes=3)
OVERLAP = timedelta(hours=1)
"""How far back each poll looks beyond the last: a text may show up late in the list."""
FIRST_LOOK = timedelta(hours=24)
LONGEST_TEXT = 1600


@transaction.atomic
def take(
    carrier: str,
    *,
    provider_reference: str,
    sender: str,
    receiver: str,
    text: str,
    sent_at: datetime | None = None,
) -> bool:
    """Keep an SMS as it came and wake its reader; return whether it was new."""
    at = now()
    reply = Reply(
        carrier=carrier,
        provider_reference=provider_reference[:80],
        sender=sender[:40],
        receiver=receiver[:40],
        text=text.replace("\x00", "")[:LONGEST_TEXT],
        sent_at=sent_at or at,
        received_at=at,
    )
    Reply.objects.bulk_create([reply], ignore_conflicts=True)
    stored = Reply.objects.filter(public_id=reply.public_id).values_list("pk", flat=True).first()
    if stored is None:
        return False
    failpoint("inbound.kept")
    wake(settings.REPLY_READER, stored)
    return True


def sweep() -> None:
    """Ask the provider's list every few minutes for what no webhook has brought. Idempotent."""
    if not channel_class(Channel.SMS).has_inbound:
        return
    at = now()
    last, _ = Heartbeat.objects.get_or_create(
        name=POLL, defaults={"beaten_at": at - FIRST_LOOK + OVERLAP}
    )
    if last.beaten_at + POLL_EVERY > at or not _take_turn(at):
        return
    failpoint("inbound.before_poll")
    try:
        new = poll(since=last.beaten_at - OVERLAP)
    except (Unclear, DeliveryError) as error:
        Heartbeat.objects.filter(name=TURN, beaten_at=at).update(beaten_at=at - TURN_FOR)
        log.warning("sms_poll_failed", extra={"code": error.code})
        return
    # Only now: who dies before has not listened, and the next one looks as far back.
    Heartbeat.objects.filter(name=POLL, beaten_at__lt=at).update(beaten_at=at)
    if new:
        log.warning("sms_found_by_poll", extra={"count": new})


def _take_turn(at: datetime) -> bool:
    """Return whether nobody else is asking now."""
    turn, _ = Heartbeat.objects.get_or_create(name=TURN, defaults={"beaten_at": at - TURN_FOR})
    free = Heartbeat.objects.filter(
        name=TURN, beaten_at=turn.beaten_at, beaten_at__lte=at - TURN_FOR
    )
    return bool(free.update(beaten_at=at))


def poll(*, since: datetime) -> int:
    """Take what the provider lists as sent to our numbers since then; return how many were new."""
    channel = channel_for(Channel.SMS)
    found = [one for number in our_numbers() for one in channel.inbound(to=number, since=since)]
    carrier = settings.NOTIFICATION_CHANNELS[Channel.SMS]
    new = 0
    for one in sorted(found, key=lambda arrival: arrival.sent_at):
        new += take(
            carrier,
            provider_reference=one.provider_id,
            sender=one.sender,
            receiver=one.receiver,
            text=one.text,
            sent_at=one.sent_at,
        )
    return new


def our_numbers() -> list[str]:
    """Return every number of ours that can be answered: the pools' own, and the common one."""
    pools = Pool.objects.exclude(sms_number="").values_list("sms_number", flat=True)
    common = [settings.TWILIO_SENDER] if settings.TWILIO_SENDER.startswith("+") else []
    return list(dict.fromkeys([*pools.order_by("pk"), *common]))
