"""Where the failpoints' stories are played: a web server, a worker, a provider, and its people.

What dies is started anew as systemd would do it: gunicorn and the queue replace their own children,
the worker's first process is replaced here, together with all that it had started.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from background.clock import now
from background.heartbeat import WORKER
from background.models import Heartbeat
from notifications.models import DemoMessage, Message, MessageState
from pools.models import Organisation, Pool, User
from reference.models import Language
from tests import builders
from tests.proofs import apps
from tests.proofs.frame import HOST, web
from tests.proofs.parts import Part, deaf, kill_marked
from tests.proofs.wishes import one_at_a_time
from tests.proofs.worker import environment_for, start_worker, wait_for_a_beat
from tests.provider import callbacks
from tests.provider.exchange import TOKEN
from tests.provider.twilio import FakeTwilio
from tokens import access
from tokens.models import Permission

ANSWER_S = 60
DONE_BEFORE = (409, 412)
"""What one is told who asks again for what was done although no answer came."""
AGAIN_S = 0.5
KEPT = "LOTSENRUF_PROOF_KEPT"
IN_HAND = (MessageState.SENDING, MessageState.UNKNOWN)


@dataclass
class Stage:
    """One place to play in, with a pool of its own."""

    provider: FakeTwilio
    port: int
    worker: KeptWorker
    told: list[dict[str, Any]]
    receiver_url: str
    speed: float = 1
    pool: Pool = field(init=False)
    organisation: Organisation = field(init=False)
    _languages: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        """Let a pool move in that asks one person at a time."""
        self.pool = builders.a_pool(sms_number="+4917604069001")
        one_at_a_time(self.pool)
        self.organisation = builders.an_organisation(self.pool)
        spoken = Language.objects.shown().filter(is_signed=False).order_by("pk")
        self._languages = iter(list(spoken.values_list("code", flat=True)))

    def new_language(self) -> str:
        """Return a language of which no other story speaks."""
        return next(self._languages)

    def call(self, method: str, path: str, body: Any = None, *, by: User, key: str = "") -> None:
        """Use the API as a person's program: again until there is an answer."""
        _, secret = access.issue(by, name="Beweis", permissions=tuple(Permission.values))
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if method == "PATCH":
            headers["If-Match"] = "*"
        self._until_answered(method, f"/api/v1/{path}", json.dumps(body or {}), headers)

    def webhook(self, path: str, form: dict[str, str]) -> None:
        """Be the provider that calls us, again until there is an answer."""
        signed = callbacks.signature(f"http://{HOST}:{self.port}{path}", form, token=TOKEN)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signed,
        }
        self._until_answered("POST", path, urlencode(form), headers)

    def _until_answered(
        self, method: str, path: str, body: str, headers: Mapping[str, str]
    ) -> None:
        def ask() -> bool:
            connection = HTTPConnection(HOST, self.port, timeout=ANSWER_S)
            try:
                connection.request(method, path, body, dict(headers))
                answer = connection.getresponse()
                if 400 <= answer.status < 500 and answer.status not in DONE_BEFORE:
                    raise ValueError(f"{path}: {answer.status} {answer.read()!r}")
                return answer.status < 500
            finally:
                connection.close()

        until_it_works(ask)

    def sms_to(self, *people: User) -> int:
        """Return how many SMS the provider took for these people."""
        addresses = {one.address for person in people for one in person.contacts.all()}
        return sum(sms.to in addresses for sms in self.provider.sent())

    def mails_to(self, person: User, words: str = "") -> int:
        """Return how many e-mails with these words came to somebody."""
        addresses = list(person.contacts.values_list("address", flat=True))
        return DemoMessage.objects.filter(address__in=addresses, text__contains=words).count()

    def what_is_wrong(self, since_s: float) -> str:
        """Return what no story may leave behind, looking at the last so many seconds."""
        if Message.objects.filter(state__in=IN_HAND).exists():
            return "a message is in somebody's hand, or unclear"
        if Message.objects.due(now()).exists():
            return "a message is due"
        taken = [sms.sid for sms in self.provider.sent()]
        if Message.objects.filter(provider_reference__in=taken).count() != len(taken):
            return "the provider has an SMS that no message of ours knows: one too many"
        beaten_after = now() - timedelta(seconds=since_s * self.speed)
        if not Heartbeat.objects.filter(name=WORKER, beaten_at__gt=beaten_after).exists():
            return "the worker has not beaten since"
        return ""


class KeptWorker:
    """The supervised worker, started anew whenever its first process is gone."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self.log = directory / "worker.log"
        self.environment = {**environment, KEPT: str(directory)}
        self.directory = directory
        self.part: Part = start_worker(self.log, self.environment)
        try:
            wait_for_a_beat(self.part)
        except BaseException:
            self.stop()
            raise

    def look(self) -> None:
        """Start it anew if it died, without anything the dead one had started (as systemd does)."""
        if self.part.process.poll() is not None:
            kill_marked(KEPT, str(self.directory))
            self.part = start_worker(self.log, self.environment)

    def stop(self) -> None:
        """End it with all that belongs to it."""
        with deaf():
            self.part.stop()
            kill_marked(KEPT, str(self.directory))


@contextmanager
def stage(
    url: str, directory: Path, *, speed: float = 1, environment: Mapping[str, str]
) -> Iterator[Stage]:
    """Put everything up, and take it down."""
    with FakeTwilio() as provider, _receiver() as (told, receiver_url):
        here = environment_for(url, provider) | {apps.VARIABLE: "public_addresses"}
        here |= dict(environment)
        log = directory / "web.log"
        with web(url, log=log, processes=1, threads=4, environment=here) as port:
            worker = KeptWorker(directory, here | {"LOTSENRUF_PUBLIC_URL": f"http://{HOST}:{port}"})
            try:
                yield Stage(provider, port, worker, told, receiver_url, speed)
            finally:
                worker.stop()


@contextmanager
def _receiver() -> Iterator[tuple[list[dict[str, Any]], str]]:
    """Listen as somebody's other system; yield what it is told, and its address."""
    told: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield told, f"http://{HOST}:{server.server_address[1]}/told"
    finally:
        server.shutdown()
        server.server_close()


def until_it_works(step: Callable[[], bool]) -> None:
    """Do it again until it worked, as people and programs do; not for ever."""
    until = time.monotonic() + 2 * ANSWER_S
    while time.monotonic() < until:
        try:
            if step():
                return
        except (OSError, HTTPException):
            pass
        time.sleep(AGAIN_S)
    raise TimeoutError("no answer")


_submissions = count(1)


def a_key() -> str:
    """Return an Idempotency-Key that was not used before."""
    return str(UUID(int=next(_submissions)))
