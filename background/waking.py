"""A wake-up is a hint, never the memory: losing one costs seconds, not messages."""

from __future__ import annotations

from django_q.tasks import async_task

from background.failpoints import failpoint


def wake(path: str, identifier: int | str) -> None:
    """Ask the worker to call `path(identifier)` soon; commits and rolls back with the caller.

    Jobs carry an id and nothing else. What must not get lost is a row with a due time that the
    heartbeat finds; the job only shortens the wait.
    """
    async_task(path, identifier)
    failpoint("wake.enqueued")
