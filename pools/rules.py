"""The rules of a pool on a day: its own dated ones first, then those of its preset."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from pools.models import Pool, Rule
from reference.models import QualificationType, Setting
from reference.presets import Rows, all_rows, preset_values

SEPARATOR = ";"
YES = "yes"
DATED_PARTS = 5
"""`amount;EUR;unit;valid_from;valid_to`: the only values that carry their own validity."""
LETTERS_OF_A_CURRENCY = 3

BASIC_TRAINING = "basic_interpreting"
IS_CHECKED = "Die Koordination prüft Ihre Anfrage, bevor wir jemanden fragen."
OF_A_CHECK = ("Koordination prüft", "prüft die Koordination", "Sie meldet sich bei Ihnen")


class Verdict(StrEnum):
    """What a pool says to something."""

    ALLOWED = "allowed"
    COORDINATOR = "coordinator"
    REFUSED = "refused"


@dataclass
class _Read:
    """What was read within a block of read_once."""

    presets: Rows
    own: dict[int, list[Rule]] = field(default_factory=dict)
    types: dict[str, QualificationType] = field(default_factory=dict)


_read: ContextVar[_Read | None] = ContextVar("rules_read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block rules and record types are read once: for a step that asks for many.

    What is changed inside the block is not seen in it.
    """
    token = _read.set(_Read(all_rows()))
    try:
        yield
    finally:
        _read.reset(token)


def rule(pool: Pool, name: str, on: dt.date) -> str | None:
    """Return the value that holds on that day, or None when there is no such rule.

    An empty value is an answer too: it means «no limit».
    """
    read = _read.get()
    own = _own_rule(pool, name, on, read)
    if own is not None:
        return own.value
    values = preset_values(pool.preset, name, read.presets if read else None)
    return next((value for value in values if _holds_on(value, on)), None)


def _own_rule(pool: Pool, name: str, on: dt.date, read: _Read | None) -> Rule | None:
    if read is None:
        return Rule.objects.valid_on(on).filter(pool=pool, name=name).first()
    if pool.pk not in read.own:
        read.own[pool.pk] = list(Rule.objects.filter(pool=pool))
    own = (each for each in read.own[pool.pk] if each.name == name and on in each.valid)
    return next(own, None)


def rule_list(pool: Pool, name: str, on: dt.date) -> list[str]:
    """Return the parts of the value that holds on that day; none when there is no such rule."""
    value = rule(pool, name, on) or ""
    return [part.strip() for part in value.split(SEPARATOR) if part.strip()]


def rule_int(pool: Pool, name: str, on: dt.date, default: int) -> int:
    """Return the number that holds on that day, `default` when there is none or no limit."""
    value = (rule(pool, name, on) or "").strip()
    return int(value) if value.isdecimal() else default


def setting_verdict(pool: Pool, setting: Setting, kind: str, on: dt.date) -> tuple[Verdict, str]:
    """Return whether a pool serves a setting that day, and the sentence to show if not at once."""
    default = setting.guidance_default if kind == "guide" else setting.interpreting_default
    own = rule(pool, f"setting.{setting.code}.{_field(kind)}", on)
    verdict = Verdict(own or default)
    if verdict == Verdict.ALLOWED:
        return verdict, ""
    if verdict == Verdict.COORDINATOR:
        return verdict, IS_CHECKED
    return verdict, _refusal(setting, kind)


def required_groups(pool: Pool, *, kind: str, on: dt.date) -> list[list[str]]:
    """Return the records every volunteer of that kind needs: of each group one must hold."""
    types = _types()
    groups = [_group(types, code) for code in rule_list(pool, f"required.{_role(kind)}", on)]
    instead = rule_list(pool, "accepted_instead_of_basic_training", on)
    return [
        [*group, *(code for code in instead if code not in group)]
        if group[0] == BASIC_TRAINING
        else group
        for group in groups
    ]


def required_records(
    pool: Pool, *, kind: str, setting: Setting, minors_present: bool, on: dt.date
) -> list[list[str]]:
    """Return what must hold on the day of an appointment: of each group at least one.

    The last group is what opens the setting. A record of a type that is kept per language counts
    only for the language of the appointment; the caller sees to that.
    """
    groups = required_groups(pool, kind=kind, on=on)
    types = _types()
    if _needs_records_for_minors(pool, kind, setting, minors_present, on):
        groups += [
            _group(types, code) for code in rule_list(pool, "required.minors.interpreter", on)
        ]
    waived = rule(pool, f"setting.{setting.code}.{_field(kind)}.no_unlock_needed", on) == YES
    if not waived:
        groups.append(_opening(types.values(), setting, _role(kind)))
    return groups


def _needs_records_for_minors(
    pool: Pool, kind: str, setting: Setting, minors_present: bool, on: dt.date
) -> bool:
    if kind == "guide" or not (minors_present or setting.minors_likely):
        return False
    return rule(pool, "required.minors.policy", on) != "hint_only"


def _types() -> dict[str, QualificationType]:
    read = _read.get()
    if read and read.types:
        return read.types
    rows = QualificationType.objects.prefetch_related("satisfied_by", "unlocks_settings")
    types = {row.code: row for row in rows}
    if read:
        read.types = types
    return types


def _group(types: dict[str, QualificationType], code: str) -> list[str]:
    """The type itself and every type that counts as it; an unknown code is held by nobody."""
    if code not in types:
        return [code]
    return [code, *sorted(better.code for better in types[code].satisfied_by.all())]


def _opening(types: Iterable[QualificationType], setting: Setting, role: str) -> list[str]:
    return sorted(row.code for row in types if row.role in {role, "both"} and _opens(row, setting))


def _opens(row: QualificationType, setting: Setting) -> bool:
    """Setting by setting where any is listed: a health module must not open a women's shelter."""
    listed = {opened.code for opened in row.unlocks_settings.all()}
    if listed:
        return setting.code in listed
    return setting.setting_class in row.unlocks_classes


def _holds_on(value: str, on: dt.date) -> bool:
    parts = [part.strip() for part in value.split(SEPARATOR)]
    if len(parts) != DATED_PARTS or len(parts[1]) != LETTERS_OF_A_CURRENCY:
        return True
    first, last = parts[3], parts[4]
    return (not first or dt.date.fromisoformat(first) <= on) and (
        not last or on <= dt.date.fromisoformat(last)
    )


def _refusal(setting: Setting, kind: str) -> str:
    """The reference text without what it says for pools that check instead of refusing."""
    sentences = setting.refusal_text_de.replace(". ", ".\n").split("\n")
    said = " ".join(
        sentence for sentence in sentences if not any(part in sentence for part in OF_A_CHECK)
    )
    if kind == "guide":
        opening = f"Für «{setting.label_de}» vermitteln wir hier keine Begleitung."
    elif said != setting.refusal_text_de or not said:
        opening = f"Für «{setting.label_de}» vermitteln wir hier keine Laiendolmetschenden."
    else:
        return said
    return f"{opening} {said}".strip()


def _role(kind: str) -> str:
    return "guide" if kind == "guide" else "interpreter"


def _field(kind: str) -> str:
    return "guidance" if kind == "guide" else "interpreting"
