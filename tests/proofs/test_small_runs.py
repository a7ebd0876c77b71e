"""The proofs in small, against the database of the tests: they run, and their controls fail.

The full size is script/prove; the very same functions with other numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from background import failpoints
from tests.benches import delivery
from tests.proofs import (
    api,
    arming,
    declared,
    fast_clock,
    lane,
    links,
    overlap,
    queue,
    race,
    replies,
    sender,
    unprotected,
)
from tests.proofs import failpoints as failpoint_proof
from tests.proofs.lane import Case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of this run's test database, for other processes."""
    here = connection.settings_dict
    query = {name.lower(): here[name] for name in ("HOST", "PORT", "USER") if here[name]}
    if here["PASSWORD"]:
        monkeypatch.setenv("PGPASSWORD", here["PASSWORD"])
    return f"postgresql:///{here['NAME']}?{urlencode(query)}"


def test_one_press_wins_over_http_and_the_others_read_that_it_is_taken(
    url: str, tmp_path: Path
) -> None:
    findings, pressing = race.one_run(url, tmp_path, 4, 6, processes=2, threads=4)
    assert findings.is_clean
    assert (findings.presses, findings.loser_told) == (24, 20)
    assert len(pressing.seconds) == 24


def test_control_of_the_race_gives_appointments_away_twice(url: str, tmp_path: Path) -> None:
    with unprotected.dropped(unprotected.ONE_ACTIVE_PER_REQUEST):
        findings, _ = race.one_run(
            url, tmp_path, 4, 6, processes=2, threads=4, environment=race.UNPROTECTED
        )
    assert findings.double >= 0.9 * 4
    assert not findings.is_clean


def test_one_person_in_two_pools_gets_one_of_many(url: str) -> None:
    done = overlap.one_run(url, 5, yeses=6, processes=1)
    assert (done.overlaps, done.deadlocks, done.without_winner) == (0, 0, 0)
    assert done.answers == {"accepted": 5, "overlap": 25}


def test_control_of_the_overlap_lets_her_be_in_two_places(url: str) -> None:
    with unprotected.dropped(unprotected.NOBODY_IN_TWO_PLACES):
        done = overlap.one_run(url, 5, yeses=6, processes=1, environment=overlap.UNPROTECTED)
    assert done.overlaps > 0


def test_killed_and_sleeping_senders_lose_and_double_nothing(url: str, tmp_path: Path) -> None:
    sent = sender.one_run(url, tmp_path, messages=60, kills=4, seed=1, speed=8)
    assert (sent.kills, sent.pauses) == (4, 1)
    assert (sent.lost, sent.doubled, sent.unknown_left) == (0, 0, 0)


def test_control_of_the_senders_doubles_without_a_look_up(url: str, tmp_path: Path) -> None:
    sent = sender.one_run(
        url, tmp_path, messages=60, kills=8, seed=1, speed=8, environment=sender.UNPROTECTED
    )
    assert sent.doubled + sent.lost > 0


@pytest.mark.parametrize("fault", ["worker killed", "cluster hung"])
def test_a_queue_that_stands_still_is_started_anew_and_nothing_is_lost(
    fault: str, url: str, tmp_path: Path
) -> None:
    # Stale late enough for a machine that needs seconds to start a cluster: else it never beats.
    quick = {"LOTSENRUF_PROOF_BEAT_S": "0.5", "LOTSENRUF_PROOF_STALE_S": "8"}
    trial = queue.one_trial(
        url, tmp_path, fault, seed=1, posts=4, posts_every_s=0.1, environment=quick
    )
    assert (trial.posted, trial.lost, trial.recovered) == (4, 0, True)


def test_offers_go_from_the_post_to_the_provider_through_the_real_worker(
    url: str, tmp_path: Path
) -> None:
    alive = delivery.one_run(url, tmp_path, rate=2, seconds=2)
    assert alive.is_whole
    assert len(alive.from_post) == len(alive.called) == alive.posted == 4
    figures = delivery.result(alive, alive).figures
    assert figures["messages"] == figures["provider_calls"] == figures["dead_posted"] == 4


def test_offers_reach_the_provider_although_the_queue_is_dead(url: str, tmp_path: Path) -> None:
    dead = delivery.one_run(url, tmp_path, rate=2, seconds=1, queue_is_dead=True)
    assert dead.is_whole
    assert len(dead.from_post) == 2


def play(url: str, directory: Path, *cases: Case, **more: Any) -> list[lane.Outcome]:
    """Play cases as script/prove failpoints does, in a tenth of the time."""
    speed = 8
    with fast_clock.faster(speed, shows=failpoint_proof.A_WORKING_DAY) as pace:
        # The clock runs ahead of the cluster's start: no reason to give up on it.
        beats = {"LOTSENRUF_PROOF_BEAT_S": "0.6", "LOTSENRUF_PROOF_STALE_S": "400"}
        here = {**pace, **beats, **more.pop("environment", {})}
        return list(lane.play_all(url, directory, cases, speed=speed, environment=here, **more))


