"""A proof leaves nothing behind: no process, no database, no file, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.parts import ROOT, Part, running

PATIENCE_S = 60


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return an empty folder with a short name that PostgreSQL's user can reach."""
    with tempfile.TemporaryDirectory(prefix="lp-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of all processes that have to do with the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in command and "pytest" not in command:
            found.append(command)
    return found


def start_a_proof(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.proofs", "race", "--requests", "1", *options],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for_the_cluster(folder: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not any("postgres" in command for command in processes_of(folder)):
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_proof_leaves_nothing_behind(folder: Path, sent: signal.Signals) -> None:
    proof = start_a_proof(folder)
    wait_for_the_cluster(folder)
    proof.send_signal(sent)
    assert proof.wait(PATIENCE_S) == 130
    assert processes_of(folder) == []
    assert list(folder.iterdir()) == []


def test_a_proof_over_its_time_limit_fails_and_leaves_nothing_behind(folder: Path) -> None:
    proof = start_a_proof(folder, "--limit", "3")
    assert proof.wait(PATIENCE_S) == 1
    assert processes_of(folder) == []
    assert list(folder.iterdir()) == []


def test_a_part_is_stopped_with_the_children_that_left_its_group(tmp_path: Path) -> None:
    child = "import time; time.sleep(60)"
    parent = (
        "import subprocess, sys, time;"
        f"print(subprocess.Popen([sys.executable, '-c', {child!r}], start_new_session=True).pid,"
        " flush=True); time.sleep(60)"
    )
    log = tmp_path / "part.log"
    with running([sys.executable, "-c", parent], log=log, environment={}) as part:
        child_pid = int(_first_line(part))
        assert Path(f"/proc/{child_pid}").exists()
    assert not _is_alive(child_pid)
    assert part.process.returncode is not None


def _first_line(part: Part) -> str:
    until = time.monotonic() + PATIENCE_S
    while not part.end().strip():
        assert time.monotonic() < until
        time.sleep(0.05)
    return part.end().splitlines()[0]


def _is_alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
