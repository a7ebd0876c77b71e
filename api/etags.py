"""Changing only what was read: a PATCH says which version it means."""

from __future__ import annotations

import hashlib
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from api.problems import Failed


def etag_of(shown: Any) -> str:
    """Return the tag of what a GET shows: it changes when anything in it does."""
    return f'"{hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:32]}"'


def require_match(request: Request, shown: Any) -> None:
    """Raise 428 without If-Match, and 412 when it names another version than this."""
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if not given:
        raise Failed("precondition_required")
    if given != "*" and etag_of(shown) not in [tag.strip() for tag in given.split(",")]:
        raise Failed("precondition_failed")
