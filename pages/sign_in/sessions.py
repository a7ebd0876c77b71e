"""Sessions that are over: deleted soon, for a sign-in code may still stand in one."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from background.clock import now


def sweep() -> None:
    """Delete what has expired; called by the heartbeat."""
    Session.objects.filter(expire_date__lt=now()).delete()
