"""The invented data as tables."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from config.demo.calendar import today
from reference.places import AmbiguousPlace, Place, resolve

FOLDER = Path(__file__).parent / "data"
MOBILE = [*(f"01713920{n:03d}" for n in range(100)), *(f"017604069{n:03d}" for n in range(100))]
"""Of the numbers for films those that take messages."""


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file by column."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def landline(number: int) -> str:
    """Return a number of an office that nobody has."""
    return f"069 90009 {number:03d}"


def pairs(text: str) -> dict[str, str]:
    """Return «a=1;b=2» as a dictionary."""
    return dict(part.split("=", 1) for part in text.split(";") if part)


def mail_of(given: str, family: str) -> str:
    """Return an address that belongs to nobody."""
    plain = f"{given}.{family}".lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("é", "e")):
        plain = plain.replace(letter, written)
    return re.sub("[^a-z0-9.-]", "", plain) + "@example.org"


@cache
def place_of(postcode: str) -> Place:
    """Return the usual place of a postcode."""
    try:
        return resolve(postcode, None, today())
    except AmbiguousPlace as ambiguous:
        return resolve(postcode, ambiguous.choices[0].ags, today())
