"""A wake-up is a hint, never the memory: losing one costs seconds, not messages."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django_q.tasks import async_task

from background import trace
from background.failpoints import failpoint

WORK = "background.waking.work"


def wake(path: str, identifier: int | str) -> None:
    """Ask the worker to call `path(identifier)` soon; commits and rolls back with the caller.

    Jobs carry ids and nothing else: that of the object, and that under which the logs speak of
    what is done now. What must not get lost is a row with a due time that the heartbeat finds; the
    job only shortens the wait.
    """
    async_task(WORK, path, identifier, trace.current())
    failpoint("wake.enqueued")


def work(path: str, identifier: int | str, its_trace: str = "") -> None:
    """Do what somebody asked for, under the id of what they did."""
    with trace.following(its_trace):
        import_string(path)(identifier)
