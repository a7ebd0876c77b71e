"""The one clock: everything that asks for the time asks here, so that tests can move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

_read: Callable[[], datetime] | None = None


def now() -> datetime:
    """Return the present instant, aware and in UTC (SQL gets it as a parameter, never `now()`)."""
    return _read() if _read else datetime.now(UTC)
