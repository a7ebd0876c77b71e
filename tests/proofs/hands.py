"""python -m tests.proofs.hands N: N processes that send what is due, replaced when they die.

They are forked from one that has everything loaded, as the workers of the queue are; so that a
killed one costs milliseconds. Each does what wake-ups (in any order) and the heartbeat do.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback

SWEEP_EVERY_S = 2.0
AT_A_TIME = 20
IDLE_S = 0.1


def main(n: int) -> None:
    """Keep n senders alive until this process ends."""
    import django

    django.setup()
    import twilio.rest  # noqa: F401 - takes a second, once
    from django.db import connections

    for _ in range(n):
        _fork()
    while True:
        os.wait()
        connections.close_all()  # a connection must not be shared
        _fork()


def _fork() -> None:
    parent = os.getpid()
    if os.fork():
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        _send_until_orphaned(parent)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _send_until_orphaned(parent: int) -> None:
    """Send in no order, sweep now and then."""
    from background.clock import now
    from notifications import outbox
    from notifications.models import Message

    swept_at = 0.0
    while os.getppid() == parent:
        due = Message.objects.due(now()).order_by("?").values_list("pk", flat=True)[:AT_A_TIME]
        ids = list(due)
        for message_id in ids:
            outbox.deliver(str(message_id))
        if time.monotonic() - swept_at > SWEEP_EVERY_S:
            swept_at = time.monotonic()
            outbox.sweep()
        elif not ids:
            time.sleep(IDLE_S)


if __name__ == "__main__":
    main(int(sys.argv[1]))
