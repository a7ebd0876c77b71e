"""One id from the page over the message to the provider: what belongs together in the logs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LENGTH = 12
_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """Return the id of what is being done now, empty outside of everything."""
    return _current.get()


@contextmanager
def following(trace: str = "") -> Iterator[str]:
    """Do the block under this id, or a new one."""
    trace = trace or secrets.token_hex(LENGTH // 2)
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
