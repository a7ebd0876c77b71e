"""delivery: how long from the commit of a posted request until the provider is called for an offer.

The whole way: post → wake-up → search → outbox row → wake-up → HTTP call at a fake provider, with
the real supervised worker. One offer per request, so the rate is that of the messages.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from background.clock import now
from background.models import Heartbeat
from notifications.models import Message
from pools.models import Rule
from reference.models import Language
from reference.places import resolve
from service_requests.posting import post_request
from tests import builders
from tests.proofs.frame import SETTINGS, Frame, say
from tests.proofs.parts import DidNotStart, running
from tests.proofs.report import Result, nth_percentile
from tests.provider.twilio import FakeTwilio

LANGUAGES = 20
SPARE_SPEAKERS = 2
START_S = 60
LATEST_S = 60
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER", "TWILIO_API_URL")
GOALS = {"p50_s": 2.0, "p99_s": 10.0, "max_s": 60.0}


def run(frame: Frame, *, rate: float, seconds: float) -> Result:
    """Post at the rate for so long, wait for the last call, and return the figures."""
    say(f"delivery: {rate:g} requests a second for {seconds:g} s …")
    return one_run(frame.database("delivery"), frame.directory, rate=rate, seconds=seconds)


def one_run(url: str, directory: Path, *, rate: float, seconds: float) -> Result:
    """Do so with the database at hand, which the address names for the worker."""
    many = max(1, round(rate * seconds))
    wishes = _a_world(many)
    with FakeTwilio() as provider, _worker(url, directory, provider):
        committed = _post(wishes, rate)
        _wait_for(provider, many)
        called = {sms.sid: sms.taken_at for sms in provider.messages()}
    return _result(many, committed, called)


def _a_world(many: int) -> list[dict[str, Any]]:
    """Return what to post; for each request somebody can be asked who was not asked before."""
    pool = builders.a_pool()
    Rule.objects.create(pool=pool, name="wave.max_size", value="1", valid=(date(2020, 1, 1), None))
    languages = list(Language.objects.shown().filter(tier=1, is_signed=False)[:LANGUAGES])
    for language in languages:
        for _ in range(many // len(languages) + SPARE_SPEAKERS):
            builders.a_volunteer(pool, speaks=language.code)
    organisation = builders.an_organisation(pool)
    caseworker = builders.a_caseworker(organisation)
    tomorrow_week = now().astimezone(pool.zone).replace(hour=10, minute=0) + timedelta(days=8)
    place = resolve(builders.GIESSEN, None, tomorrow_week.date())
    return [
        {
            "organisation": organisation,
            "posted_by": caseworker,
            "kind": "interpret",
            "language": languages[nth % len(languages)],
            "variety": "Zentrum",
            "modes": ["on_site"],
            "period": (
                tomorrow_week + timedelta(days=nth // 8),
                tomorrow_week + timedelta(days=nth // 8, hours=1),
            ),
            "setting": organisation.setting,
            "place": place,
            "by_coordinator": True,  # so that no rule about lead times matters
        }
        for nth in range(many)
    ]


@contextmanager
def _worker(url: str, directory: Path, provider: FakeTwilio) -> Iterator[None]:
    """Run the supervised worker against the provider; wait until it has beaten once."""
    environment = {
        "LOTSENRUF_DATABASE_URL": url,
        "LOTSENRUF_SMS_CHANNEL": "notifications.channels.sms.SmsChannel",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        **{f"LOTSENRUF_{name}": str(provider.settings[name]) for name in TWILIO},
    }
    command = [sys.executable, "manage.py", "worker"]
    with running(command, log=directory / "worker.log", environment=environment) as part:
        until = time.monotonic() + START_S
        while not Heartbeat.objects.exists():
            part.check()
            if time.monotonic() > until:
                raise DidNotStart(f"the worker does not beat:\n{part.end()}")
            time.sleep(0.1)
        yield


def _post(wishes: list[dict[str, Any]], rate: float) -> dict[UUID, datetime]:
    """Post one after the other at the rate; return when each was committed."""
    committed: dict[UUID, datetime] = {}
    began = time.monotonic()
    for nth, wish in enumerate(wishes):
        time.sleep(max(0.0, began + nth / rate - time.monotonic()))
        with transaction.atomic():
            posted = post_request(**wish).public_id
            transaction.on_commit(partial(_note, committed, posted))
    return committed


def _note(committed: dict[UUID, datetime], posted: UUID) -> None:
    committed[posted] = now()


def _wait_for(provider: FakeTwilio, many: int) -> None:
    until = time.monotonic() + LATEST_S
    while len(provider.messages()) < many and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)  # the worker notes what the provider said; one message too many would show


def _result(
    many: int, committed: dict[UUID, datetime], called: dict[str, datetime | None]
) -> Result:
    from_post: list[float] = []
    from_outbox: list[float] = []
    for message in Message.objects.filter(message_class="offer"):
        at = called.get(message.provider_reference)
        if at is None:
            continue
        from_outbox.append((at - message.created_at).total_seconds())
        request = next(one for one in message.about if one.startswith("request:"))
        posted_at = committed[UUID(request.removeprefix("request:"))]
        from_post.append((at - posted_at).total_seconds())
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
