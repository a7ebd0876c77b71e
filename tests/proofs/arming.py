"""Arms failpoints by name; nothing but the settings of the proofs and tests leads here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from background import failpoints

VARIABLE = "LOTSENRUF_PROOF_FAILPOINTS"
FOLDER = "LOTSENRUF_PROOF_FAILPOINT_FOLDER"


class Failed(RuntimeError):
    """An armed failpoint failed, as it was told to."""


def _act(action: str) -> None:
    """Do what an action says: `sleep:0.05` seconds, `exit` at once, `raise`."""
    word, _, argument = action.partition(":")
    if word == "sleep":
        time.sleep(float(argument))
    elif word == "exit":
        os._exit(9)
    elif word == "raise":
        raise Failed(action)
    else:
        raise ValueError(f"no such action: {action}")


def hook_for(text: str) -> Callable[[str], None]:
    """Return the hook for `name=action;name=action`."""
    actions = dict(part.split("=", 1) for part in text.split(";") if part)

    def hook(name: str) -> None:
        if name in actions:
            _act(actions[name])

    return hook


def hook_of(folder: Path) -> Callable[[str], None]:
    """Return a hook that does what a file of the failpoint's name says, and only once.

    The folder belongs to several processes: whoever takes the file away does it, and leaves another
    that says when.
    """

    def hook(name: str) -> None:
        mine = folder / f"{name}.{os.getpid()}"
        with suppress(FileNotFoundError):
            (folder / name).rename(mine)
            action = mine.read_text()
            mine.write_text(str(time.time()))
            mine.rename(_met(folder, name))
            _act(action)

    return hook


def arm_once(folder: Path, name: str, action: str) -> None:
    """Let the first of all processes that comes to the failpoint do what the action says."""
    _met(folder, name).unlink(missing_ok=True)
    ready = folder / f"{name}.ready"
    ready.write_text(action)
    ready.rename(folder / name)


def disarm(folder: Path, name: str) -> None:
    """Take back what nobody came to."""
    (folder / name).unlink(missing_ok=True)


def met_at(folder: Path, name: str) -> float | None:
    """Return when somebody came to the failpoint since it was armed, in seconds of the epoch."""
    met = _met(folder, name)
    return float(met.read_text()) if met.exists() else None


def _met(folder: Path, name: str) -> Path:
    return folder / f"{name}.met"


def arm_from_environment() -> None:
    """Arm what the environment asks for; without the variables nothing changes."""
    if text := os.environ.get(VARIABLE):
        failpoints.armed = hook_for(text)
    elif named := os.environ.get(FOLDER):
        failpoints.armed = hook_of(Path(named))


@contextmanager
def armed(hook: Callable[[str], None]) -> Iterator[None]:
    """Put a hook in place for a while."""
    before, failpoints.armed = failpoints.armed, hook
    try:
        yield
    finally:
        failpoints.armed = before
