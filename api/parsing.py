"""Reading JSON that may be too long, too deep, or no JSON at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser

MOST_BYTES = 64 * 1024
"""The longest request we know has 5 kB."""
MOST_LEVELS = 6
TOO_DEEP = f"Mehr als {MOST_LEVELS} Ebenen liest hier niemand."
NOT_JSON = "Das ist kein JSON in UTF-8."


class TooLarge(APIException):
    """The body is longer than anything we could have asked for."""

    status_code = 413
    default_detail = f"Höchstens {MOST_BYTES // 1024} kB."
    default_code = "too_large"


class JsonParser(BaseParser):
    """Reads no more than it must: a body of 2 MB is refused after 64 kB."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the value; raises TooLarge or ParseError."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):  # too many digits, NaN; nested too deep
            raise ParseError(NOT_JSON) from None
        if _is_deeper(value, MOST_LEVELS):
            raise ParseError(TOO_DEEP)
        return value


def _is_deeper(value: Any, levels: int) -> bool:
    """Return whether lists and objects stand in each other more often than that."""
    level = [value]
    for _ in range(levels):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(inner, dict | list) for inner in level)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


class AlwaysJson(BaseContentNegotiation):
    """Answers in JSON whatever a program says it accepts: there is nothing else."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the parser for the body's type, None (415) for any other."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type
