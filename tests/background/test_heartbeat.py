"""What keeps it going must not trust the queue."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django_q.models import OrmQ

from background import heartbeat, supervisor
from background.clock import now
from background.models import Heartbeat
from background.supervisor import Supervisor
from background.waking import wake
from tests.clock import MovableClock


class FakeCluster:
    """Stands for the process group of the queue."""

    pid = 4_000_000  # no such process

    def __init__(self) -> None:
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        return 0


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch, clock: MovableClock, db: None) -> Any:
    started: list[FakeCluster] = []
    swept: list[bool] = []

    def popen(*args: Any, **kwargs: Any) -> FakeCluster:
        started.append(FakeCluster())
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(supervisor, "sweep", lambda: swept.append(True))
    monkeypatch.setattr(supervisor, "close_old_connections", lambda: None)
    watcher = Supervisor()
    watcher.start()
    return watcher, started, swept


def test_a_wake_up_is_gone_when_its_cause_is_rolled_back(db: None) -> None:
    with transaction.atomic():
        wake("matching.search.advance", 1)
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()
    wake("matching.search.advance", 1)
    assert OrmQ.objects.count() == 1


def test_a_sweep_that_fails_does_not_stop_the_others(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    done: list[str] = []
    monkeypatch.setattr("matching.search.sweep", lambda: 1 / 0)
    monkeypatch.setattr("reporting.records.sweep", lambda: done.append("records"))
    settings.HEARTBEAT_SWEEPS = ["matching.search.sweep", "reporting.records.sweep"]
    heartbeat.sweep()
    assert done == ["records"]


def test_every_sweep_in_the_settings_exists(settings: LazySettings) -> None:
    from django.utils.module_loading import import_string

    assert all(callable(import_string(path)) for path in settings.HEARTBEAT_SWEEPS)


def test_a_silent_cluster_is_killed_and_started_anew(watched: Any, clock: MovableClock) -> None:
    watcher, started, swept = watched
    Heartbeat.objects.create(name=heartbeat.WORKER, beaten_at=now())
    watcher.look()
    assert (len(started), swept) == (1, [])
    clock.forward(seconds=30)
    watcher.look()
    assert (len(started), swept) == (1, [True]), "help out before giving up on it"
    clock.forward(seconds=31)
    watcher.look()
    assert len(started) == 2


def test_a_dead_cluster_is_started_at_once(watched: Any, clock: MovableClock) -> None:
    watcher, started, _ = watched
    started[0].returncode = -9
    watcher.look()
    assert len(started) == 2


def test_a_new_cluster_gets_back_what_the_dead_one_held(watched: Any, clock: MovableClock) -> None:
    watcher, started, _ = watched
    OrmQ.objects.create(key="lotsenruf", payload="", lock=now() + timedelta(minutes=5))
    started[0].returncode = -9
    watcher.look()
    assert not OrmQ.objects.filter(lock__gt=now()).exists()


def test_the_supervisor_asks_for_a_beat(watched: Any) -> None:
    watcher, _, _ = watched
    watcher.look()
    assert [job.task["args"][0] for job in OrmQ.objects.all()] == [supervisor.BEAT]


def test_beats_do_not_pile_up_while_the_last_one_waits(watched: Any, clock: MovableClock) -> None:
    watcher, _, _ = watched
    for _ in range(3):
        clock.forward(seconds=5)
        watcher.look()
    assert OrmQ.objects.count() == 1
    Heartbeat.objects.create(name=heartbeat.WORKER, beaten_at=now())
    watcher.look()
    assert OrmQ.objects.count() == 2, "the one before has begun"
    clock.forward(seconds=31)
    watcher.look()
    assert OrmQ.objects.count() == 3, "the one before got lost"