def test_who_dies_stalls_or_fails_at_a_failpoint_leaves_nothing_undone(
    url: str, tmp_path: Path
) -> None:
    cases = (
        Case("asked", "outbox.claimed", "crash"),
        Case("accepted", "accept.before_messages", "crash"),
        Case("informed", "requester.before_told", "sleep"),
        Case("answered by SMS", "reply.worked_off", "error"),
    )
    outcomes = play(url, tmp_path, *cases)
    assert [(one.met, one.recovered, one.why_not) for one in outcomes] == [(True, True, "")] * 4


def test_control_of_the_failpoints_leaves_it_undone_without_sweeps(
    url: str, tmp_path: Path
) -> None:
    (outcome,) = play(
        url,
        tmp_path,
        failpoint_proof.CONTROL,
        environment=failpoint_proof.NOT_SWEPT,
        patience_s=10,
    )
    assert outcome.met
    assert not outcome.recovered


def test_every_failpoint_of_the_source_has_a_story_and_no_story_one_that_is_gone() -> None:
    told = {case.point for case in failpoint_proof.all_cases()}
    assert told == set(declared.failpoints())
    assert len(told) >= failpoint_proof.AT_LEAST


def test_a_failpoint_that_no_case_came_to_makes_the_proof_worth_nothing() -> None:
    case = Case("asked", "here", "crash")
    met = lane.Outcome(case, met=True, recovered=True, recovery_s=1.0)
    control = [lane.Outcome(failpoint_proof.CONTROL, met=True)]
    result = failpoint_proof.result([case], [met], control, declared=["here"])
    assert result.is_good
    result = failpoint_proof.result([case], [met], control, declared=["here", "nowhere"])
    assert not result.valid
    assert "nobody came to nowhere" in result.why_not
    result = failpoint_proof.result([case], [met], [met], declared=["here"])
    assert not result.valid
    late = lane.Outcome(case, met=True, recovered=True, recovery_s=61.0)
    assert not failpoint_proof.result([case], [late], control, declared=["here"]).reached


def test_an_armed_failpoint_does_what_it_is_told_and_no_other() -> None:
    hook = arming.hook_for("here=raise;there=sleep:0.001")
    with arming.armed(hook):
        failpoints.failpoint("there")
        failpoints.failpoint("elsewhere")
        with pytest.raises(arming.Failed):
            failpoints.failpoint("here")
    failpoints.failpoint("here")


def test_production_code_has_no_way_to_the_failpoints_of_the_proofs() -> None:
    root = Path(__file__).resolve().parents[2]
    apps = [path.parent for path in root.glob("*/__init__.py") if path.parent.name != "tests"]
    assert len(apps) >= 10
    for path in [path for app in apps for path in app.rglob("*.py")]:
        text = path.read_text()
        assert "LOTSENRUF_PROOF" not in text, path
        assert "tests.proofs" not in text, path


def test_everybody_calls_what_the_schema_describes(url: str, tmp_path: Path) -> None:
    calls = api.one_run(url, tmp_path, requests=220, dice=1, objects=6)
    assert calls.wrong == []
    assert (calls.requests, calls.throttled) == (220, 0)
    assert len(calls.roles) > 8
    assert len(calls.opened) > 5


def test_control_of_the_api_sees_errors_and_open_doors(url: str, tmp_path: Path) -> None:
    calls = api.one_run(url, tmp_path, requests=80, dice=1, objects=4, environment=api.UNPROTECTED)
    assert calls.server_errors
    assert calls.schema_breaks
    assert calls.ignored_auth


def test_opening_a_link_changes_nothing_and_a_bad_one_opens_nothing() -> None:
    fetched = links.one_run(fetches=200, dice=1, hands=2)
    assert (fetched.changed, fetched.accepted_bad, fetched.broken) == ([], [], [])
    assert fetched.opened > 10


def test_controls_of_the_links_see_a_change_and_a_bad_link_that_opens() -> None:
    assert links.one_run(fetches=120, dice=1, hands=1, without="silent_link").changed
    assert links.one_run(fetches=30, dice=1, hands=1, without="link_check").accepted_bad


def test_every_text_counts_once_whether_the_web_is_up_or_down(url: str, tmp_path: Path) -> None:
    answers = replies.one_run(url, tmp_path, replies=40, dice=1)
    assert (answers.replies, answers.processed, answers.doubled) == (40, 40, 0)
    assert (answers.out_of_order, answers.misunderstood) == (0, 0)
    assert answers.forged_refused == answers.forged > 0
    assert answers.found_by_poll == answers.turned_away == 24


def test_control_of_the_replies_counts_texts_twice(url: str, tmp_path: Path) -> None:
    with unprotected.dropped(replies.ARRIVES_ONCE):
        assert replies.one_run(url, tmp_path, replies=10, dice=1).doubled > 0
