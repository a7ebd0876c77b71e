"""Sending one message: claim it, commit, call the provider, note what happened.

Whoever flips the row owns it for the length of a lease. Between the claim and the note no
transaction is open; whatever dies there is found by the sweep (sweeping.py).
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from background import trace
from background.clock import now
from background.failpoints import failpoint
from notifications import carriers, letters, states, texts, wording
from notifications.channels.base import (
    CALL_TIMEOUT_S,
    DeliveryError,
    Unclear,
    channel_for,
    class_at,
    refuse_inside_transaction,
)
from notifications.claiming import claim, next_contact, zone_of
from notifications.models import Message, MessageState
from notifications.receipts import mark_address
from notifications.texts import Rendered, TextIncomplete

log = logging.getLogger(__name__)

BACKOFF_S = (15, 60, 300)
"""Pause after the first, second, third try; the last one repeats until not_after."""


def deliver(message_id: str) -> None:
    """Send one message, unless it is not due or another worker has it in hand. Idempotent."""
    refuse_inside_transaction()
    message = claim(UUID(str(message_id)))
    if message is not None:
        with trace.following(message.trace or trace.current()):
            _hand_over(message)


def _hand_over(message: Message) -> None:
    """Call the provider and note what it said."""
    failpoint("outbox.claimed")
    try:
        provider_id = _call(message, rendered_for(message))
    except TextIncomplete:
        log.exception("message_incomplete", extra={"message_id": str(message.pk)})
        _note(message, MessageState.FAILED, failure="text_incomplete")
    except DeliveryError as error:
        failpoint("outbox.before_refused")
        _refused(message, error)
    except Unclear as error:
        carriers.leave_alone(message.carrier)
        failpoint("outbox.before_unknown")
        _unclear(message, error.code)
    except Exception:  # before the call (_call sees to that): it was certainly not sent
        log.exception("message_not_sent", extra={"message_id": str(message.pk)})
        put_back(message, after=_pause(message.attempts), failure="error")
    else:
        if provider_id is None:
            put_back(message, after=timedelta(0), failure=states.LEASE_RAN_OUT)
            return
        log.info(
            "message_accepted",
            extra={"message_id": str(message.pk), "channel": message.carrier},
        )
        carriers.is_well(message.carrier)
        failpoint("outbox.before_accepted")
        _note(
            message,
            MessageState.ACCEPTED,
            provider_reference=provider_id,
            accepted_at=now(),
            failure="",
        )
        failpoint("outbox.accepted")


def _call(message: Message, rendered: Rendered) -> str | None:
    """Return the provider's id; None when the lease is too old to call at all."""
    channel = channel_for(message.contact.channel, message.carrier)
    failpoint("outbox.before_provider")
    refuse_inside_transaction()
    ends_at_the_latest = now() + timedelta(seconds=CALL_TIMEOUT_S)
    if message.lease_until is None or ends_at_the_latest > message.lease_until:
        return None  # this process slept; by the end of the call somebody else may own the message
    try:
        return channel.send(
            to=message.contact.address,
            subject=rendered.subject,
            text=rendered.text,
            reference=str(message.pk),
            extras=letters.extras_for(message, rendered.text, message.parameters),
        )
    except (DeliveryError, Unclear):
        raise
    except Exception as error:
        log.exception("message_unclear", extra={"message_id": str(message.pk)})
        raise Unclear(type(error).__name__) from error


def rendered_for(message: Message) -> Rendered:
    """Return the text of a message in hand; the same each time it is asked for one try."""
    parameters: dict[str, Any] = {
        "vorname": message.person.given_name,
        "zentrum": "WIR-Vielfaltszentrum",
        "koordination": "",
        "telefon": "",
    }
    if message.pool:
        parameters |= {
            "zentrum": message.pool.centre_name,
            "koordination": message.pool.contact_name,
            "telefon": message.pool.phone,
        }
    parameters |= message.parameters
    line = class_at(message.carrier, message.contact.channel)
    if parameters.get("nr_contact") != message.contact.pk or not line.can_be_answered:
        parameters.pop("nr", None)
    if begins := message.parameters.get("beginn"):
        try:
            start = datetime.fromisoformat(begins)
        except ValueError as error:
            raise TextIncomplete("beginn") from error
        parameters["wann"] = wording.day_words(
            start, zone_of(message), seen_at=message.handed_over_at
        )
    return texts.render(message.template, message.contact.channel, parameters)


@transaction.atomic
def _refused(message: Message, error: DeliveryError) -> None:
    """Try again later, or somewhere else, or give up."""
    mark_address(message.contact, error.code)
    if error.provider_fails:
        carriers.leave_alone(message.carrier)
    if not error.permanent:
        elsewhere = error.provider_fails and carriers.has_another(
            message.contact.channel, message.carrier
        )
        pause = timedelta(0) if elsewhere else _pause(message.attempts)
        put_back(message, after=pause, failure=error.code)
    elif other := next_contact(message):
        put_back(message, after=timedelta(0), failure=error.code, contact=other)
    else:
        _note(message, MessageState.FAILED, failure=error.code)


def put_back(message: Message, *, after: timedelta, failure: str = "", **fields: Any) -> None:
    """Let a message that was certainly not sent wait for its next try, unless it was overtaken."""
    at = now()
    if states.give_up_overtaken(message.pk, attempts=message.attempts):
        return
    if message.not_after <= at:
        _note(message, MessageState.EXPIRED, failure=failure)
        return
    _note(message, MessageState.PENDING, not_before=at + after, failure=failure, **fields)


def _unclear(message: Message, code: str) -> None:
    """Nobody knows: the sweep will ask the provider, first in a moment."""
    _note(
        message,
        MessageState.UNKNOWN,
        lease_until=now(),
        failure=code[:40],
        unclear=F("unclear") + 1,
    )


def _note(message: Message, state: MessageState, **fields: Any) -> None:
    """Write down what became of this try; too late is not an error, but worth a line."""
    if not states.move(message.pk, state, attempts=message.attempts, **fields):
        log.warning("message_moved_on", extra={"message_id": str(message.pk), "to": str(state)})


def _pause(attempts: int) -> timedelta:
    seconds = BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1]
    return timedelta(seconds=seconds * secrets.SystemRandom().uniform(0.8, 1.2))
