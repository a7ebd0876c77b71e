"""The checker finds every kind of lie; else a clean proof would say nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.proofs.history import Findings, History, Word, check

CLINIC, SCHOOL = "clinic", "school"
AMAL, BORIS, DAWIT = "Amal", "Boris", "Dawit"


def what_they_were_told(*told: tuple[str, str, Word]) -> History:
    history = History()
    for what, who, word in told:
        history.note(what, who, Word.INVOKE)
        history.note(what, who, word)
    return history


def found(told: Sequence[tuple[str, str, Word]], held: Sequence[tuple[str, str]]) -> Findings:
    return check(what_they_were_told(*told), held)


def test_one_holder_and_honest_answers_are_clean() -> None:
    findings = found(
        [
            (CLINIC, AMAL, Word.OK),
            (CLINIC, BORIS, Word.TAKEN),
            (CLINIC, DAWIT, Word.TAKEN),
            (SCHOOL, BORIS, Word.OK),
            (SCHOOL, AMAL, Word.TAKEN),
        ],
        [(CLINIC, AMAL), (SCHOOL, BORIS)],
    )
    assert findings.is_clean
    assert (findings.presses, findings.loser_told) == (5, 3)


@pytest.mark.parametrize(
    ("told", "held", "fault"),
    [
        (
            [(CLINIC, AMAL, Word.OK), (CLINIC, BORIS, Word.TAKEN)],
            [(CLINIC, AMAL), (CLINIC, BORIS)],
            "double",
        ),
        ([(CLINIC, AMAL, Word.OK)], [(CLINIC, AMAL), (CLINIC, AMAL)], "double"),
        ([(CLINIC, AMAL, Word.TAKEN), (CLINIC, BORIS, Word.TAKEN)], [], "none"),
        ([(CLINIC, AMAL, Word.OK), (CLINIC, BORIS, Word.TAKEN)], [(CLINIC, BORIS)], "lost"),
        (
            [(CLINIC, AMAL, Word.OK), (CLINIC, BORIS, Word.OK)],
            [(CLINIC, AMAL)],
            "told_wrongly",
        ),
        ([(CLINIC, AMAL, Word.TAKEN)], [(CLINIC, AMAL)], "denied"),
        ([(CLINIC, AMAL, Word.REFUSED)], [(CLINIC, AMAL)], "denied"),
        ([(CLINIC, AMAL, Word.UNKNOWN)], [(CLINIC, AMAL)], "without_answer"),
    ],
)
def test_each_kind_of_lie_is_found(
    told: list[tuple[str, str, Word]], held: list[tuple[str, str]], fault: str
) -> None:
    findings = found(told, held)
    assert getattr(findings, fault) == 1
    assert not findings.is_clean


def test_a_press_nobody_answered_is_without_answer() -> None:
    history = History()
    history.note(CLINIC, AMAL, Word.INVOKE)
    assert check(history, [(CLINIC, AMAL)]).without_answer == 1


def test_an_answer_that_is_neither_yes_nor_taken_does_not_count_as_told() -> None:
    findings = found([(CLINIC, AMAL, Word.OK), (CLINIC, BORIS, Word.REFUSED)], [(CLINIC, AMAL)])
    assert findings.is_clean
    assert findings.loser_told == 0
