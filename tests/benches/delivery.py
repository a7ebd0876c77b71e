"""delivery: how long from the commit of a posted request until the provider is called for an offer.

The whole way: post → wake-up → search → outbox row → wake-up → HTTP call at a fake provider, with
the real supervised worker. One offer per request, so the rate is that of the messages.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from notifications.models import Message
from tests.proofs.frame import Frame, say
from tests.proofs.report import Result, nth_percentile
from tests.proofs.wishes import a_world, calls_by_request, post_all
from tests.proofs.worker import worker
from tests.provider.twilio import FakeTwilio

LATEST_S = 60
GOALS = {"p50_s": 2.0, "p99_s": 10.0, "max_s": 60.0}


def run(frame: Frame, *, rate: float, seconds: float) -> Result:
    """Post at the rate for so long, wait for the last call, and return the figures."""
    say(f"delivery: {rate:g} requests a second for {seconds:g} s …")
    return one_run(frame.database("delivery"), frame.directory, rate=rate, seconds=seconds)


def one_run(url: str, directory: Path, *, rate: float, seconds: float) -> Result:
    """Do so with the database at hand, which the address names for the worker."""
    many = max(1, round(rate * seconds))
    wishes = a_world(many)
    with FakeTwilio() as provider, worker(url, directory, provider):
        committed = post_all(wishes, rate)
        _wait_for(provider, many)
        called = {sms.sid: sms.taken_at for sms in provider.messages()}
    return _result(many, committed, called)


def _wait_for(provider: FakeTwilio, many: int) -> None:
    until = time.monotonic() + LATEST_S
    while len(provider.messages()) < many and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)  # the worker notes what the provider said; one message too many would show


def _result(
    many: int, committed: dict[UUID, datetime], called: dict[str, datetime | None]
) -> Result:
    by_request = calls_by_request(called)
    from_post = [(at - committed[one]).total_seconds() for one, at in by_request.items()]
    from_outbox = [
        (at - message.created_at).total_seconds()
        for message in Message.objects.filter(message_class="offer")
        if (at := called.get(message.provider_reference))
    ]
    figures: dict[str, float | int] = {
        "p50_s": round(nth_percentile(from_post, 50), 3),
        "p99_s": round(nth_percentile(from_post, 99), 3),
        "max_s": round(max(from_post, default=0.0), 3),
        "messages": len(from_post),
        "posted": many,
        "provider_calls": len(called),
        "from_outbox_p50_s": round(nth_percentile(from_outbox, 50), 3),
        "from_outbox_max_s": round(max(from_outbox, default=0.0), 3),
    }
    why_not = [f"{name} is over {goal:g}" for name, goal in GOALS.items() if figures[name] > goal]
    if not len(from_post) == len(called) == many:
        why_not.append("not every request led to exactly one message")
    return Result("delivery", figures, reached=not why_not, why_not=why_not)
