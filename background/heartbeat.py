"""The heartbeat asks every app what is due, so that nothing depends on a queue entry."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils.module_loading import import_string

from background.clock import now
from background.failpoints import failpoint
from background.models import Heartbeat

log = logging.getLogger(__name__)
WORKER = "worker"


def sweep() -> None:
    """Run every sweep of settings.HEARTBEAT_SWEEPS; one that fails does not stop the others."""
    for path in settings.HEARTBEAT_SWEEPS:
        try:
            import_string(path)()
        except Exception:
            log.exception("sweep_failed", extra={"sweep": path})


def beat(_: int | str = 0) -> None:
    """Do what is due and leave a trace of it; enqueued every few seconds by the supervisor."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beaten_at": now()})
    failpoint("beat.noted")
    sweep()
