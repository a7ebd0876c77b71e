"""What every stored field is for, how long it stays, how it goes, and whether it may be logged.

Each app declares its own fields in `personal_data.py`; a test fails when one is undeclared. The
export, the erasure and the retention runs (later work) read it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

MODULE = "personal_data"


class Retention(StrEnum):
    """From when on a field is due to go."""

    NOT_PERSONAL = "stays: says nothing about a person"
    TAKING_PART = "30 days after the person stopped taking part"
    POLICE_RECORD = "months after the person stopped: rule retention.police_record_months_after_end"
    REQUEST_TEXT = "30 days after the appointment"
    CASE = "when the statement of use of funds is accepted"
    RECEIPTS = "years after the settlement: rule retention.receipts_years"
    ANSWERS = "6 months after the answer"
    MESSAGES = "90 days after the message is final"
    UNTIL_USED = "as soon as it has done its work, a month at the latest"


class Erase(StrEnum):
    """What an erasure does to it."""

    KEEP = "stays"
    WITH_ROW = "goes with its row"
    BLANK = "is emptied, the row stays"
    DETACH = "points to nobody or to the erased person's empty shell"


class Log(StrEnum):
    """Whether it may stand in a log."""

    OPEN = "may be logged"
    REFERENCE = "only as a key or public id"
    NEVER = "never"


@dataclass(frozen=True)
class Entry:
    """The declaration of a field."""

    purpose: str
    retention: Retention
    erase: Erase
    log: Log


Declared = Mapping[str, Entry]
Registry = Mapping[type[Model], Declared | Entry]
"""By model: its fields, or one entry for all of a model that holds nothing personal."""


def each(entry: Entry, *names: str) -> dict[str, Entry]:
    """Declare several fields alike."""
    return dict.fromkeys(names, entry)


def collect() -> dict[type[Model], dict[str, Entry]]:
    """Return what all our apps declare, by model and field."""
    declared: dict[type[Model], dict[str, Entry]] = {}
    for app in our_apps():
        name = f"{app.name}.{MODULE}"
        if find_spec(name) is None:
            continue
        registry: Registry = import_module(name).PERSONAL_DATA
        for model, entries in registry.items():
            whole = each(entries, *_names(model)) if isinstance(entries, Entry) else entries
            declared[model] = dict(whole)
    return declared


def gaps() -> list[str]:
    """Return every field that is stored but not declared, or declared but not stored."""
    declared = collect()
    models = [model for app in our_apps() for model in app.get_models()]
    found = {
        f"{model._meta.label}.{name}"
        for model in {*models, *declared}
        for name in _names(model) ^ set(declared.get(model, {}))
    }
    return sorted(found)


def our_apps() -> list[AppConfig]:
    """Return the apps of this project, not those of libraries."""
    home = Path(settings.BASE_DIR)
    return [app for app in apps.get_app_configs() if Path(app.path).parent == home]


def _names(model: type[Model]) -> set[str]:
    """The columns and the many-to-many tables of a model, without its automatic number."""
    meta = model._meta
    columns = {field.name for field in meta.local_fields if not field.auto_created}
    return columns | {field.name for field in meta.local_many_to_many}
