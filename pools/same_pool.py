"""A row of another pool can't be referenced: composite foreign keys that Django does not have."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Model


class SamePool(BaseConstraint):
    """FOREIGN KEY (pool, field) REFERENCES target (pool, id), checked at commit.

    The target needs `UniqueConstraint(fields=["pool", "id"])`. A null field is not checked.
    `pool_field` names the column that holds the pool of the *target* (default `pool`).
    """

    def __init__(self, *, field: str, name: str, pool_field: str = "pool") -> None:
        super().__init__(name=name)
        self.field = field
        self.pool_field = pool_field

    def constraint_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the clause for CREATE TABLE."""
        assert model is not None  # noqa: S101 - Django always passes it; narrows the type
        assert schema_editor is not None  # noqa: S101
        quote = schema_editor.quote_name
        meta = model._meta
        field: Any = meta.get_field(self.field)
        pool: Any = meta.get_field(self.pool_field)
        target = field.remote_field.model._meta
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY"
            f" ({quote(pool.column)}, {quote(field.column)})"
            f" REFERENCES {quote(target.db_table)} ({quote('pool_id')}, {quote('id')})"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statement that adds it."""
        assert model is not None  # noqa: S101
        assert schema_editor is not None  # noqa: S101
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """Return the statement that drops it."""
        assert model is not None  # noqa: S101
        assert schema_editor is not None  # noqa: S101
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Leave the check to the database: forms only ever offer rows of the own pool."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SamePool):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash((self.name, self.field, self.pool_field))

    def deconstruct(self) -> Any:
        """Describe it for migrations."""
        return (
            "pools.same_pool.SamePool",
            (),
            {"field": self.field, "name": self.name, "pool_field": self.pool_field},
        )
