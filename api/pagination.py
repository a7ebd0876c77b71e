"""Pages by cursor: where the last one ended, so that nothing is skipped while rows are added."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Q
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

USUAL, MOST = 50, 200
SALT = "api.pagination"
LIMIT, CURSOR = "limit", "cursor"


class NewestFirst(BasePagination):
    """Newest first by the view's `sorted_by`, a column with an instant; the public id decides ties.

    The cursor is signed: nobody can make one that the database would choke on.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page of rows."""
        self.request, self.column = request, view.sorted_by
        self.size = _limit(request.query_params.get(LIMIT))
        rows = queryset.order_by(f"-{self.column}", "-public_id")
        if text := request.query_params.get(CURSOR):
            at, public_id = _read(text)
            rows = rows.filter(
                Q(**{f"{self.column}__lt": at}) | Q(**{self.column: at, "public_id__lt": public_id})
            )
        page = list(rows[: self.size + 1])
        self.has_more = len(page) > self.size
        self.page = page[: self.size]
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """Return the rows and where the next page is."""
        return Response({"next": self._next(), "results": data})

    def _next(self) -> str | None:
        if not self.has_more:
            return None
        last = self.page[-1]
        at: dt.datetime = getattr(last, self.column)
        cursor = signing.dumps([at.isoformat(), str(last.public_id)], salt=SALT)
        return replace_query_param(self.request.build_absolute_uri(), CURSOR, cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": "string", "format": "uri", "nullable": True},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `limit` and `cursor`."""
        whole = {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}
        return [
            {"name": LIMIT, "in": "query", "schema": whole, "description": "rows on a page"},
            {
                "name": CURSOR,
                "in": "query",
                "schema": {"type": "string"},
                "description": "from the `next` of the page before",
            },
        ]


def _limit(text: str | None) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST))):
        raise ValidationError({LIMIT: [f"Möglich sind 1 bis {MOST}."]})
    if not 1 <= int(text) <= MOST:
        raise ValidationError({LIMIT: [f"Möglich sind 1 bis {MOST}."]})
    return int(text)


def _read(text: str) -> tuple[dt.datetime, UUID]:
    try:
        at, public_id = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        told = "Diesen Zeiger kennen wir nicht. Beginnen Sie mit der ersten Seite."
        raise ValidationError({CURSOR: [told]}) from None
    return dt.datetime.fromisoformat(at), UUID(public_id)
