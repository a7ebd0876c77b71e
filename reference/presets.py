"""The shipped presets a pool may start from; reference/data/README.md says how values are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from reference.models import PresetRule


class UnknownPreset(LookupError):
    """No preset has this name."""


def preset_titles() -> dict[str, str]:
    """Return the German title of every preset by its name."""
    return dict(PresetRule.objects.filter(rule="title").values_list("preset", "value"))


Rows = Mapping[str, Mapping[str, Sequence[str]]]
"""By preset and rule, the values; every preset has its title among them."""


def preset_values(preset: str, rule: str, rows: Rows | None = None) -> Sequence[str]:
    """Return the values of a rule: the preset's own or, where it has none, those it extends.

    No value at all means that there is no such rule; one empty value means «no limit».
    Whoever asks for several rules hands over `all_rows()`, read once.
    """
    rows = (
        rows
        if rows is not None
        else _by_preset(PresetRule.objects.filter(rule__in=("title", "extends", rule)))
    )
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


def all_rows() -> Rows:
    """Return every rule of every preset, in one query (they are few)."""
    return _by_preset(PresetRule.objects.all())


def _by_preset(wanted: QuerySet[PresetRule]) -> Rows:
    rows: dict[str, dict[str, list[str]]] = {}
    for preset, name, value in wanted.order_by("position").values_list("preset", "rule", "value"):
        rows.setdefault(preset, {}).setdefault(name, []).append(value)
    return rows
