"""E-mails that came back later: a mail server's report (DSN, RFC 3464), read and noted.

The report goes to the envelope sender, which names our message. Who is named there is not asked:
forwarding changes it, and only the message counts. A report is a receipt like any other: kept once,
worked off by the worker, and what is final stays final.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from enum import StrEnum
from uuid import UUID

from notifications import receipts
from notifications.channels.email import BOUNCED, PATH, message_id_of
from notifications.models import Channel, Message

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ENVELOPE = re.compile(rf"\+({_UUID})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(rf"<({_UUID})@", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
ADDRESSED_TO = ("Delivered-To", "X-Original-To", "To")
ANSWERS_TO = ("X-Original-Message-ID", "In-Reply-To", "References")
NO_MAILBOX = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4"}
"""Detail of a 5.x.x that says that nothing will ever arrive there (RFC 3463, Exchange's 5.1.10)."""
FULL = {"2.2"}


class Outcome(StrEnum):
    """What became of a mail that came back."""

    TAKEN = "taken"  # a hard bounce of a message of ours
    SOFT = "soft"  # delayed, or on its way after all
    UNKNOWN = "unknown"  # no report, or not about a message of ours


@dataclass(frozen=True)
class Report:
    """What a mail server says about one mail of ours."""

    message_id: UUID
    action: str
    status: str

    @property
    def is_hard(self) -> bool:
        """Return whether the server has given up for good."""
        return self.action == "failed" and self.status.startswith("5.")

    @property
    def code(self) -> str:
        """Return the line of failures.TABLE; a refusal of the text says nothing of the address."""
        detail = self.status.removeprefix("5.")
        if detail in NO_MAILBOX:
            return "bounce_no_mailbox"
        return "bounce_full" if detail in FULL else "bounce_refused"


def take(raw: bytes) -> Outcome:
    """Note what a mail to the envelope sender says; the same one again changes nothing."""
    report = read(raw)
    if report is None:
        return Outcome.UNKNOWN
    ours = Message.objects.filter(pk=report.message_id, contact__channel=Channel.EMAIL).first()
    if ours is None:
        return Outcome.UNKNOWN
    if not report.is_hard:
        return Outcome.SOFT
    receipts.take(
        PATH,
        provider_reference=ours.provider_reference or message_id_of(str(ours.pk)),
        status=BOUNCED,
        code=report.code,
        message_id=ours.pk,
    )
    return Outcome.TAKEN


def read(raw: bytes) -> Report | None:
    """Return what a report says about which message, None when the mail is no such report."""
    mail = message_from_bytes(raw)
    message_id = _ours(mail)
    if message_id is None:
        return None
    for part in mail.walk():
        # The blocks of a message/delivery-status: one about the server, one for each recipient.
        if action := str(part.get("Action", "")).strip().lower():
            return Report(message_id, action, _status(part))
    return None


def _ours(mail: Mail) -> UUID | None:
    """Return the id of our message: from the envelope, or from the mail that came back."""
    for name in ADDRESSED_TO:
        for value in mail.get_all(name, []):
            if found := _ENVELOPE.search(str(value)):
                return UUID(found[1])
    for part in mail.walk():
        # The report's own Message-ID is the server's; any other is that of the mail it speaks of.
        names = ANSWERS_TO if part is mail else (*ANSWERS_TO, "Message-ID")
        named = [str(value) for name in names for value in part.get_all(name, [])]
        if part.get_content_type() == "text/rfc822-headers":
            named.append(str(part.get_payload()))
        if found := _MESSAGE_ID.search(" ".join(named)):
            return UUID(found[1])
    return None


def _status(block: Mail) -> str:
    """Return the enhanced status; what the far server said itself is more exact than «5.0.0»."""
    said = _STATUS.search(str(block.get("Status", "")))
    there = _STATUS.search(str(block.get("Diagnostic-Code", "")))
    if there is not None and (said is None or said[0].endswith(".0.0")):
        return there[0]
    return said[0] if said else ""
