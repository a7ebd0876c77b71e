"""What every history stands on: its transaction, its clock, its queue, its sudden deaths.

A step is one verb of the product, called as a page or the worker would call it; it may die at any
failpoint and is then repeated, or be done twice. After each step everything is judged.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from unittest import mock

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from background.clock import now
from tests.clock import MovableClock, movable_clock
from tests.proofs import arming
from tests.proofs.histories import judgement, snapshot
from tests.proofs.histories.network import Taken, network
from tests.proofs.histories.world import T0, Office, World

ONCE, TWICE = -1, -2
FATES = st.sampled_from([ONCE, ONCE, ONCE, TWICE, 0, 1, 2, 3, 5])
"""Done, done twice, or dying at the so many-th failpoint and done again."""
NTH = st.integers(0, 5)
KILLED = object()


class Killed(BaseException):
    """Stands for kill -9: nothing may catch it."""


class Complaints(logging.Handler):
    """Keeps what the product calls an error of its own: nobody swallows one unseen."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep exceptions and repaired invariants, not what the network did to us."""
        if record.exc_info or record.msg == "offer_without_message":
            cause = record.exc_info[1] if record.exc_info else ""
            self.texts.append(f"{record.getMessage()}: {cause!r}")


class Stage(RuleBasedStateMachine):
    """The life of some requests; the rules are in the modules beside this one."""

    world: ClassVar[World]
    taken: ClassVar[Sequence[Taken]]
    jobs: ClassVar[Sequence[tuple[str, Any]]]
    fired: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.at = movable_clock(T0 + timedelta(minutes=2))
        self.clock: MovableClock = self.at.__enter__()
        self.queue = list(self.jobs)
        self.age, self.has_rested = -1, False
        self.waking = mock.patch("background.waking.async_task", self._wake)
        self.waking.start()
        self.complaints = Complaints()
        logging.getLogger().addHandler(self.complaints)
        network.begin(self.taken)
        self.before = self.after = snapshot.take()
        self.fired["(examples)"] += 1

    def teardown(self) -> None:
        """Leave nothing of this history."""
        logging.getLogger().removeHandler(self.complaints)
        self.waking.stop()
        self.at.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def _wake(self, _work: str, path: str, identifier: Any, _trace: str) -> None:
        self.queue.append((path, identifier))

    def do(
        self,
        rule: str,
        act: Callable[[], Any],
        *,
        fate: int = ONCE,
        is_done: Callable[[Any], Any] = lambda result: result is not False,
    ) -> Any:
        """Let something be done, as its fate will have it; what the product refuses is no fault."""
        try:
            if fate < 0 or (result := self._until_it_dies(act, fate)) is KILLED:
                result = act()
            if fate == TWICE:
                self.fired["(twice)"] += 1
                act()
        except ValidationError:
            self.refused[rule] += 1
            return None
        if is_done(result):
            self.fired[rule] += 1
        return result

    def _until_it_dies(self, act: Callable[[], Any], nth: int) -> Any:
        """Die at the so many-th failpoint; what passes fewer gets away with it."""
        left, mark = nth, len(self.queue)

        def hook(name: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed(name)

        try:
            with arming.armed(hook):
                return act()
        except Killed:
            del self.queue[mark:]
            self.fired["(killed)"] += 1
            return KILLED

    @invariant()
    def all_is_well(self) -> None:
        """Judge what the last step has done."""
        self.fired["(steps)"] += 1
        self.age += 1
        connection.check_constraints()
        self.before, self.after = self.after, snapshot.take()
        found = judgement.faults(self.before, self.after, network)
        assert not found, found
        assert not self.complaints.texts, self.complaints.texts

    # ── What there is ────────────────────────────────────────────────────────────────────────────

    def requests(self, *statuses: str) -> list[snapshot.Request]:
        """Return the requests in one of these states."""
        return [one for one in self.after.requests if one.status in statuses]

    def offers(self, *states: str) -> list[snapshot.Proposal]:
        """Return the offers in one of these states."""
        return [one for one in self.after.proposals if one.state in states]

    def held(self, *, is_over: bool) -> list[snapshot.Assignment]:
        """Return active appointments that are over, or still to come."""
        return [
            one
            for one in self.after.assignments
            if one.is_active and (one.ends_at <= now() if is_over else one.starts_at > now())
        ]

    def office_of(self, pool: int) -> Office:
        """Return the office of a pool."""
        return next(one for one in self.world.offices if one.pool.pk == pool)


Row = TypeVar("Row")


def pick(rows: Sequence[Row], nth: int) -> Row:
    """Return the nth of some rows, counted in a circle."""
    return rows[nth % len(rows)]
