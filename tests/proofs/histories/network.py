"""A provider in this process: takes messages, loses answers, tells what became of each.

Without HTTP, since a history has dozens of messages and half a second to live. What it took stays
taken when a transaction of ours is rolled back, as at a real provider.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from background.clock import now
from notifications.channels.base import (
    NO_EXTRAS,
    Arrival,
    DeliveryError,
    Extras,
    Sighting,
    Unclear,
)

SMS = "tests.proofs.histories.network.Sms"
MAIL = "tests.proofs.histories.network.Mail"
CLOCKS_DIFFER = timedelta(minutes=10)


class Mood(StrEnum):
    """How the network answers from now on."""

    WELL = "well"
    TAKES_AND_FAILS = "takes it, then answers 500"
    SLOW = "no answer, and not taken"
    THROTTLES = "429"
    REFUSES = "the number is not a mobile one"


@dataclass
class Taken:
    """A message at the provider."""

    provider_id: str
    reference: str
    to: str
    text: str
    at: datetime
    status: str = "accepted"


@dataclass
class Network:
    """What one history sent; started anew for each."""

    mood: Mood = Mood.WELL
    taken: list[Taken] = field(default_factory=list)

    def take(self, to: str, text: str, reference: str) -> str:
        """Take a message, or not, as the mood is."""
        if self.mood == Mood.SLOW:
            raise Unclear("timeout")
        if self.mood == Mood.THROTTLES:
            raise DeliveryError("429", permanent=False, provider_fails=True)
        if self.mood == Mood.REFUSES and "@" not in to:
            raise DeliveryError("21614", permanent=True)
        one = Taken(f"P{len(self.taken)}", reference, to, text, now())
        self.taken.append(one)
        if self.mood == Mood.TAKES_AND_FAILS:
            raise Unclear("500")
        return one.provider_id

    def begin(self, with_what: Sequence[Taken] = ()) -> None:
        """Forget everything but these: a new history begins."""
        self.mood, self.taken = Mood.WELL, [replace(one) for one in with_what]

    def doubled_sms(self) -> list[str]:
        """Return the messages that went out by SMS more than once."""
        times = Counter(one.reference for one in self.taken if "@" not in one.to)
        return [reference for reference, number in times.items() if number > 1]


network = Network()
"""The one all channels of this process speak to."""


class Sms:
    """SMS by a provider that can be asked by number and text, as Twilio can."""

    has_lookup = True
    has_inbound = False
    can_be_answered = True
    resends_unclear = False

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Hand the text over."""
        return network.take(to, text, reference)

    def lookup(self, *, to: str, text: str, sent_after: datetime, reference: str) -> list[Sighting]:
        """Return what was taken for this number with this text; it does not know our ids."""
        if network.mood == Mood.SLOW:
            raise Unclear("timeout")
        return [
            Sighting(one.provider_id, one.status)
            for one in network.taken
            if (one.to, one.text) == (to, text) and one.at >= sent_after - CLOCKS_DIFFER
        ]

    def state_of(self, provider_id: str) -> Sighting | None:
        """Return what became of it."""
        if network.mood == Mood.SLOW:
            raise Unclear("timeout")
        known = (one for one in network.taken if one.provider_id == provider_id)
        return next((Sighting(one.provider_id, one.status) for one in known), None)

    def inbound(self, *, to: str, since: datetime) -> list[Arrival]:
        """Return nothing: replies come by the webhook here."""
        return []

    @staticmethod
    def read_status(provider_id: str, status: str, code: str) -> Sighting | None:
        """Return what a word in a receipt means."""
        return Sighting(provider_id, status, code)


class Mail(Sms):
    """E-mail: cannot be asked; a second copy has the same Message-ID."""

    has_lookup = False
    can_be_answered = False
    resends_unclear = True
