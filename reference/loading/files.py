"""Reads `reference/data/*.csv`: UTF-8, comma, first line = column names, lists inside a cell."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data"


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one file, in its order, as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def several(cell: str, separator: str = ";") -> list[str]:
    """Return the values listed in one cell; none for an empty one."""
    return cell.split(separator) if cell else []


def number(cell: str) -> int | None:
    """Return the number, or None for an empty cell."""
    return int(cell) if cell else None


def day(cell: str) -> date | None:
    """Return the day, or None for an empty cell."""
    return date.fromisoformat(cell) if cell else None
