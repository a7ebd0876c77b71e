"""What an e-mail carries beside its text: a plain HTML copy, a calendar entry, the way out."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.html import escape

from background.clock import now
from notifications import contacts
from notifications.calendar_entry import entry
from notifications.channels.base import Extras
from notifications.models import Channel, Contact, Message, MessageClass

WITH_CALENDAR = frozenset({"accepted"})
UNSUBSCRIBE = "/webhooks/abmelden/"
_LINK = re.compile(r"https?://[^\s<]+")
_signer = signing.Signer(key=settings.LINK_KEY, salt="notifications.unsubscribe")


def extras_for(message: Message, text: str, parameters: dict[str, Any]) -> Extras:
    """Return what goes along with a message; for an SMS only the pool's own number."""
    pool = message.pool
    if message.contact.channel != Channel.EMAIL:
        return Extras(sender=pool.sms_number if pool else "")
    is_offer = message.message_class == MessageClass.OFFER
    return Extras(
        reply_to=pool.email if pool else "",
        html=html_of(text),
        calendar=_calendar(message, parameters) if message.template in WITH_CALENDAR else "",
        unsubscribe=unsubscribe_address(message.contact) if is_offer else "",
    )


def html_of(text: str) -> str:
    """Return the text as HTML without style, pictures or anything that is fetched."""
    blocks = []
    for block in text.strip().split("\n\n"):
        lines = "<br>\n".join(_line(line) for line in block.splitlines())
        blocks.append(f"<p>{lines}</p>")
    body = "\n".join(blocks)
    return f'<!doctype html>\n<html lang="de"><body>\n{body}\n</body></html>\n'


def _line(line: str) -> str:
    safe = str(escape(line))
    return _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', safe)


def _calendar(message: Message, parameters: dict[str, Any]) -> str:
    """Return the appointment for a calendar; of a hidden place none is named (decision 15)."""
    return entry(
        uid=f"{message.about[0]}@{settings.PUBLIC_LINK_HOST}",
        written_at=message.created_at,
        starts_at=datetime.fromisoformat(str(parameters["beginn"])),
        minutes=int(parameters["dauer"]),
        title=f"Einsatz: {parameters['sprache']}",
        place=str(parameters.get("kalender_ort", "")),
        notes=f"Adresse, Kontakt, Absagen: {settings.PUBLIC_URL}/meine-einsaetze/",
    )


def unsubscribe_address(contact: Contact) -> str:
    """Return the address that stops messages to this mailbox; it opens nothing else."""
    return f"{settings.PUBLIC_URL}{UNSUBSCRIBE}{_signer.sign(str(contact.public_id))}/"


def mailbox_of(token: str) -> Contact | None:
    """Return the contact an address of this kind stands for, None when it is not one of ours."""
    try:
        public_id = UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Contact.objects.filter(public_id=public_id, channel=Channel.EMAIL).first()


def unsubscribe(contact: Contact) -> None:
    """Write to this mailbox no more; once is enough, and sign-in codes still come."""
    if contact.stopped_at is None or contact.stopped_at > now():
        contacts.stop(contact)
