"""The second try of what failed: by itself at the next address, or when a coordinator wants it."""

from __future__ import annotations

import logging
import uuid
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from notifications import contacts, failures, links
from notifications.claiming import next_contact
from notifications.models import Contact, Message, MessageState
from notifications.writing import DELIVER
from pools.models import User

log = logging.getLogger(__name__)
SEEN_TO = "Um diese Nachricht hat sich schon jemand gekümmert."
NOT_THERE = "An diese Adresse dürfen wir nicht schreiben. Wählen Sie eine andere."
MAKES_NO_SENSE = (
    "Diese Nachricht können wir nicht noch einmal senden: Der Anlass ist vorbei, oder der Text ist"
    " nach einem Tag gelöscht. Rufen Sie an."
)


def write_elsewhere(message: Message, *, code: str) -> Message | None:
    """Write the failed message once more to the next usable contact; None when there is none.

    Called in the transaction that notes the failure. What was overtaken meanwhile, a code, and
    what is too late stay where they are. The link is a new one (decision 12).
    """
    other = next_contact(message)
    return _write_to(other, message, code=code) if other is not None else None


@transaction.atomic
def write_by_hand(message_id: UUID, *, to: Contact, by: User) -> Message:
    """Write a dead message once more because a coordinator says so, to a contact she chose.

    A new row with a step of its own; the old one notes by whom. Raises ValidationError when it
    makes no sense any more: seen to or repeated meanwhile, overtaken, too late, text gone, a code.
    """
    message = (
        Message.objects.dead()
        .exclude(state=MessageState.UNKNOWN)
        .select_for_update(of=("self",))
        .select_related("contact", "person", "pool")
        .filter(pk=message_id)
        .first()
    )
    if message is None:
        raise ValidationError(SEEN_TO)
    if to.person_id != message.person_id or to not in contacts.usable(message.person):
        raise ValidationError(NOT_THERE)
    again = _write_to(to, message, code=message.failure)
    if again is None:
        raise ValidationError(MAKES_NO_SENSE)
    Message.objects.filter(pk=message.pk).update(seen_to_at=now(), seen_to_by=by)
    log.info("message_sent_again", extra={"message_id": str(again.pk)})
    return again


def may_be_repeated(message: Message) -> bool:
    """Return whether a coordinator may still send this dead message again."""
    is_whole = bool(message.spare) and message.superseded_at is None and message.not_after > now()
    dead = Message.objects.dead().exclude(state=MessageState.UNKNOWN)
    return is_whole and dead.filter(pk=message.pk).exists()


def _write_to(other: Contact, message: Message, *, code: str) -> Message | None:
    """Write it; None when it was overtaken, is too late or can't be put together any more."""
    at = now()
    parameters = dict(message.spare or message.parameters)
    if not parameters or message.superseded_at is not None or message.not_after <= at:
        return None
    digest = ""
    if message.link_digest:
        is_dead = failures.of(code).is_dead
        link = links.replace(message.link_digest, is_compromised=is_dead)
        if link is None:
            return None
        parameters["link"], digest = link
    again = Message(
        id=uuid.uuid4(),
        pool=message.pool,
        person=message.person,
        contact=other,
        dedupe_key=f"elsewhere:{message.pk}",
        message_class=message.message_class,
        template=message.template,
        template_version=message.template_version,
        parameters=parameters,
        about=message.about,
        priority=message.priority,
        not_before=at,
        not_after=message.not_after,
        state=MessageState.PENDING,
        link_digest=digest,
        instead_of=message,
        created_at=at,
        trace=message.trace,
    )
    Message.objects.bulk_create([again], ignore_conflicts=True)
    if not Message.objects.filter(pk=again.pk).exists():
        return None
    Message.objects.filter(pk=message.pk).update(spare={})  # the new row has it now
    failpoint("elsewhere.written")
    wake(DELIVER, str(again.pk))
    return again


def see_to(message: Message, *, by: User) -> bool:
    """Take a dead message off the list: a coordinator has called, or knows better."""
    return Message.objects.dead().filter(pk=message.pk).update(seen_to_at=now(), seen_to_by=by) > 0
