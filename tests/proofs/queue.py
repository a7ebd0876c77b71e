"""queue: entries of the queue vanish, one of its workers is killed, the whole cluster hangs.

While that happens requests are posted; each has to lead to its one offer at the provider, and the
queue has to work again by itself. The control empties the queue of a cluster that nobody watches.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django_q.models import OrmQ

from background.clock import now
from background.heartbeat import WORKER
from background.models import Heartbeat
from tests.proofs.frame import Frame, say
from tests.proofs.parts import DidNotStart, Part, children_of
from tests.proofs.report import Result
from tests.proofs.wishes import a_world, calls_by_request, post_one
from tests.proofs.worker import NOTHING, worker
from tests.provider.twilio import FakeTwilio

POSTS_EVERY_S = 2.0
POSTS = 40
RECOVERED_WITHIN_S = 120.0
PATIENCE_S = 180.0
CONTROL_POSTS, CONTROL_WAIT_S = 5, 20.0
UNWATCHED = ("qcluster",)
NEXT_BEAT = timedelta(seconds=20)


@dataclass
class Trial:
    """What one trial gave."""

    fault: str
    posted: int = 0
    lost: int = 0
    recovered: bool = False
    recovery_s: float = PATIENCE_S


def empty_now_and_then(part: Part, dice: random.Random) -> None:
    """Nothing more than what happens in every trial: each post may lose its wake-up."""


def kill_an_idle_worker(part: Part, dice: random.Random) -> None:
    """Kill one worker of the queue and nothing else: the cluster stands still and says nothing."""
    until = time.monotonic() + PATIENCE_S
    while OrmQ.objects.exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(dice.choice(_workers(part)), signal.SIGKILL)


def hang_the_cluster(part: Part, dice: random.Random) -> None:
    """Stop every process of the cluster, as swapping or a dead disk would."""
    hang(part)


def hang(part: Part) -> None:
    """Do so; the supervisor lives on."""
    os.killpg(os.getpgid(_cluster(part)), signal.SIGSTOP)


FAULTS: Mapping[str, Callable[[Part, random.Random], None]] = {
    "emptied": empty_now_and_then,
    "worker killed": kill_an_idle_worker,
    "cluster hung": hang_the_cluster,
}


def run(frame: Frame, *, trials: int, seed: int) -> Result:
    """Run the trials, one fault after the other, and the control."""
    done = []
    for nth in range(trials):
        fault = list(FAULTS)[nth % len(FAULTS)]
        say(f"queue: trial {nth + 1} of {trials}, {fault}, seed {seed + nth} …")
        url = frame.database(f"queue_{nth}")
        done.append(one_trial(url, frame.directory, fault, seed=seed + nth))
        say(f"  recovered after {done[-1].recovery_s:.1f} s")
    say("the control: a cluster that nobody watches loses its queue …")
    control = control_run(frame.database("queue_control"), frame.directory)
    return _result(done, control, seed)


def one_trial(
    url: str,
    directory: Path,
    fault: str,
    *,
    seed: int,
    posts: int = POSTS,
    posts_every_s: float = POSTS_EVERY_S,
    environment: Mapping[str, str] = NOTHING,
) -> Trial:
    """Post, do the harm, post on, and wait until all is said and the queue beats again."""
    dice = random.Random(seed)  # noqa: S311 - dice, no secret
    wishes = a_world(posts)
    committed: dict[UUID, datetime] = {}
    with (
        FakeTwilio() as provider,
        worker(url, directory, provider, environment=environment) as part,
    ):
        FAULTS[fault](part, dice)
        with ThreadPoolExecutor(1) as watcher:
            beats = watcher.submit(_wait_for_beats, now(), part)
            for wish in wishes:
                _post_and_perhaps_empty(wish, committed, dice)
                time.sleep(dice.uniform(0, 2 * posts_every_s))
            beat_s = beats.result()
        called = _wait_for_calls(provider, committed)
    longest = max(
        ((called[one] - at).total_seconds() for one, at in committed.items() if one in called),
        default=0.0,
    )
    lost = len(committed) - len(called)
    return Trial(
        fault,
        posted=len(committed),
        lost=lost,
        recovered=not lost and beat_s is not None,
        recovery_s=max(longest, PATIENCE_S if beat_s is None else beat_s),
    )


def control_run(url: str, directory: Path) -> Trial:
    """Do without supervisor and heartbeat: what the queue loses is lost."""
    committed: dict[UUID, datetime] = {}
    wishes = a_world(CONTROL_POSTS)
    with (
        FakeTwilio() as provider,
        worker(url, directory, provider, command=UNWATCHED),
    ):
        for wish in wishes:
            post_one(wish, committed)
        OrmQ.objects.all().delete()
        time.sleep(CONTROL_WAIT_S)
        called = calls_by_request({sms.sid: sms.taken_at for sms in provider.messages()})
    return Trial("control", posted=len(committed), lost=len(committed) - len(called))


def _post_and_perhaps_empty(
    wish: dict[str, Any], committed: dict[UUID, datetime], dice: random.Random
) -> None:
    post_one(wish, committed)
    if dice.random() < 0.5:
        time.sleep(dice.uniform(0, 0.3))
        OrmQ.objects.all().delete()


def _wait_for_beats(harmed_at: datetime, part: Part) -> float | None:
    """Return after how many seconds the first of two beats came that belong together."""
    until = time.monotonic() + PATIENCE_S
    # What was in hand at the moment of the harm may still come to its end.
    seen = harmed_at + timedelta(seconds=1)
    first: datetime | None = None
    try:
        while time.monotonic() < until:
            part.check()
            beaten_at = Heartbeat.objects.values_list("beaten_at", flat=True).get(name=WORKER)
            if beaten_at > seen:
                if first and beaten_at - seen < NEXT_BEAT:
                    return (first - harmed_at).total_seconds()
                first = seen = beaten_at
            time.sleep(0.1)
    finally:
        connection.close()
    return None


def _wait_for_calls(
    provider: FakeTwilio, committed: Mapping[UUID, datetime]
) -> dict[UUID, datetime]:
    """Return when each request came to the provider; those that never did are missing."""
    until = time.monotonic() + PATIENCE_S
    while True:
        called = calls_by_request({sms.sid: sms.taken_at for sms in provider.messages()})
        if committed.keys() <= called.keys() or time.monotonic() > until:
            return called
        time.sleep(0.5)


def _cluster(part: Part) -> int:
    """Return the cluster's first process: the supervisor's only child."""
    return min(children_of(part.process.pid))


def _workers(part: Part) -> list[int]:
    """Return the cluster's workers: the guard starts them before its other helpers."""
    for process in children_of(_cluster(part)):
        if len(children := sorted(children_of(process))) >= 4:
            return children[:2]
    raise DidNotStart("the cluster has no workers")


def _result(done: list[Trial], control: Trial, seed: int) -> Result:
    figures = {
        "trials": len(done),
        "lost": sum(trial.lost for trial in done),
        "recovered": sum(trial.recovered for trial in done),
        "max_recovery_s": round(max(trial.recovery_s for trial in done), 1),
        "posted": sum(trial.posted for trial in done),
        **{
            f"{fault.replace(' ', '_')}_s": round(
                max((one.recovery_s for one in done if one.fault == fault), default=0.0), 1
            )
            for fault in FAULTS
        },
        "control_lost": control.lost,
        "seed": seed,
    }
    goals = {
        "requests were lost": figures["lost"] == 0,
        "not every trial recovered": figures["recovered"] == len(done),
        f"it took longer than {RECOVERED_WITHIN_S:g} s": all(
            trial.recovery_s <= RECOVERED_WITHIN_S for trial in done
        ),
        "the control lost nothing: the run proves nothing": control.lost > 0,
    }
    *protected, valid = goals.values()
    return Result(
        "queue", figures, all(protected), valid, [why for why, met in goals.items() if not met]
    )
