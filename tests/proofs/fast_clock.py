"""A clock that runs faster than the wall's, the same in all processes of a proof.

Leases and look-ups take minutes; a small run in the suite cannot wait for them. Timeouts of sockets
and pauses of loops stay as they are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from background import clock

VARIABLE = "LOTSENRUF_PROOF_CLOCK"


def _clock(began: float, speed: float, shows: float) -> Callable[[], datetime]:
    def read() -> datetime:
        return datetime.fromtimestamp(shows + (time.time() - began) * speed, UTC)

    return read


def set_from_environment() -> None:
    """Let the clock run as the environment says, `began:speed:shows`; else nothing changes."""
    if text := os.environ.get(VARIABLE):
        clock._read = _clock(*map(float, text.split(":")))


@contextmanager
def faster(speed: float, *, shows: datetime | None = None) -> Iterator[Mapping[str, str]]:
    """Speed this process's clock up, from the time it is to show (else the present one).

    Yields what other processes need to keep pace.
    """
    began, before = time.time(), clock._read
    start = shows.timestamp() if shows else began
    clock._read = _clock(began, speed, start)
    try:
        yield {VARIABLE: f"{began}:{speed}:{start}"}
    finally:
        clock._read = before
