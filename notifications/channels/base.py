"""What a channel does, and the words for what can go wrong."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

CALL_TIMEOUT_S = 10
"""No provider is waited for longer than this."""


class DeliveryError(Exception):
    """The provider certainly did not take the message.

    Permanent: trying again is useless. What follows for the address says failures.TABLE.
    Provider fails: it is not about this message; another provider may take it.
    """

    def __init__(self, code: str, *, permanent: bool, provider_fails: bool = False) -> None:
        """Keep the provider's code; its text may hold personal data and is dropped."""
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.provider_fails = provider_fails


class Unclear(Exception):
    """Nobody knows whether the provider has taken the message: never send it again blindly."""

    def __init__(self, code: str) -> None:
        """Keep a short word for the cause."""
        super().__init__(code)
        self.code = code


class InsideTransaction(RuntimeError):
    """A provider was about to be called while a database transaction was open."""


@dataclass(frozen=True)
class Sighting:
    """A message as the provider shows it; `state` is accepted, delivered or failed."""

    provider_id: str
    state: str
    code: str = ""


@dataclass(frozen=True)
class Arrival:
    """An SMS to one of our numbers, as the provider lists it."""

    provider_id: str
    sender: str
    receiver: str
    text: str
    sent_at: datetime


@dataclass(frozen=True)
class Extras:
    """What only some channels can make use of; the others leave it out."""

    sender: str = ""
    """The pool's own number for SMS, so that people can answer."""
    reply_to: str = ""
    html: str = ""
    calendar: str = ""
    unsubscribe: str = ""
    """The address that stops messages by one POST (RFC 8058)."""


NO_EXTRAS = Extras()


class Channel(Protocol):
    """A channel does one thing: it carries texts to addresses of one kind."""

    has_lookup: bool
    """Whether the provider can be asked what became of a message."""

    has_inbound: bool
    """Whether the provider keeps a list of what people sent to us."""
    can_be_answered: bool
    """Whether «JA 47» sent back to where a text came from reaches us."""
    resends_unclear: bool
    """Whether a second copy does no harm: the receiver sees that it is the same."""

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Hand the text over; return the provider's id. Raises DeliveryError or Unclear."""

    def lookup(self, *, to: str, text: str, sent_after: datetime, reference: str) -> list[Sighting]:
        """Return what the provider holds that may be this message, the oldest first.

        Raises Unclear when the provider cannot say.
        """

    def state_of(self, provider_id: str) -> Sighting | None:
        """Return what became of a message it took, None when it knows none of that id.

        Raises Unclear when the provider cannot say.
        """

    def inbound(self, *, to: str, since: datetime) -> list[Arrival]:
        """Return what was sent to this number of ours since then. Raises Unclear."""


class CannotBeAsked:
    """A channel whose provider takes texts and holds no list of them, nor of answers."""

    has_lookup = False
    has_inbound = False

    def lookup(self, *, to: str, text: str, sent_after: datetime, reference: str) -> list[Sighting]:
        """Return nothing."""
        return []

    def state_of(self, provider_id: str) -> Sighting | None:
        """Return None."""
        return None

    def inbound(self, *, to: str, since: datetime) -> list[Arrival]:
        """Return nothing."""
        return []


def channel_class(kind: str) -> type[Channel]:
    """Return the channel that settings.NOTIFICATION_CHANNELS names for this kind of address."""
    found: type[Channel] = import_string(settings.NOTIFICATION_CHANNELS[kind])
    return found


def class_at(path: str, kind: str) -> type[Channel]:
    """Return the channel that took a message; of an older message the one in the settings."""
    return import_string(path) if path else channel_class(kind)


def channel_for(kind: str, path: str = "") -> Channel:
    """Return that channel, ready to send; raises DeliveryError when it is not set up."""
    try:
        return class_at(path, kind)()
    except Exception as error:
        log.exception("channel_not_ready", extra={"channel": path or kind})
        raise DeliveryError("channel_not_ready", permanent=False, provider_fails=True) from error


def is_inside_transaction() -> bool:
    """Return whether a transaction is open.

    The seam for fast tests, which run inside one: they replace this function by one that counts
    only the transactions opened after the test's own (tests/sending.py).
    """
    return connection.in_atomic_block


def refuse_inside_transaction() -> None:
    """Raise InsideTransaction when a transaction is open.

    A provider may take ten seconds, and a rollback cannot call a message back.
    """
    if is_inside_transaction():
        raise InsideTransaction("commit before calling a provider")
