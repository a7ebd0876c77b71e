"""delivery: how long from the commit of a posted request until the provider is called for an offer.

The whole way: post → wake-up → search → outbox row → wake-up → HTTP call at a fake provider, with
the real supervised worker. One offer per request, so the rate is that of the messages.

Then once more, a tenth as many, with the queue dead: every process of its cluster is stopped, no
wake-up and no beat runs, and only the sweeps of the supervisor deliver.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import process_time as cpu_s
from uuid import UUID

from notifications.models import Message
from tests.proofs.frame import Frame, say
from tests.proofs.queue import hang
from tests.proofs.report import Result, nth_percentile
from tests.proofs.wishes import a_world, calls_by_request, post_all
from tests.proofs.worker import worker
from tests.provider.twilio import FakeTwilio

LATEST_S = 60
GOALS = {"p50_s": 2.0, "p99_s": 10.0, "max_s": 60.0, "dead_max_s": 35.0}
DEAD_SHARE = 10
DEAD_FOR_S = 30.0
"""Shorter than the supervisor's patience with the cluster: it must not start it anew."""


def run(frame: Frame, *, rate: float, seconds: float) -> Result:
    """Post at the rate for so long, wait for the last call, and return the figures."""
    say(f"delivery: {rate:g} requests a second for {seconds:g} s …")
    alive = one_run(frame.database("delivery"), frame.directory, rate=rate, seconds=seconds)
    rate, seconds = rate / DEAD_SHARE, min(seconds, DEAD_FOR_S)
    say(f"the queue dead: {rate:g} requests a second for {seconds:g} s …")
    url = frame.database("delivery_dead")
    dead = one_run(url, frame.directory, rate=rate, seconds=seconds, queue_is_dead=True)
    return result(alive, dead)


def one_run(
    url: str, directory: Path, *, rate: float, seconds: float, queue_is_dead: bool = False
) -> Delivered:
    """Do so with the database at hand, which the address names for the worker."""
    many = max(1, round(rate * seconds))
    wishes = a_world(many)
    with FakeTwilio() as provider, worker(url, directory, provider) as part:
        if queue_is_dead:
            hang(part)
        before = cpu_s()
        committed = post_all(wishes, rate)
        _wait_for(provider, many)
        used = cpu_s() - before
        called = {sms.sid: sms.taken_at for sms in provider.messages()}
    return Delivered(many, committed, called, used)


@dataclass
class Delivered:
    """What was posted when, and when the provider was called for it."""

    posted: int
    committed: dict[UUID, datetime]
    called: dict[str, datetime | None]
    poster_cpu_s: float
    from_post: list[float] = field(init=False)
    from_outbox: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Read from the database at hand what belongs together."""
        by_request = calls_by_request(self.called)
        self.from_post = [
            (at - self.committed[one]).total_seconds() for one, at in by_request.items()
        ]
        self.from_outbox = [
            (at - message.created_at).total_seconds()
            for message in Message.objects.filter(message_class="offer")
            if (at := self.called.get(message.provider_reference))
        ]

    @property
    def is_whole(self) -> bool:
        """Return whether each request led to exactly one call."""
        return len(self.from_post) == len(self.called) == self.posted


def _wait_for(provider: FakeTwilio, many: int) -> None:
    until = time.monotonic() + LATEST_S
    while len(provider.messages()) < many and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)  # the worker notes what the provider said; one message too many would show


def result(alive: Delivered, dead: Delivered) -> Result:
    """Judge both runs."""
    figures: dict[str, float | int] = {
        "p50_s": round(nth_percentile(alive.from_post, 50), 3),
        "p99_s": round(nth_percentile(alive.from_post, 99), 3),
        "max_s": round(max(alive.from_post, default=0.0), 3),
        "messages": len(alive.from_post),
        "posted": alive.posted,
        "provider_calls": len(alive.called),
        "from_outbox_p50_s": round(nth_percentile(alive.from_outbox, 50), 3),
        "from_outbox_max_s": round(max(alive.from_outbox, default=0.0), 3),
        "poster_cpu_ms_each": round(1000 * alive.poster_cpu_s / alive.posted, 1),
        "dead_p50_s": round(nth_percentile(dead.from_post, 50), 3),
        "dead_max_s": round(max(dead.from_post, default=0.0), 3),
        "dead_posted": dead.posted,
        "dead_provider_calls": len(dead.called),
    }
    why_not = [f"{name} is over {goal:g}" for name, goal in GOALS.items() if figures[name] > goal]
    if not (alive.is_whole and dead.is_whole):
        why_not.append("not every request led to exactly one message")
    return Result("delivery", figures, reached=not why_not, why_not=why_not)
