"""restarts: the database is stopped and started under load, gently and by force.

Volunteers press yes over HTTP until they get an answer, the supervised worker sends. Pages may say
«Gerade geht es nicht» (503), never that something is broken; who read «zugesagt» holds the
appointment, and everybody hears of it by exactly one SMS. A run in which no restart was noticed by
anybody proves nothing.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException

from django.db import OperationalError, connection

from background.clock import now
from matching.models import Assignment
from notifications.models import Channel, Contact, Message, MessageState
from tests import builders
from tests.pages.volunteer.offers import an_offer
from tests.proofs.frame import Frame, say, web
from tests.proofs.history import Word
from tests.proofs.phone import Page, Phone
from tests.proofs.report import Result
from tests.proofs.worker import environment_for, worker
from tests.provider.twilio import FakeTwilio

PEOPLE = 4
PATIENCE_S = 240
BETWEEN_S = 4.0
AGAIN_AFTER_S = 0.2
IN_DOUBT = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)
TOLD = "accepted"
AWAY = 503


@dataclass
class Pressing:
    """What people read."""

    statuses: Counter[int] = field(default_factory=Counter)
    told_yes: set[str] = field(default_factory=set)
    longest_s: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(frame: Frame, *, restarts: int, yeses: int) -> Result:
    """Press, restart, wait for the end, and count."""
    say(f"restarts: {restarts} of the database under {yeses} yeses …")
    url = frame.database("restarts")
    offers = _offers(yeses)
    pressing = Pressing()
    with (
        FakeTwilio() as provider,
        worker(url, frame.directory, provider),
        web(
            url,
            log=frame.directory / "web.log",
            processes=2,
            threads=4,
            environment=environment_for(url, provider),
        ) as port,
    ):
        done = _press_through(frame, offers, port, pressing, restarts)
        _wait_until_nothing_is_in_doubt()
        sent = Counter(sms.to for sms in provider.messages() if "dabei" in sms.body)
    return _result(offers, pressing, done, sent)


def _offers(many: int) -> list[tuple[str, str]]:
    """Return the path of an offer and its person's number, each of an appointment of its own."""
    pool = builders.a_pool()
    organisation = builders.an_organisation(pool)
    caseworker = builders.a_caseworker(organisation)
    made = []
    for day in range(many):
        service_request = builders.a_request(
            organisation=organisation,
            posted_by=caseworker,
            starts_at=now() + timedelta(days=7 + day),
            look_again_at=None,
        )
        offer = an_offer(service_request=service_request)
        number = Contact.objects.get(person=offer.volunteer.person, channel=Channel.SMS).address
        made.append((offer.url, number))
    return made


def _press_through(
    frame: Frame,
    offers: Sequence[tuple[str, str]],
    port: int,
    pressing: Pressing,
    restarts: int,
) -> int:
    """Let some people press one offer after the other while the database comes and goes."""
    pace = restarts * BETWEEN_S * PEOPLE / len(offers)
    done = 0
    with ThreadPoolExecutor(PEOPLE) as people:
        answers = [
            people.submit(_press, path, number, port, pressing, pace) for path, number in offers
        ]
        while done < restarts:
            time.sleep(BETWEEN_S)
            restart(frame, mode="immediate" if done % 2 else "fast")
            done += 1
        for answer in answers:
            answer.result(PATIENCE_S)
    return done


def _press(path: str, number: str, port: int, pressing: Pressing, pace: float) -> None:
    """Press yes until there is an answer: a page, not an excuse."""
    began = time.monotonic()
    phone = Phone(port)
    while time.monotonic() - began < PATIENCE_S:
        answer = _one_try(phone, path)
        with pressing.lock:
            pressing.statuses[answer.status] += 1
        if answer.word is not Word.UNKNOWN:
            break
        time.sleep(AGAIN_AFTER_S)
    with pressing.lock:
        pressing.longest_s = max(pressing.longest_s, time.monotonic() - began)
        if answer.word is Word.OK:
            pressing.told_yes.add(number)
    time.sleep(pace)


def _one_try(phone: Phone, path: str) -> Page:
    try:
        page = phone.open(path)
        if page.status != 200 or page.word is Word.OK:
            return page
        return phone.press(path, page, action="yes")
    except (OSError, HTTPException):
        return Page(0, "")


def restart(frame: Frame, *, mode: str) -> None:
    """Stop the cluster (gently or as a crash would) and start it again."""
    data = frame.sql("SHOW data_directory")[0]
    programs = frame.sql("SELECT setting FROM pg_config WHERE name = 'BINDIR'")[0]
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603 - our own command
        [
            *(*as_owner, f"{programs}/pg_ctl", "restart", "-D", data, "-m", mode),
            *("-w", "-s", "-l", f"{data}/log-of-restarts"),
        ],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )


def _wait_until_nothing_is_in_doubt() -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        connection.close()
        try:
            # Some wait a minute: the sweep sends the offers first, which we wrote without SMS.
            if not Message.objects.filter(state__in=IN_DOUBT, template=TOLD).exists():
                return
        except OperationalError:
            continue
        time.sleep(0.5)


def _result(
    offers: Sequence[tuple[str, str]], pressing: Pressing, done: int, sent: Counter[str]
) -> Result:
    connection.close()
    held = set(
        Assignment.objects.active()
        .filter(person__contacts__channel=Channel.SMS)
        .values_list("person__contacts__address", flat=True)
    )
    numbers = {number for _, number in offers}
    figures = {
        "restarts": done,
        "yeses": len(offers),
        "answered_503": pressing.statuses[AWAY],
        "cut_off": pressing.statuses[0],
        "server_errors": sum(
            times for status, times in pressing.statuses.items() if status >= 500 and status != AWAY
        ),
        "lost": len(pressing.told_yes - held) + len(numbers - pressing.told_yes),
        "messages_lost": sum(sent[number] == 0 for number in held),
        "messages_doubled": sum(times > 1 for times in sent.values()),
        "unknown_left": Message.objects.filter(state__in=("sending", "unknown")).count(),
        "longest_wait_s": round(pressing.longest_s, 1),
    }
    goals = {
        "a page said that something is broken": figures["server_errors"] == 0,
        "a yes was lost": figures["lost"] == 0,
        "an SMS was lost": figures["messages_lost"] == 0,
        "an SMS went out twice": figures["messages_doubled"] == 0,
        "messages were left in doubt": figures["unknown_left"] == 0,
        "nobody noticed a restart: the run proves nothing": (
            pressing.statuses[AWAY] + pressing.statuses[0] > 0
        ),
    }
    *protected, valid = goals.values()
    return Result(
        "restarts", figures, all(protected), valid, [why for why, met in goals.items() if not met]
    )
