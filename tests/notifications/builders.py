"""Messages for the tests of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from background.clock import now
from notifications import outbox
from notifications.models import Message, MessageClass
from notifications.wording import when_parameters
from pools.models import User

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 24, 14, 0, tzinfo=BERLIN)


def offer_parameters(**changes: Any) -> dict[str, Any]:
    """Return what an offer says, without its link."""
    return {
        **when_parameters((START, START + timedelta(hours=1)), BERLIN),
        "sprache": "Dari",
        "ort": "Gießen",
        "art": "Schule",
        "link": "https://lotsen.example/a/abcdefghijklmnop",
        **changes,
    }


def a_message(person: User, **changes: Any) -> Message:
    """Write an offer to the person, due now and worthless in six hours."""
    parameters = offer_parameters(**changes.pop("parameters", {}))
    message = outbox.write(
        person,
        **{
            "pool": None,
            "template": "offer",
            "parameters": parameters,
            "message_class": MessageClass.OFFER,
            "about": [f"proposal:{uuid4()}"],
            "step": "1",
            "not_after": now() + timedelta(hours=6),
            **changes,
        },
    )
    assert message is not None
    return message


def state_of(message: Message) -> str:
    """Return the state as the database has it."""
    message.refresh_from_db()
    return message.state


def delivered(message: Message) -> str:
    """Send the message and return its state."""
    outbox.deliver(str(message.pk))
    return state_of(message)
