"""Why nobody, or so few: who is left after each step, and what giving way would bring. Pure.

A person passes a step if some verdict on her (there is one per language and mode) passes it and
all before it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# In the order in which one would look for somebody by telephone.
STEPS: dict[str, tuple[str, ...]] = {
    "role": ("kind", "level", "gender"),
    "reach": ("mode", "reach", "arrives"),
    "free": ("paused", "absent", "hours", "busy", "weekly_cap"),
    "records": ("records",),
    "willing": ("setting", "conflict", "pair"),
    "budget": ("contact", "budget", "unanswered"),
    "new": ("asked",),
}
NEVER_RELAXED = frozenset({"conflict", "pair", "asked", "contact", "records"})
"""What nobody may or can give way in: a relaxation of it is not offered."""


@dataclass(frozen=True)
class Verdict:
    """The filters that speak against one person in one language and mode."""

    person_id: int
    volunteer_id: int
    distance_m: float
    failed: frozenset[str]


@dataclass(frozen=True)
class Step:
    """How many are left once these filters have cut too."""

    code: str
    left: int


@dataclass(frozen=True)
class Relaxation:
    """How many more there would be without one filter."""

    code: str
    more: int


@dataclass(frozen=True)
class Funnel:
    """From all who speak the language to those who may be asked now."""

    speak: int
    steps: tuple[Step, ...]
    relaxations: tuple[Relaxation, ...]

    @property
    def left(self) -> int:
        """Return how many may be asked now."""
        return self.steps[-1].left


def funnel_of(verdicts: Iterable[Verdict]) -> Funnel:
    """Return the funnel, the most helpful relaxation first."""
    of_person: dict[int, list[frozenset[str]]] = defaultdict(list)
    for verdict in verdicts:
        of_person[verdict.person_id].append(verdict.failed)
    steps, cut = [], frozenset[str]()
    for code, filters in STEPS.items():
        cut |= set(filters)
        left = sum(any(not failed & cut for failed in each) for each in of_person.values())
        steps.append(Step(code, left))
    more = Counter(
        name
        for each in of_person.values()
        if all(each)
        for name in {next(iter(failed)) for failed in each if len(failed) == 1}
        if name not in NEVER_RELAXED
    )
    relaxations = [Relaxation(name, count) for name, count in more.most_common()]
    return Funnel(len(of_person), tuple(steps), tuple(relaxations))


def against(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Return what speaks against one person, in the order of the steps; of several ways the best.

    Empty means that she may be asked.
    """
    if not verdicts:
        return ("language",)
    fewest = min(
        (verdict.failed for verdict in verdicts), key=lambda failed: (len(failed), *sorted(failed))
    )
    return tuple(name for filters in STEPS.values() for name in filters if name in fewest)
