"""The second try: what failed after it was accepted goes to the person's next address, once."""

from __future__ import annotations

import uuid

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from notifications import failures, links
from notifications.claiming import next_contact
from notifications.models import Message, MessageState
from notifications.writing import DELIVER
from pools.models import User


def write_elsewhere(message: Message, *, code: str) -> Message | None:
    """Write the failed message once more to the next usable contact; None when there is none.

    Called in the transaction that notes the failure. What was overtaken meanwhile, a code, and
    what is too late stay where they are. The link is a new one (decision 12).
    """
    at = now()
    parameters = dict(message.spare or message.parameters)
    if not parameters or message.superseded_at is not None or message.not_after <= at:
        return None
    other = next_contact(message)
    if other is None:
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
    failpoint("elsewhere.written")
    wake(DELIVER, str(again.pk))
    return again


def see_to(message: Message, *, by: User) -> bool:
    """Take a dead message off the list: a coordinator has called, or knows better."""
    return Message.objects.dead().filter(pk=message.pk).update(seen_to_at=now(), seen_to_by=by) > 0
