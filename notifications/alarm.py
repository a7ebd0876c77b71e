"""When messages do not leave, the operator hears of it by another way than these messages."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models import Min

from background.clock import now
from notifications.models import Message, MessageState

log = logging.getLogger(__name__)
OUTBOX_AT_MOST = timedelta(minutes=5)
AGAIN_AFTER_S = 3600
TOLD = "alarm-outbox"
SUBJECT = "Lotsenruf: Nachrichten gehen nicht hinaus"
TEXT = (
    "Die älteste fällige Nachricht wartet seit {minutes} Minuten.\n"
    "Sehen Sie nach: Läuft der Hintergrunddienst, antwortet der SMS- oder E-Mail-Dienst?\n"
    "docs/operations.md, «When something is wrong».\n"
)


def outbox_age() -> timedelta:
    """Return for how long the oldest message that may go out by now has been waiting."""
    instant = now()
    oldest = Message.objects.filter(
        state=MessageState.PENDING, not_before__lte=instant, not_after__gt=instant
    ).aggregate(at=Min("not_before"))["at"]
    return instant - oldest if oldest else timedelta()


def sweep() -> None:
    """Tell the operator, once an hour, when the outbox has aged."""
    age = outbox_age()
    if age <= OUTBOX_AT_MOST:
        return
    minutes = int(age.total_seconds() // 60)
    log.error("outbox_aged", extra={"minutes": minutes})
    if settings.OPERATOR_EMAIL and not cache.get(TOLD):
        # Not through the outbox: that is what is stuck.
        send_mail(SUBJECT, TEXT.format(minutes=minutes), None, [settings.OPERATOR_EMAIL])
        cache.set(TOLD, "told", AGAIN_AFTER_S)  # only now: a mail that failed is tried again
