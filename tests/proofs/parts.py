"""The processes of a proof: started in groups of their own, so that none of them is left over."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = ROOT / "script" / "postgres"
STOP_S = 20
END_OF_LOG = 3000


class DidNotStart(RuntimeError):
    """A part of the proof did not come up; the end of its log says why."""


class Part:
    """A process that belongs to a proof."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log

    def check(self) -> None:
        """Raise when it has ended by itself."""
        if self.process.poll() is not None:
            raise DidNotStart(f"{self.name} stopped ({self.process.returncode}):\n{self.end()}")

    def end(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(errors="replace")[-END_OF_LOG:]

    def children(self) -> list[int]:
        """Return the processes it has started that are alive, and theirs."""
        return [pid for pid in _family_of(self.process.pid) if pid != self.process.pid]

    def stop(self) -> None:
        """Ask it to stop; then kill what is left of it, in whatever group it may be."""
        family = _family_of(self.process.pid)
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_S)
        _kill(family)
        self.process.wait()


def _kill(family: dict[int, str]) -> None:
    """Kill those that are still the same processes, and wait until they are gone."""
    until = time.monotonic() + STOP_S
    while left := [pid for pid, born in family.items() if _birth_of(pid) == born]:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > until:
            return
        time.sleep(0.01)


def _family_of(pid: int) -> dict[int, str]:
    """Return a process and its descendants with the ticks at which each was born."""
    parents = {int(one.name): _stat(int(one.name)) for one in Path("/proc").glob("[0-9]*")}
    family = [pid]
    for member in family:
        family += [child for child, stat in parents.items() if stat and int(stat[1]) == member]
    return {member: born for member in family if (born := _birth_of(member))}


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that are alive."""
    return [
        int(one.name)
        for one in Path("/proc").glob("[0-9]*")
        if (stat := _stat(int(one.name))) and int(stat[1]) == pid
    ]


def kill_marked(variable: str, value: str) -> None:
    """Kill every process that was started, directly or not, with this in its environment."""
    mark = f"{variable}={value}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if mark in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def _birth_of(pid: int) -> str:
    """Return when a process was born: a number that was given to another one differs in it."""
    stat = _stat(pid)
    return stat[19] if stat else ""


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name; none when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [] if fields[0] == "Z" else fields


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    pass_fds: Sequence[int] = (),
) -> Iterator[Part]:
    """Run a command until the block ends, however it ends."""
    part = started(command, log=log, environment=environment, pass_fds=pass_fds)
    try:
        yield part
    finally:
        with deaf():
            part.stop()


def started(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    pass_fds: Sequence[int] = (),
) -> Part:
    """Start a command; whoever does so stops it."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            cwd=ROOT,
            env=dict(os.environ) | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=pass_fds,
        )
    return Part(log.stem, process, log)


def run(*command: Any) -> str:
    """Run a command to its end and return what it printed."""
    # In a session of its own: the terminal's Ctrl-C must not tear it apart half-way.
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [str(word) for word in command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate()
    except BaseException:
        # What is only half made cannot be taken away: first let it finish.
        with deaf(), contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=STOP_S)
        _kill(_family_of(process.pid))
        raise
    if process.returncode:
        raise DidNotStart(f"{' '.join(map(str, command))}:\n{errors}")
    return output


@contextmanager
def signals(handlers: Mapping[int, Any]) -> Iterator[None]:
    """Answer signals in another way for a while."""
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf() -> Iterator[None]:
    """Do not listen to further Ctrl-C while tidying up."""
    ignored = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    with signals(dict.fromkeys(ignored, signal.SIG_IGN)):
        yield


def interrupt(number: int, stack: FrameType | None) -> None:
    """Treat SIGTERM as Ctrl-C: everything is taken down on the way out."""
    raise KeyboardInterrupt
