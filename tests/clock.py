"""A clock that tests can set and move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from background import clock


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the time it shows."""
        return self.at

    def set(self, at: datetime) -> None:
        """Show another time."""
        self.at = at.astimezone(UTC)

    def forward(self, **span: float) -> None:
        """Move on by a span, as for timedelta."""
        self.at += timedelta(**span)


@contextmanager
def movable_clock(at: datetime) -> Iterator[MovableClock]:
    """Put a movable clock in place of the real one."""
    moved = MovableClock(at)
    before, clock._read = clock._read, moved
    try:
        yield moved
    finally:
        clock._read = before
