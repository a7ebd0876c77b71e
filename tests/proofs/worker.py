"""The supervised worker as in operation, connected to a fake provider."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from background.heartbeat import WORKER
from background.models import Heartbeat
from tests.proofs.frame import SETTINGS
from tests.proofs.parts import DidNotStart, Part, running, started
from tests.provider.twilio import FakeTwilio

START_S = 60
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER", "TWILIO_API_URL")
SUPERVISED = ("worker",)
NOTHING: Mapping[str, str] = {}


def environment_for(url: str, provider: FakeTwilio) -> dict[str, str]:
    """Return what a process needs to work on a database and send by a provider."""
    return {
        "LOTSENRUF_DATABASE_URL": url,
        "LOTSENRUF_SMS_CHANNEL": "notifications.channels.sms.SmsChannel",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        **{f"LOTSENRUF_{name}": str(provider.settings[name]) for name in TWILIO},
    }


@contextmanager
def worker(
    url: str,
    directory: Path,
    provider: FakeTwilio,
    *,
    command: Sequence[str] = SUPERVISED,
    environment: Mapping[str, str] = NOTHING,
) -> Iterator[Part]:
    """Run it against the provider; the supervised one has beaten once by the time we go on."""
    words = [sys.executable, "manage.py", *command]
    here = environment_for(url, provider) | dict(environment)
    with running(words, log=directory / "worker.log", environment=here) as part:
        if tuple(command) == SUPERVISED:
            wait_for_a_beat(part)
        yield part


def start_worker(log: Path, environment: Mapping[str, str]) -> Part:
    """Start the supervised worker; whoever does so stops it."""
    return started([sys.executable, "manage.py", *SUPERVISED], log=log, environment=environment)


def wait_for_a_beat(part: Part) -> None:
    """Wait until the queue has done something."""
    until = time.monotonic() + START_S
    while not Heartbeat.objects.filter(name=WORKER).exists():
        part.check()
        if time.monotonic() > until:
            raise DidNotStart(f"the worker does not beat:\n{part.end()}")
        time.sleep(0.1)
