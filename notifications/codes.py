"""Sign-in codes: through the outbox like everything else, but rationed: they cost and annoy."""

from __future__ import annotations

import secrets
from datetime import timedelta

import phonenumbers
from django.conf import settings
from django.db import transaction

from background.clock import now
from notifications import outbox
from notifications.models import Channel, Contact, Message, MessageClass

VALID_FOR = timedelta(minutes=10)
CODES_PER_HOUR = {Channel.SMS: 3, Channel.EMAIL: 10}
"""An e-mail costs nothing, but nobody's mailbox is to be flooded (decision 25 limits SMS)."""


def may_send_code(contact: Contact) -> bool:
    """Return whether a code may go to this contact now.

    At most CODES_PER_HOUR for one address. By SMS only to numbers of settings.SMS_CODE_COUNTRIES
    that were verified or given by the person and not stopped, and up to
    settings.SMS_CODE_DAILY_CAP a day.
    """
    if contact.closed_at is not None or not contact.person.is_active:
        return False
    at = now()
    codes = Message.objects.filter(
        message_class=MessageClass.CODE, contact__channel=contact.channel
    )
    to_this = codes.filter(contact__address=contact.address, created_at__gt=at - timedelta(hours=1))
    if to_this.count() >= CODES_PER_HOUR[Channel(contact.channel)]:
        return False
    if contact.channel != Channel.SMS:
        return True
    if contact.stopped_at is not None or not (contact.verified_at or contact.consented_at):
        return False
    if str(phonenumbers.parse(contact.address).country_code) not in settings.SMS_CODE_COUNTRIES:
        return False
    return codes.filter(created_at__gt=at - timedelta(days=1)).count() < settings.SMS_CODE_DAILY_CAP


@transaction.atomic
def send_code(contact: Contact, *, code: str) -> bool:
    """Write the code to the contact if it may be sent; return whether it will be.

    An earlier code that is still waiting is taken back: only the last one is valid.
    """
    # Locked, so that two browsers cannot both take the last one.
    contact = (
        Contact.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .get(pk=contact.pk)
    )
    if not may_send_code(contact):
        return False
    about = f"contact:{contact.public_id}"
    outbox.supersede(about, templates={"code"})
    message = outbox.write(
        contact.person,
        pool=None,
        template="code",
        parameters={"code": code},
        message_class=MessageClass.CODE,
        about=[about],
        step=secrets.token_hex(8),
        not_after=now() + VALID_FOR,
        priority=1,
        contact=contact,
    )
    return message is not None
