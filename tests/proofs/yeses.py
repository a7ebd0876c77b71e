"""Processes in which people say yes at a barrier; they import Django only once they run."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from queue import Empty
from threading import BrokenBarrierError, Thread
from typing import Any

from tests.proofs.parts import DidNotStart, deaf

PATIENCE_S = 60


@contextmanager
def people_who_say_yes(
    proposals: Sequence[int], tries: int, processes: int, environment: Mapping[str, str]
) -> Iterator[tuple[Barrier, Any]]:
    """Start them; yield the barrier they meet at before and after each try, and their answers."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(len(proposals) + 1)
    answers: Any = context.Queue()
    before = dict(os.environ)
    os.environ.update(environment)  # read by the settings of the new processes
    people: list[BaseProcess] = []
    try:
        for nth in range(processes):
            arguments = (list(proposals[nth::processes]), tries, together, answers)
            people.append(context.Process(target=say_yes, args=arguments, daemon=True))
            people[-1].start()
        yield together, answers
    except (BrokenBarrierError, Empty) as error:
        raise DidNotStart("somebody did not come to the barrier in time") from error
    finally:
        with deaf():
            os.environ.clear()
            os.environ.update(before)
            together.abort()
            for person in people:
                person.terminate()
                person.join()


def say_yes(proposals: Sequence[int], tries: int, together: Barrier, answers: Any) -> None:
    """Say yes to each proposal, in a thread of its own, whenever all are at the barrier."""
    import django

    django.setup()
    threads = [
        Thread(target=_say_yes_often, args=(proposal, tries, together, answers))
        for proposal in proposals
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _say_yes_often(proposal_pk: int, tries: int, together: Barrier, answers: Any) -> None:
    from django.db import connection

    from matching.models import Proposal

    proposal = Proposal.objects.get(pk=proposal_pk)
    try:
        for _ in range(tries):
            together.wait(PATIENCE_S)
            answers.put(_answer_to(proposal))
            together.wait(PATIENCE_S)
    except BrokenBarrierError:
        return  # the proof was broken off
    finally:
        connection.close()


def _answer_to(proposal: Any) -> tuple[str, float]:
    """Return the kind of answer to a yes, and the seconds it took."""
    from django.db import DatabaseError

    from matching import replies

    began = time.perf_counter()
    try:
        word = replies.accept(proposal, via="link").kind.value
    except DatabaseError:
        word = "error"
    return word, time.perf_counter() - began
