"""replies: people answer by SMS while our web servers are down, up, and called five times over.

What the provider could not bring while nobody listened stands in its list, where the poll finds it.
Later it brings everything once more, four times, in no order, while the poll goes on; among them
are forged ones. Every text counts once, in the order in which its telephone sent it. The
control is the same without the key that makes a text arrive once.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from django.db import DatabaseError, connection
from django.test.utils import override_settings

from background.clock import now
from matching import answers_by_sms, telling
from matching.models import Assignment
from notifications import inbound, numbers
from notifications.arrivals import Reply
from notifications.models import Contact, Message
from pools.models import Organisation, User
from tests import builders
from tests.proofs import unprotected
from tests.proofs.frame import HOST, Frame, say, web
from tests.proofs.people import proposal_for
from tests.proofs.report import Result
from tests.proofs.worker import environment_for
from tests.provider.callbacks import signature
from tests.provider.exchange import Sms
from tests.provider.twilio import FakeTwilio
from volunteers.models import Volunteer

PROCESSES, THREADS = 2, 4
CALLERS = 6
READERS = 3
TIMES = 5
MISSED, BROUGHT = (0, 1, 2), (3, 4)
"""Of the texts of each telephone, those sent while nobody listened, and those after that."""
PER_TELEPHONE = len(MISSED + BROUGHT)
FORGED_SHARE = 0.1
PATIENCE_S = 60
CONTROL_SHARE = 5
PATH = "/webhooks/twilio/replies/"
OURS = "+4917604069001"
ARRIVES_ONCE = "reply_arrives_once"


@dataclass
class Answers:
    """What came of all texts."""

    replies: int = 0
    processed: int = 0
    doubled: int = 0
    out_of_order: int = 0
    misunderstood: int = 0
    found_by_poll: int = 0
    forged: int = 0
    forged_refused: int = 0
    turned_away: int = 0


@dataclass
class Provider:
    """Keeps what people sent and brings it to us, as often as it is told."""

    fake: FakeTwilio
    answers: Answers
    dice: random.Random
    port: int = 0
    sent: list[Sms] = field(default_factory=list)

    def receive(self, sender: str, body: str) -> Sms:
        """Take a text from a telephone."""
        sms = self.fake.exchange.receive(sender=sender, to=OURS, body=body)
        self.sent.append(sms)
        self.answers.replies += 1
        return sms

    def bring(self, texts: Sequence[Sms], *, forged: float = 0.0) -> None:
        """Call our webhook for each of them, several at a time; a share is forged as well."""
        forging = [sms for sms in texts if self.dice.random() < forged]
        with ThreadPoolExecutor(CALLERS) as callers:
            came = list(callers.map(self._bring, texts))
            refused = list(callers.map(self._forge, enumerate(forging)))
        self.answers.turned_away += sum(status != 200 for status in came)
        self.answers.forged += len(refused)
        self.answers.forged_refused += sum(status == 403 for status in refused)

    def _bring(self, sms: Sms) -> int:
        form = _form(sms)
        return self._call(form, signature(self._address, form))

    def _forge(self, numbered: tuple[int, Sms]) -> int:
        """Call as somebody would who has seen a call, but not the key."""
        number, sms = numbered
        form = _form(sms) | {"MessageSid": f"forged{sms.sid}"}
        seen = signature(self._address, _form(sms))
        manners = [
            (form, signature(self._address, form, token="guessed")),
            (form, seen),  # of another text
            (form, signature(f"https://elsewhere.example{PATH}", form)),
            (form, None),
            (_form(sms) | {"Body": f"{sms.body} STOP"}, seen),
            (_form(sms) | {"From": "+4917139200099", "MessageSid": "forged"}, seen[::-1]),
        ]
        return self._call(*manners[number % len(manners)])

    @property
    def _address(self) -> str:
        return f"http://{HOST}:{self.port}{PATH}"

    def _call(self, form: dict[str, str], signed: str | None) -> int:
        """Return the status, 0 when nobody answers."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
        if signed is not None:
            headers["X-Twilio-Signature"] = signed
        caller = HTTPConnection(HOST, self.port, timeout=PATIENCE_S)
        try:
            caller.request("POST", PATH, urlencode(form), headers)
            return caller.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            caller.close()


def _form(sms: Sms) -> dict[str, str]:
    return {"MessageSid": sms.sid, "From": sms.sender, "To": sms.to, "Body": sms.body}


@dataclass(frozen=True)
class Telephone:
    """A telephone, what its owner will send, and whether she wants no more messages in the end."""

    contact: Contact
    texts: tuple[str, ...]
    ends_stopped: bool


def telephones(n: int) -> list[Telephone]:
    """Return telephones with two open offers each, and five texts to send."""
    pool = builders.a_pool(sms_number=OURS)
    organisation = builders.an_organisation(pool)
    caseworker = builders.a_caseworker(organisation)
    found = []
    for number in range(n):
        volunteer = builders.a_volunteer(pool)
        contact = volunteer.person.contacts.get()
        no, yes = (
            _number_of_an_offer(organisation, caseworker, volunteer, contact, days)
            for days in (3, 6)
        )
        ends_stopped = bool(number % 2)
        first = ("START", "STOP") if ends_stopped else ("STOP", "START")
        texts = (*first, f"NEIN {no}", f"ja{yes}", "Ich komme mit dem Bus 👍")
        found.append(Telephone(contact, texts, ends_stopped))
    return found


def _number_of_an_offer(
    organisation: Organisation,
    caseworker: User,
    volunteer: Volunteer,
    contact: Contact,
    days: int,
) -> int:
    service_request = builders.a_request(
        organisation=organisation,
        posted_by=caseworker,
        starts_at=now() + timedelta(days=days),
        look_again_at=None,
    )
    proposal = proposal_for(service_request, volunteer)
    proposal.save()
    return numbers.issue(contact.address, telling.about_proposal(proposal))


