"""How names are compared: as people type them, not as they are written.

Both sides of a comparison are folded, the stored name once when it is loaded, the typed text each
time. Folding drops what people leave out or spell differently: case, accents, punctuation, and the
`e` that stands for an umlaut. So «Gießen», «giessen» and «GIESSEN» are one, and so are «Türkisch»,
«Tuerkisch» and «Turkisch». That `Israel` becomes `isral` harms nobody: it does so on both sides.

Two properties are kept (tests/reference/test_folding.py): folding twice changes nothing, and
whoever types the beginning of a name gets the beginning of the folded name.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_SEARCH = 100
"""Characters; the longest name of a language has 48, of a place 34."""

_OPTIONAL_MARKS_END = 0x0700
"""Below: accents, Hebrew and Arabic vowel points, often left out. Above: Indic vowels, never."""

_NOT_TYPED = {"Cc", "Cs", "Co", "Cn"}  # control, half a surrogate pair, private use, unassigned
_TYPED_ALL_THE_SAME = "\t\n\r"
_APOSTROPHES = "'`´’‘ʼʻ"
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ə": "e"}
    | dict.fromkeys(_APOSTROPHES, "")
)


def fold(text: str) -> str:
    """Return only letters, digits and single blanks: equal for equal spellings, safe in LIKE."""
    letters = unicodedata.normalize("NFKD", text.casefold()).casefold()
    plain = letters.translate(_LETTERS_WITHOUT_ACCENT)
    words = "".join(_kept(character) for character in plain).split()
    return re.sub("([aou])e+", r"\1", " ".join(words))


def search_key(text: str) -> str:
    """Return the folded text, or nothing when it is too long or holds what no keyboard types."""
    if len(text) > LONGEST_SEARCH or not all(map(_can_be_typed, text)):
        return ""
    return fold(text)


def with_two_letters_exchanged(key: str) -> list[str]:
    """Return what may have been meant by «fluda»: in short words trigrams do not forgive that."""
    pairs = range(len(key) - 1)
    exchanged = (f"{key[:i]}{key[i + 1]}{key[i]}{key[i + 2 :]}" for i in pairs)
    return [other for other in dict.fromkeys(exchanged) if other != key]


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or (category == "Mn" and ord(character) < _OPTIONAL_MARKS_END):
        return ""
    return character if character.isalnum() or category in {"Mn", "Mc"} else " "


def _can_be_typed(character: str) -> bool:
    return character in _TYPED_ALL_THE_SAME or unicodedata.category(character) not in _NOT_TYPED
