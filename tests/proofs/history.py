"""The history checker: what every client was told, held against what the database says.

A linear check per request is enough: each client asks at most once and gets one answer. Nobody
looks inside the server; only what people read and what is stored at the end counts.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Who = Any
What = Any


class Word(StrEnum):
    """What a client did or was told."""

    INVOKE = "invoke"  # pressed yes
    OK = "ok"  # «it is yours»
    TAKEN = "taken"  # «vergeben»
    REFUSED = "refused"  # something else that is not a yes
    UNKNOWN = "unknown"  # no answer, or an error: it may have counted


@dataclass
class History:
    """A log that many clients write to at the same time."""

    entries: list[tuple[What, Who, Word]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: What, who: Who, word: Word) -> None:
        """Write down what a client did or was told about a request."""
        with self._lock:
            self.entries.append((what, who, word))


@dataclass(frozen=True)
class Findings:
    """How many requests or answers are not as they must be, and how many losers were told."""

    presses: int
    double: int
    none: int
    lost: int
    told_wrongly: int
    denied: int
    without_answer: int
    loser_told: int

    @property
    def is_clean(self) -> bool:
        """Return whether nothing is wrong: one holder each, everybody told the truth."""
        return not (
            self.double
            or self.none
            or self.lost
            or self.told_wrongly
            or self.denied
            or self.without_answer
        )


def check(history: History, held: Iterable[tuple[What, Who]]) -> Findings:
    """Compare the answers with the active assignments, given as pairs (request, person)."""
    holders: dict[What, set[Who]] = defaultdict(set)
    places: Counter[What] = Counter()
    for what, who in held:
        holders[what].add(who)
        places[what] += 1
    told = _answers(history)
    asked = {what for what, _ in told}
    return Findings(
        presses=len(told),
        double=sum(count > 1 for count in places.values()),
        none=sum(not holders[what] for what in asked),
        # An «ok» whose person holds nothing: she would go there for nothing.
        lost=sum(
            word is Word.OK and who not in holders[what] for (what, who), word in told.items()
        ),
        # More than one «ok» for one request, whoever holds it.
        told_wrongly=sum(n > 1 for n in _count(told, Word.OK).values()),
        # She holds it, but read that she does not: nobody would come.
        denied=sum(
            word in (Word.TAKEN, Word.REFUSED) and who in holders[what]
            for (what, who), word in told.items()
        ),
        without_answer=sum(word is Word.UNKNOWN for word in told.values()),
        loser_told=sum(
            word is Word.TAKEN and who not in holders[what] for (what, who), word in told.items()
        ),
    )


def _answers(history: History) -> dict[tuple[What, Who], Word]:
    """Return the answer to each press; a press without any is unknown."""
    told: dict[tuple[What, Who], Word] = {}
    for what, who, word in history.entries:
        if word is Word.INVOKE:
            told.setdefault((what, who), Word.UNKNOWN)
        else:
            told[what, who] = word
    return told


def _count(told: Mapping[tuple[What, Who], Word], wanted: Word) -> Counter[What]:
    return Counter(what for (what, _), word in told.items() if word is wanted)
