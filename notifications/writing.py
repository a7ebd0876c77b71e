"""Messages are written in the transaction of their cause, and taken back in that of their end."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from background import trace
from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from notifications import contacts, links, numbers, states, texts
from notifications.links import LinkSpec
from notifications.models import (
    UNSENT_STATES,
    Channel,
    Contact,
    Message,
    MessageClass,
    MessageState,
)
from pools.models import Pool, User

log = logging.getLogger(__name__)
DELIVER = "notifications.outbox.deliver"


@transaction.atomic
def write(
    person: User,
    *,
    pool: Pool | None,
    template: str,
    parameters: dict[str, Any],
    message_class: str,
    about: list[str],
    step: str,
    not_after: datetime,
    not_before: datetime | None = None,
    priority: int = 5,
    contact: Contact | None = None,
    link: LinkSpec | tuple[str, Any, datetime] | None = None,
    can_be_answered: bool = False,
) -> Message | None:
    """Write a message down; it goes out after the commit, not before `not_before`.

    None when the person has no usable contact, or when the same message (template, about[0],
    person, step) was written already. `link` is issued here and appears as `{link}`; a plain
    address behind the sign-in may stand in the parameters instead.
    `can_be_answered` gives it a short number for «JA 47», where the pool has a number of its own.
    `parameters["may_disturb"]` lets it out in quiet hours: the caller answers for the consent.
    """
    contact = contact or next(iter(contacts.usable(person)), None)
    if contact is None:
        return None
    parameters = dict(parameters)
    spec = LinkSpec(*link) if link is not None else None
    token = links.new_token()
    if spec is not None:
        if pool is None:
            raise ValueError("a link belongs to a pool")
        parameters["link"] = links.address(spec.purpose, token)
    if can_be_answered and pool and pool.sms_number and contact.channel == Channel.SMS:
        # It means something on this telephone only; another address gets the text with the link.
        parameters["nr"] = numbers.issue(contact.address, about[0])
        parameters["nr_contact"] = contact.pk
    texts.check_parameters(template, parameters)
    written_at = now()
    message = Message(
        pool=pool,
        person=person,
        contact=contact,
        dedupe_key=f"{template}:{about[0]}:{person.public_id}:{step}",
        message_class=MessageClass(message_class),
        template=template,
        parameters=parameters,
        about=about,
        priority=priority,
        not_before=not_before or written_at,
        not_after=not_after,
        created_at=written_at,
        trace=trace.current(),
        link_digest=links.digest(token) if spec is not None else "",
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not Message.objects.filter(pk=message.pk).exists():
        return None
    if spec is not None and pool is not None:
        links.remember(token, spec, person=person, pool=pool)
    log.info("message_written", extra={"message_id": str(message.pk)})
    failpoint("outbox.written")
    if message.not_before <= written_at:
        wake(DELIVER, str(message.pk))
    return message


@transaction.atomic
def supersede(
    about: str, *, templates: Collection[str] | None = None, person: User | None = None
) -> int:
    """Take back what speaks of this object and is not sent yet; return how many messages.

    What a sender has in hand right now may still go out, but is never sent again.
    """
    # What was accepted or failed is marked too: it gets no second try elsewhere.
    open_ones = Message.objects.about(about).filter(
        state__in=(*UNSENT_STATES, MessageState.ACCEPTED, MessageState.FAILED),
        superseded_at__isnull=True,
    )
    if templates is not None:
        open_ones = open_ones.filter(template__in=templates)
    if person is not None:
        open_ones = open_ones.filter(person=person)
    # Locked in one order, so that two who close the same offer cannot wait for each other.
    ids = list(open_ones.order_by("pk").select_for_update().values_list("pk", flat=True))
    return states.overtake(ids)


def was_handed_over(about: str, *, templates: Collection[str] | None = None) -> bool:
    """Return whether the provider has, or may have, a message that speaks of this object."""
    told = Message.objects.about(about).filter(
        state__in=(
            MessageState.SENDING,
            MessageState.UNKNOWN,
            MessageState.ACCEPTED,
            MessageState.DELIVERED,
        )
    )
    if templates is not None:
        told = told.filter(template__in=templates)
    return told.exists()
