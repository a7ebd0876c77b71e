"""The demo provider: messages go to a page on which everybody can read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from notifications.channels.base import NO_EXTRAS, Arrival, Extras, Sighting
from notifications.models import Channel as Kind
from notifications.models import DemoMessage


class DemoChannel:
    """Takes every message at once, and the same message only once."""

    has_lookup = True
    has_inbound = False
    can_be_answered = True
    resends_unclear = True

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Keep the message for the demo page; return the id it has there."""
        kept, _ = DemoMessage.objects.get_or_create(
            message_id=UUID(reference),
            defaults={
                "channel": Kind.EMAIL if "@" in to else Kind.SMS,
                "address": to,
                "subject": subject,
                "text": text,
            },
        )
        return str(kept.reference)

    def lookup(self, *, to: str, text: str, sent_after: datetime, reference: str) -> list[Sighting]:
        """Return the message if it is here: looked up by our id, which real providers cannot."""
        return [
            Sighting(str(kept), "delivered")
            for kept in DemoMessage.objects.filter(message_id=UUID(reference)).values_list(
                "reference", flat=True
            )
        ]

    def state_of(self, provider_id: str) -> Sighting | None:
        """Return delivered: a demo phone is never switched off."""
        return Sighting(provider_id, "delivered")

    def inbound(self, *, to: str, since: datetime) -> list[Arrival]:
        """Return nothing: demo phones answer by their links."""
        return []
