"""race: many volunteers press «Ja» for the same request at the same moment, over HTTP.

Exactly one gets it, everybody else reads at once that it is taken. The control is the same run
against a server that looks first and writes afterwards, without the index behind it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from uuid import UUID

from matching.models import Assignment
from tests.proofs import apps, arming, unprotected
from tests.proofs.frame import Frame, say, web
from tests.proofs.history import Findings, History, Word, check
from tests.proofs.parts import DidNotStart
from tests.proofs.people import Offer, offers_of_many_requests
from tests.proofs.phone import Page, Phone
from tests.proofs.report import Result, nth_percentile

PROCESSES, THREADS = 4, 8
CONTROL_DOUBLES = 0.9
PATIENCE_S = 120
PROGRESS_EVERY = 50
PROTECTED: Mapping[str, str] = {}
UNPROTECTED = {
    apps.VARIABLE: "request_guard",
    arming.VARIABLE: "unprotected.between=sleep:0.3",
}


@dataclass
class Pressing:
    """What the pressing of all buttons gave."""

    history: History = field(default_factory=History)
    seconds: list[float] = field(default_factory=list)


def press_all(offers: Sequence[Sequence[Offer]], port: int) -> Pressing:
    """Let every volunteer open the link, wait for the others, press, and read the answer."""
    pressing = Pressing()
    n = len(offers[0])
    barrier = threading.Barrier(n)

    def volunteer(nth: int) -> None:
        try:
            for done, of_request in enumerate(offers, start=1):
                # A new browser each time: the cookie of each yes would fill the header in the end.
                _answer(of_request[nth], Phone(port), barrier, pressing)
                if nth == 0 and done % PROGRESS_EVERY == 0:
                    say(f"  {done} of {len(offers)}")
        except BaseException:
            barrier.abort()
            raise

    people = ThreadPoolExecutor(n)
    try:
        answering = [people.submit(volunteer, nth) for nth in range(n)]
        # Not for ever: a signal may reach another thread, and only this one acts on it.
        while wait(answering, timeout=1, return_when=FIRST_EXCEPTION).not_done:
            pass
        for done in answering:
            done.result()
    except threading.BrokenBarrierError as error:
        raise DidNotStart("somebody did not come to the barrier in time") from error
    finally:
        barrier.abort()  # after an interruption nobody waits for somebody who has gone
        people.shutdown(wait=False, cancel_futures=True)
    return pressing


def _answer(offer: Offer, phone: Phone, barrier: threading.Barrier, pressing: Pressing) -> None:
    page = _page(phone, offer.path)
    barrier.wait(PATIENCE_S)
    pressing.history.note(offer.request, offer.person, Word.INVOKE)
    began = time.perf_counter()
    word = _page(phone, offer.path, pressed_on=page).word
    pressing.seconds.append(time.perf_counter() - began)
    pressing.history.note(offer.request, offer.person, word)


def _page(phone: Phone, path: str, pressed_on: Page | None = None) -> Page:
    """Return the page that is opened, or reached by pressing yes; nothing after an error."""
    try:
        if pressed_on is None:
            return phone.open(path)
        return phone.press(path, pressed_on, action="yes")
    except (OSError, HTTPException):
        return Page(0, "")


def held() -> list[tuple[UUID, int]]:
    """Return who holds what, as the database at hand says."""
    return list(
        Assignment.objects.filter(cancelled_at__isnull=True).values_list(
            "service_request__public_id", "person_id"
        )
    )


def run(frame: Frame, *, requests: int, acceptors: int) -> Result:
    """Run the race and its control."""
    say(f"race: {requests} requests, {acceptors} simultaneous yeses each …")
    url = frame.database("race")
    findings, pressing = one_run(url, frame.directory, requests, acceptors)
    say("the control: the same without protection …")
    url = frame.database("race_control")
    unprotected.drop(unprotected.ONE_ACTIVE_PER_REQUEST)
    control, _ = one_run(url, frame.directory, requests, acceptors, environment=UNPROTECTED)
    accepts = requests * acceptors
    figures = {
        "requests": requests,
        "accepts": findings.presses,
        "double": findings.double,
        "none": findings.none,
        "loser_told": findings.loser_told,
        "p99_ms": round(1000 * nth_percentile(pressing.seconds, 99)),
        "control_double": control.double,
        "lost": findings.lost,
        "told_wrongly": findings.told_wrongly,
        "denied": findings.denied,
        "without_answer": findings.without_answer,
        "p50_ms": round(1000 * nth_percentile(pressing.seconds, 50)),
    }
    reached = (
        findings.is_clean
        and findings.presses == accepts
        and findings.loser_told == accepts - requests
    )
    valid = control.double >= CONTROL_DOUBLES * requests
    return Result("race", figures, reached, valid, _why_not(reached, valid))


def one_run(
    url: str,
    directory: Path,
    requests: int,
    acceptors: int,
    *,
    processes: int = PROCESSES,
    threads: int = THREADS,
    environment: Mapping[str, str] = PROTECTED,
) -> tuple[Findings, Pressing]:
    """Write the offers, serve the database, press, and compare the answers with what is stored."""
    offers = offers_of_many_requests(requests, acceptors)
    log = directory / "web.log"
    with web(url, log=log, processes=processes, threads=threads, environment=environment) as port:
        pressing = press_all(offers, port)
    return check(pressing.history, held()), pressing


def _why_not(reached: bool, valid: bool) -> list[str]:
    reasons = [] if reached else ["some request has not exactly one holder, or not all were told"]
    if not valid:
        reasons.append("the control gave too few requests away twice: the run proves nothing")
    return reasons
