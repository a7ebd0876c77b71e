"""Arms failpoints by name; nothing but the settings of the proofs and tests leads here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from background import failpoints

VARIABLE = "LOTSENRUF_PROOF_FAILPOINTS"


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


def arm_from_environment() -> None:
    """Arm what the environment asks for; without the variable nothing changes."""
    if text := os.environ.get(VARIABLE):
        failpoints.armed = hook_for(text)


@contextmanager
def armed(hook: Callable[[str], None]) -> Iterator[None]:
    """Put a hook in place for a while."""
    before, failpoints.armed = failpoints.armed, hook
    try:
        yield
    finally:
        failpoints.armed = before
