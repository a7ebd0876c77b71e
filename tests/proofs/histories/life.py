"""The whole machine, and how many of its histories are told: python -m tests.proofs.histories.life

life URL SEED EXAMPLES STEPS [MUTANT]     one line of JSON, for the proof that started it
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RULE_MARKER, run_state_machine_as_test

CHUNK = 500
"""Examples of one seed: Hypothesis remembers every choice of a run."""
ANYTHING = list(HealthCheck)
BOTH = {
    "a_held_back_request_is_decided": ("released", "rejected"),
    "a_record_is_revoked": ("now", "there again"),
    "a_role_is_locked": ("locked", "unlocked"),
    "somebody_is_away": ("now", "back"),
    "somebody_stops_or_starts": ("STOPP", "START"),
}
"""Rules that do one thing and its opposite: each has to succeed."""


@dataclass
class Told:
    """What came of some histories."""

    examples: int = 0
    steps: int = 0
    broken: list[str] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    rules: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Count another's histories too."""
        self.examples += other.examples
        self.steps += other.steps
        self.broken += other.broken
        self.fired.update(other.fired)
        self.refused.update(other.refused)
        self.rules = other.rules or self.rules

    @property
    def never_fired(self) -> list[str]:
        """Return the rules that did not once succeed: of them the run says nothing."""
        wanted = {f"{name} ({which})" for name, each in BOTH.items() for which in each}
        seen = set(self.fired) | {name.partition(" (")[0] for name in self.fired}
        return sorted((set(self.rules) | wanted | {"(killed)", "(twice)"}) - seen)


@contextmanager
def machine() -> Iterator[Any]:
    """Build the world in the database at hand; yield the class of its histories."""
    from tests.proofs.histories.elements import Elements
    from tests.proofs.histories.network import network
    from tests.proofs.histories.offices import Offices
    from tests.proofs.histories.volunteers import Volunteers
    from tests.proofs.histories.world import stage

    class Life(Offices, Volunteers, Elements):
        """Everybody and everything."""

    Life.fired, Life.refused = Counter(), Counter()
    with stage() as (world, jobs):
        Life.world, Life.jobs, Life.taken = world, jobs, tuple(network.taken)
        yield Life


def tell(life: Any, *, examples: int, steps: int, seed: int | None, shrink: bool = False) -> Told:
    """Run so many random histories; with no seed always the same ones."""
    life.fired.clear()
    life.refused.clear()
    life._hypothesis_internal_use_seed = seed  # what @seed does, for a class
    told = Told(rules=[name for name in dir(life) if hasattr(getattr(life, name), RULE_MARKER)])
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=seed is None,
        database=None,
        deadline=None,
        suppress_health_check=ANYTHING,
        phases=[Phase.generate, *([Phase.shrink] if shrink else [])],
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(life, settings=chosen)
    except Exception as error:
        notes = "\n".join(getattr(error, "__notes__", []))
        told.broken.append(f"seed {seed}: {error!r}\n{notes}")
    told.examples, told.steps = life.fired.pop("(examples)", 0), life.fired.pop("(steps)", 0)
    told.fired, told.refused = Counter(life.fired), Counter(life.refused)
    return told


def main(url: str, seed: int, examples: int, steps: int, mutant: str = "") -> None:
    """Tell histories in a database of our own, a chunk at a time."""
    os.environ["LOTSENRUF_DATABASE_URL"] = url
    import logging

    import django

    django.setup()
    from tests.proofs import unprotected

    logging.getLogger().handlers.clear()  # thousands of errors are what is wanted
    told = Told()
    with machine() as life:
        if mutant:
            unprotected.mutate(mutant)
        for first in range(0, examples, CHUNK):
            many = min(CHUNK, examples - first)
            told.add(tell(life, examples=many, steps=steps, seed=seed + first))
            print(json.dumps(vars(told)), flush=True)
            if mutant and told.broken:
                return


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), *sys.argv[5:6])
