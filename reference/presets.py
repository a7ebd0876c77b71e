"""The shipped presets a pool may start from; reference/data/README.md says how values are read."""

from __future__ import annotations

from reference.models import PresetRule


class UnknownPreset(LookupError):
    """No preset has this name."""


def preset_titles() -> dict[str, str]:
    """Return the German title of every preset by its name."""
    return dict(PresetRule.objects.filter(rule="title").values_list("preset", "value"))


def preset_values(preset: str, rule: str) -> list[str]:
    """Return the values of a rule: the preset's own or, where it has none, those it extends.

    No value at all means that there is no such rule; one empty value means «no limit».
    """
    rows = _rows_of(rule)
    visited: set[str] = set()
    while preset not in visited:
        visited.add(preset)
        if preset not in rows:
            raise UnknownPreset(preset)
        if values := rows[preset].get(rule):
            return values
        extended = rows[preset].get("extends")
        if not extended:
            return []
        preset = extended[0]
    return []


def _rows_of(rule: str) -> dict[str, dict[str, list[str]]]:
    """Return, in one query, each preset's values of the rule, what it extends, and its title."""
    rows: dict[str, dict[str, list[str]]] = {}
    wanted = PresetRule.objects.filter(rule__in=("title", "extends", rule)).order_by("position")
    for preset, name, value in wanted.values_list("preset", "rule", "value"):
        rows.setdefault(preset, {}).setdefault(name, []).append(value)
    return rows
