"""What a proof says at its end: a table to read, or one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Figure = int | float | bool | str


@dataclass(frozen=True)
class Result:
    """The figures of one run; `valid` by its control, `reached` if they are what they should be."""

    name: str
    figures: Mapping[str, Figure]
    reached: bool
    valid: bool = True
    why_not: Sequence[str] = ()

    @property
    def is_good(self) -> bool:
        """Return whether the proof holds: its goal is reached and its control failed as it must."""
        return self.reached and self.valid


def as_json(results: Sequence[Result]) -> str:
    """Return one object: that of the proof, or several by name."""
    shown = {one.name: _object(one) for one in results}
    return json.dumps(next(iter(shown.values())) if len(shown) == 1 else shown)


def as_table(results: Sequence[Result]) -> str:
    """Return lines for people."""
    lines: list[str] = []
    for one in results:
        lines += ["", f"{one.name}: {'holds' if one.is_good else 'DOES NOT HOLD'}"]
        width = max(len(name) for name in one.figures)
        lines += [f"  {name:<{width}}  {_shown(value):>12}" for name, value in one.figures.items()]
        lines += [f"  ! {reason}" for reason in one.why_not]
    return "\n".join(lines)


def _object(result: Result) -> dict[str, object]:
    shown: dict[str, object] = dict(result.figures)
    shown |= {"valid": result.valid, "passed": result.is_good}
    if result.why_not:
        shown["why_not"] = list(result.why_not)
    return shown


def _shown(value: Figure) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def nth_percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that so many percent of the values do not exceed."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = -int(-len(ordered) * percent // 100)
    return ordered[max(0, min(len(ordered), rank) - 1)]
