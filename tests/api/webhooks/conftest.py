"""The people and providers of the tests of the outbox."""

from __future__ import annotations

from tests.notifications.conftest import amal, berta, twilio

__all__ = ["amal", "berta", "twilio"]
