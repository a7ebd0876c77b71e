"""sender: processes that send SMS are killed or put to sleep at any moment.

Every message is at the provider exactly once, judged there, and none is left in doubt. The provider
shows what it took up to half a minute late. The control sends again without asking the provider.

One bound remains with a provider that cannot be told «not twice»: whoever sleeps between the last
look at his lease and the call itself sends when he wakes up. The look-up finds that as long as his
sleep and the provider's lateness together stay below sweeping.SETTLED_AFTER (40 s); sleepers here
sleep 28 s, and for what they send on waking the provider is at most 8 s late.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connection

from background.clock import now
from notifications.models import Message, MessageState
from tests import builders
from tests.notifications.builders import a_message
from tests.proofs import apps
from tests.proofs.fast_clock import faster
from tests.proofs.frame import Frame, say
from tests.proofs.parts import DidNotStart, Part, running
from tests.proofs.report import Result
from tests.proofs.worker import environment_for
from tests.provider.twilio import FakeTwilio

SENDERS = 4
KILLS_PER_PAUSE = 4
PAUSE_S = 28
LATE_S = 30.0
LATE_FOR_SLEEPERS_S = 8.0
ANSWERS_AFTER_S = 0.1
"""The provider takes a message at once and says so later: so wide is the gap to die in."""
START_S = 60
PATIENCE_S = 300
CONTROL_SHARE = 5
IN_DOUBT = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)
PROTECTED: Mapping[str, str] = {}
UNPROTECTED = {apps.VARIABLE: "look_up"}


@dataclass
class Sent:
    """What came of all messages of one run."""

    messages: int = 0
    kills: int = 0
    pauses: int = 0
    lost: int = 0
    doubled: int = 0
    unknown_left: int = 0


def run(frame: Frame, *, messages: int, kills: int, seed: int) -> Result:
    """Run it and its control."""
    say(f"sender: {messages} messages, {kills} kills, seed {seed} …")
    url = frame.database("sender")
    sent = one_run(url, frame.directory, messages=messages, kills=kills, seed=seed)
    say("the control: the same, but sent again without a look-up …")
    url = frame.database("sender_control")
    control = one_run(
        url,
        frame.directory,
        messages=max(60, messages // CONTROL_SHARE),
        kills=max(10, kills // CONTROL_SHARE),
        seed=seed,
        environment=UNPROTECTED,
    )
    figures = {
        "messages": sent.messages,
        "kills": sent.kills,
        "pauses": sent.pauses,
        "lost": sent.lost,
        "doubled": sent.doubled,
        "unknown_left": sent.unknown_left,
        "control_doubled": control.doubled,
        "control_lost": control.lost,
        "seed": seed,
    }
    goals = {
        "messages were lost": sent.lost == 0,
        "messages were sent twice": sent.doubled == 0,
        "messages were left in doubt": sent.unknown_left == 0,
        "not all senders were killed that should be": sent.kills == kills,
        "the control neither lost nor doubled anything: the run proves nothing": (
            control.doubled + control.lost > 0
        ),
    }
    *protected, valid = goals.values()
    return Result(
        "sender", figures, all(protected), valid, [why for why, met in goals.items() if not met]
    )


def one_run(
    url: str,
    directory: Path,
    *,
    messages: int,
    kills: int,
    seed: int,
    speed: float = 1,
    environment: Mapping[str, str] = PROTECTED,
) -> Sent:
    """Write the messages, disturb those who send them, wait for the end, count at the provider."""
    with faster(speed) as pace, FakeTwilio() as provider:
        provider.answers_after(ANSWERS_AFTER_S)
        addresses = _write(messages)
        connection.close()
        here = environment_for(url, provider) | dict(pace) | dict(environment)
        with _senders(directory, here) as part:
            dice = random.Random(seed)  # noqa: S311 - dice, no secret
            disturber = _Disturber(part, provider, dice, speed)
            disturber.disturb(messages, kills)
            provider.shows_after(0)
            _wait_for_the_end(part)
        took = Counter(sms.to for sms in provider.messages())
    sent = disturber.sent
    sent.messages = messages
    sent.lost = sum(took[address] == 0 for address in addresses)
    sent.doubled = sum(took[address] > 1 for address in addresses)
    sent.unknown_left = Message.objects.filter(state__in=IN_DOUBT).count()
    return sent


def _write(messages: int) -> list[str]:
    """Write one message each to so many people; return their numbers."""
    addresses = []
    for _ in range(messages):
        person = builders.a_person()
        addresses.append(builders.a_contact(person).address)
        a_message(person, not_after=now() + timedelta(days=1))
    return addresses


@contextmanager
def _senders(directory: Path, environment: Mapping[str, str]) -> Iterator[Part]:
    command = [sys.executable, "-m", "tests.proofs.hands", str(SENDERS)]
    with running(command, log=directory / "senders.log", environment=environment) as part:
        until = time.monotonic() + START_S
        while len(part.children()) < SENDERS:
            part.check()
            if time.monotonic() > until:
                raise DidNotStart(f"no senders:\n{part.end()}")
            time.sleep(0.02)
        yield part


@dataclass
class _Disturber:
    """Kills and pauses senders while they work, spread over all of it."""

    part: Part
    provider: FakeTwilio
    dice: random.Random
    speed: float
    sent: Sent = field(default_factory=Sent)
    asleep: dict[int, float] = field(default_factory=dict)

    def disturb(self, messages: int, kills: int) -> None:
        """Do so many kills, each when another share of the messages is out."""
        for nth in range(1, kills + 1):
            self._wait_until_out(messages * nth // (kills + 1))
            # Anywhere within the few milliseconds that one message takes.
            time.sleep(self.dice.uniform(0, ANSWERS_AFTER_S))
            if nth % KILLS_PER_PAUSE == 0:
                self._put_to_sleep()
            self._kill()
            self.provider.shows_after(self.dice.uniform(0, LATE_S) / self.speed)
        while self.asleep:
            self._wake_those_who_slept_enough()
            time.sleep(0.02)

    def _wait_until_out(self, many: int) -> None:
        until = time.monotonic() + PATIENCE_S
        while len(self.provider.messages()) < many and time.monotonic() < until:
            self.part.check()
            self._wake_those_who_slept_enough()
            time.sleep(0.002)

    def _awake(self) -> list[int]:
        return [pid for pid in self.part.children() if pid not in self.asleep]

    def _put_to_sleep(self) -> None:
        # One of them stays awake: somebody has to go on.
        if len(awake := self._awake()) < 2:
            return
        pid = self.dice.choice(awake)
        os.kill(pid, signal.SIGSTOP)
        self.asleep[pid] = time.monotonic() + PAUSE_S / self.speed
        self.sent.pauses += 1

    def _kill(self) -> None:
        until = time.monotonic() + START_S
        while not (awake := self._awake()):
            if time.monotonic() > until:
                raise DidNotStart("no sender is awake")
            time.sleep(0.001)
        os.kill(self.dice.choice(awake), signal.SIGKILL)
        self.sent.kills += 1

    def _wake_those_who_slept_enough(self) -> None:
        rested = [pid for pid, until in self.asleep.items() if until < time.monotonic()]
        if not rested:
            return
        self.provider.shows_after(self.dice.uniform(0, LATE_FOR_SLEEPERS_S) / self.speed)
        for pid in rested:
            os.kill(pid, signal.SIGCONT)
            del self.asleep[pid]


def _wait_for_the_end(part: Part) -> None:
    """Wait until nothing is in doubt: at most a lease and the time for look-ups."""
    until = time.monotonic() + PATIENCE_S
    while Message.objects.filter(state__in=IN_DOUBT).exists() and time.monotonic() < until:
        part.check()
        time.sleep(0.2)
