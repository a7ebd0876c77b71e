"""Makes one database table equal to its rows and writes only what differs.

A second load therefore changes nothing. What the files no longer hold is removed, unless anything
still refers to it: then it stays and is counted as kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

Key = tuple[Any, ...]
Row = dict[str, Any]
BATCH = 1000


@dataclass(frozen=True)
class Table:
    """A model, the columns that tell its rows apart (unique in the database), and its rows."""

    model: type[models.Model]
    key: tuple[str, ...]
    rows: Callable[[], Iterable[Row]]


@dataclass
class Outcome:
    """What loading did to one table, in rows."""

    table: Table
    wanted: set[Key]
    added: int
    changed: int
    removed: int = 0
    kept: int = 0

    @property
    def name(self) -> str:
        """The table's name in the database, without that of the app."""
        return self.table.model._meta.db_table.removeprefix("reference_")


class DuplicateRow(ValueError):
    """A file lists the same thing twice."""


def write(table: Table) -> Outcome:
    """Add the rows that are missing and change those that differ."""
    wanted = _by_key(table, table.rows())
    stored = _by_key(table, table.model._base_manager.values(*_columns(wanted)))
    added = [row for key, row in wanted.items() if key not in stored]
    changed = [row for key, row in wanted.items() if key in stored and row != stored[key]]
    _upsert(table, added + changed)
    return Outcome(table, set(wanted), added=len(added), changed=len(changed))


def remove_stale(outcome: Outcome) -> None:
    """Remove the rows the files no longer hold and nobody refers to; count both in the outcome."""
    table, everything = outcome.table, outcome.table.model._base_manager
    stale = {
        row[0] for row in everything.values_list("pk", *table.key) if row[1:] not in outcome.wanted
    }
    kept = _referred_to(table.model, stale)
    everything.filter(pk__in=stale - kept).delete()
    outcome.removed, outcome.kept = len(stale - kept), len(kept)


def _by_key(table: Table, rows: Iterable[Row]) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    for row in rows:
        key = tuple(row[column] for column in table.key)
        if key in found:
            raise DuplicateRow(f"{table.model.__name__}: {key}")
        found[key] = row
    return found


def _columns(rows: dict[Key, Row]) -> list[str]:
    return list(next(iter(rows.values())))


def _upsert(table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    everything = table.model._base_manager
    objects = [table.model(**row) for row in rows]
    others = [column for column in rows[0] if column not in table.key]
    if not others:
        everything.bulk_create(objects, batch_size=BATCH, ignore_conflicts=True)
        return
    everything.bulk_create(
        objects,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=table.key,
        update_fields=others,
    )


def _referred_to(model: type[models.Model], pks: set[Any]) -> set[Any]:
    """Return those that a row of any app points to, so that no deletion cascades to it."""
    pointing = [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel) and not field.many_to_many
    ]
    found: set[Any] = set()
    for relation in pointing:
        target = f"{relation.field.name}__pk"
        users = relation.related_model._base_manager.filter(**{f"{target}__in": pks})
        found.update(users.values_list(target, flat=True))
    return found