def one_run(url: str, directory: Path, *, replies: int, dice: int) -> Answers:
    """Let people answer while the web is down, and then up; count what is stored."""
    answers = Answers()
    with FakeTwilio() as fake, override_settings(**fake.settings):
        provider = Provider(fake, answers, random.Random(dice))  # noqa: S311 - dice, no secret
        people = telephones(max(1, replies // PER_TELEPHONE))
        environment = environment_for(url, fake)
        began = now() - timedelta(minutes=1)

        with socket.create_server((HOST, 0)) as nobody:
            provider.port = int(nobody.getsockname()[1])
        around = {"processes": PROCESSES, "threads": THREADS, "environment": environment}
        with _readers():
            provider.bring([provider.receive(*_text(one, nth)) for nth in MISSED for one in people])
            answers.found_by_poll = inbound.poll(since=began)
            with web(url, log=directory / "replies.log", **around) as provider.port:
                for nth in BROUGHT:
                    provider.bring([provider.receive(*_text(one, nth)) for one in people])
                _everything_again(provider, began)
            _wait_until_all_is_read()
    _count(answers, provider, people)
    return answers


def _text(telephone: Telephone, nth: int) -> tuple[str, str]:
    return telephone.contact.address, telephone.texts[nth]


def _everything_again(provider: Provider, began: object) -> None:
    """Bring all texts four times more, in no order, while the list is read as well."""
    again = provider.sent * (TIMES - 1)
    provider.dice.shuffle(again)
    polling = threading.Thread(target=_poll_often, args=(began,))
    polling.start()
    provider.bring(again, forged=FORGED_SHARE)
    polling.join()


def _poll_often(began: object) -> None:
    for _ in range(3):
        inbound.poll(since=began)
    connection.close()


@contextmanager
def _readers() -> Iterator[None]:
    """Work off what has come as wake-ups do: in no order, several at once, one more than once."""
    is_over = threading.Event()
    readers = [threading.Thread(target=_read, args=(is_over,)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        is_over.set()
        for reader in readers:
            reader.join()


def _read(is_over: threading.Event) -> None:
    while not is_over.is_set():
        waiting = Reply.objects.filter(worked_off_at__isnull=True).order_by("?")
        for pk in waiting.values_list("pk", flat=True)[:20]:
            with suppress(DatabaseError):  # the next one tries again, as the heartbeat does
                answers_by_sms.work_off(pk)
        time.sleep(0.05)
    connection.close()


def _wait_until_all_is_read() -> None:
    until = time.monotonic() + PATIENCE_S
    while Reply.objects.filter(worked_off_at__isnull=True).exists() and time.monotonic() < until:
        time.sleep(0.1)


def _count(answers: Answers, provider: Provider, people: Sequence[Telephone]) -> None:
    """Compare what is stored with what was sent."""
    stored: dict[str, list[Reply]] = {}
    for reply in Reply.objects.order_by("worked_off_at", "pk"):
        stored.setdefault(reply.provider_reference, []).append(reply)
    done = [sms for sms in provider.sent if any(r.worked_off_at for r in stored.get(sms.sid, ()))]
    answers.processed = len(done)
    strangers = len(stored.keys() - {sms.sid for sms in provider.sent})
    answers.forged_refused -= strangers  # one that is stored was not refused, whatever was said
    answers.doubled = sum(len(rows) - 1 for rows in stored.values()) + _answered_twice()
    for one in people:
        mine = [sms for sms in provider.sent if sms.sender == one.contact.address]
        read = [stored[sms.sid][0].worked_off_at for sms in mine if sms.sid in stored]
        known = [at for at in read if at is not None]
        answers.out_of_order += known != sorted(known)
        one.contact.refresh_from_db()
        answers.out_of_order += (one.contact.stopped_at is not None) != one.ends_stopped
        held = Assignment.objects.active().filter(person=one.contact.person_id).count()
        answers.misunderstood += held != 1


def _answered_twice() -> int:
    """Return how many noes were thanked for more than once."""
    thanked = Message.objects.filter(template="answer_declined").values_list("person", flat=True)
    return len(thanked) - len(set(thanked))


def run(frame: Frame, *, replies: int, dice: int) -> Result:
    """Run it, and a fifth of it without the key."""
    say(f"replies: {replies} texts …")
    url = frame.database("replies")
    answers = one_run(url, frame.directory, replies=replies, dice=dice)
    say("the control: the same without the key that makes a text arrive once …")
    url = frame.database("replies_control")
    unprotected.drop(ARRIVES_ONCE)
    control = one_run(url, frame.directory, replies=replies // CONTROL_SHARE, dice=dice)
    figures = {
        "replies": answers.replies,
        "processed": answers.processed,
        "doubled": answers.doubled,
        "forged": answers.forged,
        "forged_refused": answers.forged_refused,
        "out_of_order": answers.out_of_order,
        "misunderstood": answers.misunderstood,
        "found_by_poll": answers.found_by_poll,
        "calls_in_vain": answers.turned_away,
        "control_doubled": control.doubled,
        "seed": dice,
    }
    goals = {
        "not every text was worked off": answers.processed == answers.replies,
        "a text counted twice": answers.doubled == 0,
        "a forged text was taken": answers.forged_refused == answers.forged > 0,
        "texts were read in another order": answers.out_of_order == 0,
        "an answer had another effect": answers.misunderstood == 0,
        "nothing had to be found in the list, or the control doubled nothing": bool(
            answers.found_by_poll and control.doubled
        ),
    }
    *protected, valid = goals.values()
    why_not = [why for why, met in goals.items() if not met]
    return Result("replies", figures, all(protected), valid, why_not)
