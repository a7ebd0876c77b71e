"""Fields and serializers of the API: strict about names, codes, instants and whose rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.wording import CHOOSE, NO_INSTANT, UNKNOWN_FIELD

LONGEST_CODE = 60
YEARS = range(2000, 2200)  # at the ends of all calendars a time zone leads to no year at all
MOST_UNKNOWN = 10


class Reading(serializers.Serializer[Any]):
    """What a program sends: a field that does not exist is told, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Check the names, then the values."""
        if isinstance(data, dict):
            unknown = [name for name in data if name not in self.fields][:MOST_UNKNOWN]
            if unknown:
                raise serializers.ValidationError(
                    {_printable(name): [UNKNOWN_FIELD] for name in unknown}
                )
        return super().to_internal_value(data)


def _printable(name: str) -> str:
    return name[:LONGEST_CODE].encode("ascii", "backslashreplace").decode()


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.Field[dt.datetime, str, str, Any]):
    """An instant with its offset; a time without a zone would be guessed at."""

    def to_internal_value(self, data: Any) -> dt.datetime:
        """Return the instant in UTC."""
        try:
            instant = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None or instant.year not in YEARS:
            raise serializers.ValidationError(NO_INSTANT)
        return instant.astimezone(dt.UTC)

    def to_representation(self, value: dt.datetime) -> str:
        """Return it as it came."""
        return value.isoformat()


# No `format: time`: in a schema that is a time with its zone, and a telephone rings by local time.
@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$"})
class ClockField(serializers.TimeField):
    """What a clock on the wall shows: 14:30 or 14:30:00."""


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field[Any, str, str, Any]):
    """A row of the reference data by its code."""

    def __init__(self, rows: Callable[[], QuerySet[Any]], *, by: str = "pk", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.by = rows, by

    def to_internal_value(self, data: Any) -> Model:
        """Return the row."""
        is_code = isinstance(data, str) and len(data) <= LONGEST_CODE and data.isprintable()
        found: Model | None = self.rows().filter(**{self.by: data}).first() if is_code else None
        if found is None:
            raise serializers.ValidationError(CHOOSE)
        return found

    def to_representation(self, value: Any) -> str:
        """Return the code."""
        return str(getattr(value, self.by))


@extend_schema_field(OpenApiTypes.UUID)
class ScopedField(serializers.Field[Any, str, str, Any]):
    """A row by its public id, among those the caller may name; others do not exist for her."""

    def __init__(self, rows: Callable[[Any], QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def to_internal_value(self, data: Any) -> Model:
        """Return the row."""
        try:
            public_id = UUID(data) if isinstance(data, str) else None
        except ValueError:
            public_id = None
        rows = self.rows(self.context["endpoint"])
        found: Model | None = rows.filter(public_id=public_id).first() if public_id else None
        if found is None:
            raise serializers.ValidationError("Das gibt es nicht, oder Sie dürfen es nicht sehen.")
        return found

    def to_representation(self, value: Any) -> str:
        """Return the public id."""
        return str(value.public_id)


class Named(serializers.Serializer[Any]):
    """Something by its public id and its name."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class MunicipalityShape(serializers.Serializer[Any]):
    """A municipality by its key."""

    ags = serializers.CharField()
    name = serializers.CharField()
