"""Answers by SMS: read plainly or left to a person, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.sms_words import Decision, Reading, Step, Word, decide, read

Y, N = Word.YES, Word.NO
TEXT = Reading(Word.TEXT)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("JA 47", Reading(Y, 47)),
        ("ja47", Reading(Y, 47)),
        ("47 ja", Reading(Y, 47)),
        ("Ja, 47!", Reading(Y, 47)),
        ("  JA-47.\n", Reading(Y, 47)),
        ("ＪＡ　４７", Reading(Y, 47)),
        ("ja nr. 47 gerne", Reading(Y, 47)),
        ("ja ٤٧", Reading(Y, 47)),
        ("JA", Reading(Y)),
        ("Ja danke 👍", Reading(Y)),
        ("„Ja“", Reading(Y)),
        ("JA JA", Reading(Y)),
        ("NEIN 47", Reading(N, 47)),
        ("nein danke", Reading(N)),
        ("Nee", Reading(N)),
        ("STOP", Reading(Word.STOP)),
        ("stopp.", Reading(Word.STOP)),
        ("Abmelden", Reading(Word.STOP)),
        ("start", Reading(Word.START)),
        ("Ja, aber erst ab 15 Uhr", TEXT),
        ("Ja 47?", TEXT),
        ("ja nein", TEXT),
        ("ja 47 48", TEXT),
        ("Ja 47 und nein 48", TEXT),
        ("nicht", TEXT),
        ("kein ja", TEXT),
        ("vielleicht", TEXT),
        ("47", TEXT),
        ("danke", TEXT),
        ("bitte stopp die Anfragen", TEXT),
        ("jaein", TEXT),
        ("ja 4711471147", TEXT),
        ("", TEXT),
        ("👍👍👍", TEXT),
        ("?!…", TEXT),
        ("ja " * 500, TEXT),
        ("Ich bin krank. " * 107, TEXT),
        ("да", TEXT),
        ("نعم", TEXT),
        ("ja\x00 47", Reading(Y, 47)),
    ],
)
def test_each_text_is_read_as_a_person_would(text: str, reading: Reading) -> None:
    assert read(text) == reading


@given(st.text(max_size=1600))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = read(text)
    assert reading.word in Word
    if reading.word in (Y, N):
        assert any(word in text.casefold() or len(text) < 60 for word in ("ja", "ne", "no", "yes"))


@pytest.mark.parametrize(
    ("reading", "still_open", "numbered", "decision"),
    [
        (Reading(Y, 47), ["a", "b"], {47: "a", 48: "b"}, Decision(Step.ANSWER, "a", True)),
        (Reading(N, 48), ["a", "b"], {47: "a", 48: "b"}, Decision(Step.ANSWER, "b", False)),
        (Reading(Y, 47), [], {47: "over"}, Decision(Step.ANSWER, "over", True)),
        (Reading(Y, 99), ["a"], {47: "a"}, Decision(Step.ASK_WHICH)),
        (Reading(Y, 99), [], {}, Decision(Step.NOTHING_OPEN)),
        (Reading(Y), ["a"], {47: "a"}, Decision(Step.ANSWER, "a", True)),
        (Reading(N), ["a"], {}, Decision(Step.ANSWER, "a", False)),
        (Reading(Y), ["a", "b"], {47: "a"}, Decision(Step.ASK_WHICH)),
        (Reading(Y), [], {47: "over"}, Decision(Step.NOTHING_OPEN)),
        (Reading(Word.TEXT), ["a"], {}, Decision(Step.KEEP)),
        (Reading(Word.STOP), ["a"], {}, Decision(Step.STOP)),
        (Reading(Word.START), [], {}, Decision(Step.START)),
    ],
)
def test_what_follows_is_certain_or_asked_back(
    reading: Reading, still_open: list[str], numbered: dict[int, str], decision: Decision
) -> None:
    assert decide(reading, still_open=still_open, numbered=numbered) == decision
