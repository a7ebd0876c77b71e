"""Sessions that are over: deleted soon, for a sign-in code may still stand in one."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore


def sweep() -> None:
    """Delete what has expired; called by the heartbeat."""
    # Django's own verb, by Django's own clock: it wrote the expiry by that one, and by that one
    # a session stops opening anything.
    SessionStore.clear_expired()
