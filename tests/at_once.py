"""Several people do something at the same moment, each on a database connection of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connection

PATIENCE_S = 90


class Someone:
    """Somebody who acts in a thread of their own."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._backend: Future[int] = Future()
        self._done = self._pool.submit(self._act, action)
        self._pool.shutdown(wait=False)

    def _act(self, action: Callable[[], Any]) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._backend.set_result(cursor.fetchone()[0])
            return action()
        finally:
            connection.close()

    def result(self) -> Any:
        """Return what the action returned, or raise what it raised."""
        return self._done.result(PATIENCE_S)

    def waits_for_a_lock(self) -> bool:
        """Return True once the database holds the action up; False if it ends without that."""
        backend = self._backend.result(PATIENCE_S)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and not self._done.done():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s",
                    [backend],
                )
                if (cursor.fetchone() or [False])[0]:
                    return True
            time.sleep(0.01)
        return False


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Start all actions at a barrier; return what each returned, or the exception it raised."""
    barrier = threading.Barrier(len(actions))

    def at_the_barrier(action: Callable[[], Any]) -> Any:
        barrier.wait(PATIENCE_S)
        try:
            return action()
        except Exception as error:
            return error

    people = [Someone(partial(at_the_barrier, action)) for action in actions]
    return [person.result() for person in people]
