"""The alphabet of SMS: one character outside it more than halves what fits (160 to 70)."""

from __future__ import annotations

import unicodedata

LONGEST = 160
"""Septets in one SMS."""

_SINGLE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€\f")
_SPELT = str.maketrans(
    {
        "„": '"',
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "‚": "'",
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "→": "-",
        "…": "...",
        "·": "-",
        "ẞ": "SS",
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def is_gsm7(text: str) -> bool:
    """Return whether every character is in the alphabet."""
    return all(character in _SINGLE or character in _DOUBLE for character in text)


def septets(text: str) -> int:
    """Return how many septets the text takes; € and brackets take two."""
    return sum(2 if character in _DOUBLE else 1 for character in text)


def to_gsm7(text: str) -> str:
    """Return the text with what is outside the alphabet spelt plainly (ş → s), else as «?»."""
    return "".join(
        character if is_gsm7(character) else _plain(character)
        for character in unicodedata.normalize("NFC", text).translate(_SPELT)
    )


def _plain(character: str) -> str:
    kept = [part for part in unicodedata.normalize("NFKD", character) if is_gsm7(part)]
    return "".join(kept) or ("" if unicodedata.combining(character) else "?")
