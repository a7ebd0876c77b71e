"""Watches the queue worker from outside: a django-q2 cluster can stop for ever without a word.

Killing one idle worker is enough (design, reliability.md, finding 1). So the supervisor enqueues
a beat every few seconds; when none has been done for 60 s it kills the whole process group and
starts it anew. Until the queue is back it does the sweeps itself, so that a dead queue costs
seconds.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import FrameType

from django.conf import settings
from django.db import close_old_connections
from django_q.models import OrmQ

from background.clock import now
from background.failpoints import failpoint
from background.heartbeat import WORKER, sweep
from background.models import Heartbeat
from background.waking import wake

log = logging.getLogger(__name__)
BEAT = "background.heartbeat.beat"
STOP_GRACE_S = 10
FORGOTTEN_AFTER = timedelta(minutes=10)


class Supervisor:
    """Keeps one queue cluster alive."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.cluster: subprocess.Popen[bytes] | None = None
        self.started_at: datetime = now()
        self.asked_at: datetime = datetime.min.replace(tzinfo=UTC)

    def run(self) -> None:
        """Start the cluster and watch it until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.start()
        while not self.stopping.is_set():
            try:
                self.look()
            except Exception:
                log.exception("supervisor_step_failed")
            self.stopping.wait(settings.BEAT_EVERY_S)
        self.end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def start(self) -> None:
        """Start the cluster in a process group of its own."""
        self.started_at = now()
        self.cluster = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=settings.BASE_DIR,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        log.info("worker_started")

    def look(self) -> None:
        """Do one round: enqueue a beat, judge the last one, help out or start anew."""
        close_old_connections()
        if self._is_owed_a_beat():
            self.asked_at = now()  # before: the beat may come at once
            wake(BEAT, 0)
        failpoint("supervisor.looking")
        silent_for = now() - self.last_sign()
        gone = self.cluster is None or self.cluster.poll() is not None
        if gone or silent_for > timedelta(seconds=settings.BEAT_STALE_AFTER_S):
            log.error("worker_restarted", extra={"silent_s": round(silent_for.total_seconds())})
            self.kill()
            self._free_locked_jobs()
            self.start()
        if gone or silent_for > timedelta(seconds=2 * settings.BEAT_EVERY_S):
            sweep()

    def _is_owed_a_beat(self) -> bool:
        """Return whether the last beat asked for has begun, or seems lost: they never pile up."""
        is_lost = now() - self.asked_at > timedelta(seconds=6 * settings.BEAT_EVERY_S)
        return is_lost or self.last_sign() >= self.asked_at

    def last_sign(self) -> datetime:
        """Return when the cluster last beat, or when it was started if that is later."""
        beat = Heartbeat.objects.filter(name=WORKER).first()
        return max(beat.beaten_at, self.started_at) if beat else self.started_at

    def _free_locked_jobs(self) -> None:
        """Let the new cluster have at once what the dead one had taken into its memory."""
        OrmQ.objects.filter(lock__gt=now() - FORGOTTEN_AFTER).update(lock=now())

    def kill(self) -> None:
        """Kill the whole group: single workers must never be killed by themselves."""
        if self.cluster is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.cluster.pid, signal.SIGKILL)
        self.cluster.wait()

    def end(self) -> None:
        """Ask the cluster's leader to stop; after a grace, kill the group (SIGTERM can hang).

        Only the leader: a group-wide signal takes the workers away while it waits for them.
        """
        if self.cluster is None:
            return
        self.cluster.terminate()
        try:
            self.cluster.wait(STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            self.kill()
        log.info("worker_stopped")
