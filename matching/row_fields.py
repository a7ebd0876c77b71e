"""Columns of the candidate table that Django has no fields for; written by triggers alone."""

from __future__ import annotations

from typing import Any

from django.db import models


class RecordsField(models.Field):  # type: ignore[type-arg]
    """A column `int8multirange`: which record holds on which day, as filters.record_on counts."""

    description = "records and the days on which they hold"

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "int8multirange"


class DaysField(models.Field):  # type: ignore[type-arg]
    """A column `datemultirange`: days, in one or several stretches."""

    description = "days"

    def db_type(self, connection: Any) -> str:
        """Return the column type."""
        return "datemultirange"
