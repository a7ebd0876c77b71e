"""overlap: one person says yes to many overlapping requests of two pools at the same moment.

She may get one of them, and no answer may wait for PostgreSQL to find a deadlock. The yeses go to
matching.replies.accept in several processes with a connection per thread, not over HTTP. The
control does without the lock on the person and without the exclusion constraint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier

from django.db import connection

from tests.proofs import apps, arming, unprotected
from tests.proofs.frame import SETTINGS, Frame, say
from tests.proofs.people import overlapping_offers_of_one_person
from tests.proofs.report import Result, nth_percentile
from tests.proofs.yeses import PATIENCE_S, people_who_say_yes

YESES = 20
CONTROL_SHARE = 20
SLOWEST_S = 2.0
PROGRESS_EVERY = 250
PROCESSES = 4
PROTECTED: Mapping[str, str] = {}
UNPROTECTED = {
    apps.VARIABLE: "person_guard",
    arming.VARIABLE: "unprotected.between=sleep:0.2",
}
COUNT = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM matching_assignment b WHERE b.person_id = a.person_id AND b.id < a.id
            AND b.cancelled_at IS NULL AND b.period && a.period))
  FROM matching_assignment a WHERE a.cancelled_at IS NULL
"""
AS_BEFORE = """
DELETE FROM matching_assignment;
DELETE FROM notifications_message;
DELETE FROM notifications_link;
DELETE FROM requests_event;
DELETE FROM django_q_ormq;
UPDATE matching_proposal SET state = 'asked', answered_at = NULL WHERE state <> 'asked';
UPDATE requests_servicerequest SET status = 'searching' WHERE status <> 'searching';
"""


@dataclass
class Tries:
    """What all tries of one run gave."""

    overlaps: int = 0
    without_winner: int = 0
    deadlocks: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def run(frame: Frame, *, tries: int) -> Result:
    """Run the tries and their control."""
    say(f"overlap: {tries} times {YESES} simultaneous yeses of one person …")
    done = one_run(frame.database("overlap"), tries)
    say("the control: the same without protection …")
    url = frame.database("overlap_control")
    unprotected.drop(unprotected.NOBODY_IN_TWO_PLACES)
    control = one_run(url, max(5, tries // CONTROL_SHARE), environment=UNPROTECTED)
    figures = {
        "tries": tries,
        "overlaps": done.overlaps,
        "deadlocks": done.deadlocks,
        "max_s": round(max(done.seconds, default=0.0), 3),
        "control_overlaps": control.overlaps,
        "yeses": len(done.seconds),
        "without_winner": done.without_winner,
        "errors": done.answers["error"],
        "p99_s": round(nth_percentile(done.seconds, 99), 3),
    }
    goals = {
        "somebody was in two places": done.overlaps == 0,
        "yeses ended in a deadlock": done.deadlocks == 0,
        "in some try nobody got anything": done.without_winner == 0,
        "some yes had no answer": done.answers["error"] == 0 and len(done.seconds) == tries * YESES,
        f"an answer took longer than {SLOWEST_S} s": figures["max_s"] <= SLOWEST_S,
        "the control did not overlap: the run proves nothing": control.overlaps > 0,
    }
    *protected, valid = goals.values()
    return Result(
        "overlap", figures, all(protected), valid, [why for why, met in goals.items() if not met]
    )


def one_run(
    url: str,
    tries: int,
    *,
    yeses: int = YESES,
    processes: int = PROCESSES,
    environment: Mapping[str, str] = PROTECTED,
) -> Tries:
    """Write the offers, let her say yes to all of them at once, count what she got each time."""
    proposals = [proposal.pk for proposal in overlapping_offers_of_one_person(yeses)]
    before = _deadlocks()
    here = {"DJANGO_SETTINGS_MODULE": SETTINGS, "LOTSENRUF_DATABASE_URL": url} | dict(environment)
    with people_who_say_yes(proposals, tries, processes, here) as (together, answers):
        done = _count_each_try(tries, together)
        for _ in range(tries * yeses):
            word, seconds = answers.get(timeout=PATIENCE_S)
            done.answers[word] += 1
            done.seconds.append(seconds)
    done.deadlocks = _deadlocks() - before
    return done


def _deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has broken in this database."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _count_each_try(tries: int, together: Barrier) -> Tries:
    """Let the people go, count what they got, and put everything back, so many times."""
    done = Tries()
    for nth in range(1, tries + 1):
        together.wait(PATIENCE_S)
        together.wait(PATIENCE_S)
        if nth % PROGRESS_EVERY == 0:
            say(f"  {nth} of {tries}")
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
            active, in_two_places = cursor.fetchone()
            done.overlaps += in_two_places
            done.without_winner += active == 0
            cursor.execute(AS_BEFORE)
    return done
