"""What an SMS of a volunteer means: pure, and never a guess.

A short answer is made of the words below, at most one number, and marks. Whatever holds anything
else is a text for the coordinator.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_ANSWER = 60
"""Characters; nobody says only yes or no in more."""


class Word(StrEnum):
    """What a text says by itself."""

    YES = "yes"
    NO = "no"
    STOP = "stop"
    START = "start"
    TEXT = "text"


@dataclass(frozen=True)
class Reading:
    """The word, and the number of the offer when one was named."""

    word: Word
    number: int | None = None


class Step(StrEnum):
    """What is to be done about a text."""

    ANSWER = "answer"  # take the yes or no for this offer
    ASK_WHICH = "ask_which"
    NOTHING_OPEN = "nothing_open"
    STOP = "stop"
    START = "start"
    KEEP = "keep"  # a person reads it


@dataclass(frozen=True)
class Decision:
    """The step; for an answer the offer and whether it is a yes."""

    step: Step
    offer: Hashable = None
    is_yes: bool = False


YES_WORDS = frozenset({"ja", "jaa", "jaaa", "yes"})
NO_WORDS = frozenset({"nein", "ne", "nee", "no"})
# English ones are Twilio's own, which it acts upon before we hear of it.
STOP_WORDS = frozenset(
    {"stop", "stopp", "stopall", "unsubscribe", "cancel", "end", "quit", "abmelden", "abbestellen"}
)
START_WORDS = frozenset({"start", "unstop"})
COURTESY = frozenset({"danke", "bitte", "gern", "gerne", "vielen", "dank", "nr", "nummer"})

_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def read(text: str) -> Reading:
    """Return what a text says; whatever is not plainly an answer is a TEXT."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    tokens = _TOKEN.findall(plain)
    if not tokens or len(plain) > LONGEST_ANSWER or "?" in plain:
        return Reading(Word.TEXT)
    if len(tokens) == 1 and tokens[0] in STOP_WORDS:
        return Reading(Word.STOP)
    if len(tokens) == 1 and tokens[0] in START_WORDS:
        return Reading(Word.START)
    numbers = {token for token in tokens if token.isdigit()}
    words = {token for token in tokens if not token.isdigit()} - COURTESY
    if len(numbers) > 1 or not words or any(len(number) > 4 for number in numbers):
        return Reading(Word.TEXT)
    number = int(next(iter(numbers))) if numbers else None
    if words <= YES_WORDS:
        return Reading(Word.YES, number)
    if words <= NO_WORDS:
        return Reading(Word.NO, number)
    return Reading(Word.TEXT)


def decide(
    reading: Reading, *, still_open: Sequence[Hashable], numbered: Mapping[int, Hashable]
) -> Decision:
    """Return what to do: a number names one thing (open or over), no number needs exactly one open.

    Offers, and questions whether somebody comes, are alike here. `numbered` holds everything whose
    number this telephone knows.
    """
    if reading.word == Word.STOP:
        return Decision(Step.STOP)
    if reading.word == Word.START:
        return Decision(Step.START)
    if reading.word == Word.TEXT:
        return Decision(Step.KEEP)
    is_yes = reading.word == Word.YES
    if reading.number is not None and reading.number in numbered:
        return Decision(Step.ANSWER, numbered[reading.number], is_yes)
    if reading.number is not None:
        return Decision(Step.ASK_WHICH if still_open else Step.NOTHING_OPEN)
    if len(still_open) == 1:
        return Decision(Step.ANSWER, still_open[0], is_yes)
    return Decision(Step.ASK_WHICH if still_open else Step.NOTHING_OPEN)
