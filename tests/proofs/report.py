"""What a proof says at its end: a table to read, or one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figure = int | float | bool | str | Mapping[str, Any] | Sequence[Mapping[str, Any]]


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
        figures = dict(_flat(one.figures))
        width = max(len(name) for name in figures)
        lines += [f"  {name:<{width}}  {_shown(value):>12}" for name, value in figures.items()]
        lines += [f"  ! {reason}" for reason in one.why_not]
    return "\n".join(lines)


def _flat(figures: Mapping[str, Figure], before: str = "") -> Iterator[tuple[str, Figure]]:
    """Give figures inside figures a line each, named by the way to them."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for nth, one in enumerate(value):
                yield from _flat(one, f"{before}{name}.{nth}.")
        else:
            yield f"{before}{name}", value


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
