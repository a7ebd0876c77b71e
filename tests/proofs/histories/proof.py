"""histories: random lives of requests against what must always be true.

Hypothesis plays institutions, volunteers, coordinators, the worker, the network and the clock; each
step may die at a failpoint and is then repeated. After every step the rows are judged in words of
their own. Each rule must have succeeded at least once, or the run proves nothing. Each control
takes one guard of the product away and has to be found.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.proofs import unprotected
from tests.proofs.frame import SETTINGS, Frame, say
from tests.proofs.histories.life import CHUNK, Told
from tests.proofs.parts import DidNotStart, Part, running
from tests.proofs.report import Result

STEPS = 10
PROCESSES = max(2, min(8, os.cpu_count() or 2))
CONTROL_EXAMPLES = CHUNK
SHOWN = 3
PAUSE_S = 1.0


def run(frame: Frame, *, examples: int, seed: int) -> Result:
    """Tell the histories in several processes, and then the controls."""
    say(f"histories: {examples} examples, up to {STEPS} steps each, seed {seed} …")
    shares = [examples // PROCESSES + (n < examples % PROCESSES) for n in range(PROCESSES)]
    told = Told()
    for one in _tell(frame, "histories", [(share, "") for share in shares if share], seed):
        told.add(one)
    say("the controls: the same without one guard of the product each …")
    mutants = sorted(unprotected.MUTANTS)
    controls = _tell(frame, "control", [(CONTROL_EXAMPLES, name) for name in mutants], seed)
    found = {name: bool(one.broken) for name, one in zip(mutants, controls, strict=True)}
    figures = {
        "examples": told.examples,
        "steps": told.steps,
        "broken": len(told.broken),
        "killed": told.fired["(killed)"],
        "seed": seed,
        "control_found": found,
        "fired": dict(sorted(told.fired.items())),
        "never_fired": len(told.never_fired),
    }
    why_not = [text[-4000:] for text in told.broken[:SHOWN]]
    why_not += [f"never once succeeded: {rule}" for rule in told.never_fired]
    why_not += [f"without {name} nothing was found" for name, was in found.items() if not was]
    if told.examples < examples and not told.broken:
        why_not.append(f"only {told.examples} of {examples} were told")
    valid = not told.never_fired and all(found.values())
    reached = not told.broken and told.examples >= examples
    return Result("histories", figures, reached, valid, why_not)


def _tell(frame: Frame, name: str, shares: Sequence[tuple[int, str]], seed: int) -> list[Told]:
    """Run each share in a process and a database of its own, PROCESSES at a time."""
    told: list[Told] = []
    for first in range(0, len(shares), PROCESSES):
        with ExitStack() as stack:
            parts = []
            for nth, (examples, mutant) in enumerate(shares[first : first + PROCESSES], first):
                database = f"{name}_{nth}"
                words = [
                    *(sys.executable, "-m", "tests.proofs.histories.life"),
                    *(frame.database(database), str(seed + nth * 10**7), str(examples)),
                    *(str(STEPS), *([mutant] if mutant else [])),
                ]
                log = frame.directory / f"{database}.log"
                here = {"DJANGO_SETTINGS_MODULE": SETTINGS, "LOTSENRUF_ENVIRONMENT": "test"}
                parts.append(stack.enter_context(running(words, log=log, environment=here)))
            told += [_wait(part) for part in parts]
    return told


def _wait(part: Part) -> Told:
    """Wait for its last word."""
    while part.process.poll() is None:
        time.sleep(PAUSE_S)
    lines = [line for line in _lines(part.log) if line.startswith('{"examples"')]
    if part.process.returncode or not lines:
        raise DidNotStart(f"a teller of histories stopped:\n{part.end()}")
    said = json.loads(lines[-1])
    told = Told()
    told.add(Told(**said))
    return told


def _lines(log: Path) -> list[str]:
    return log.read_text(errors="replace").splitlines()
