"""All that goes wrong is told as problem+json (RFC 9457), with the path of the field."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as Refused
from django.db import IntegrityError
from django.http import Http404
from psycopg.errors import ExclusionViolation, UniqueViolation
from rest_framework import exceptions, status
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A sort of problem: its status and what it says."""

    status: int
    title: str


KINDS = {
    "invalid": Kind(400, "Bitte prüfen Sie die Angaben."),
    "unreadable": Kind(400, "Das konnten wir nicht lesen."),
    "not_authenticated": Kind(401, "Melden Sie sich an, oder senden Sie einen gültigen Zugang."),
    "permission_denied": Kind(403, "Dafür reicht dieser Zugang nicht."),
    "second_factor_missing": Kind(403, "Zeigen Sie zuerst den zweiten Faktor: auf der Webseite."),
    "not_found": Kind(404, "Das gibt es nicht, oder Sie dürfen es nicht sehen."),
    "method_not_allowed": Kind(405, "Das geht hier nicht."),
    "too_large": Kind(413, "Das ist zu viel auf einmal."),
    "unsupported_media_type": Kind(415, "Senden Sie JSON: Content-Type application/json."),
    "key_reused": Kind(422, "Dieser Idempotency-Key gehört zu einer anderen Anweisung."),
    "precondition_failed": Kind(412, "Jemand war schneller. Lesen Sie es neu, ändern Sie es dann."),
    "precondition_required": Kind(428, "Senden Sie If-Match mit dem ETag, den Sie gelesen haben."),
    "throttled": Kind(429, "Das ging zu schnell. Warten Sie, und versuchen Sie es dann wieder."),
    # lost races, overlaps, and what is too late
    "conflict": Kind(409, "Das hat sich inzwischen geändert. Lesen Sie es neu."),
    "taken": Kind(409, "Jemand anderes hat schon zugesagt."),
    "overlap": Kind(409, "Da ist schon ein anderer Einsatz, oder der Weg ist zu weit."),
    "record_missing": Kind(409, "Ein Nachweis fehlt. Ihre Koordination meldet sich."),
    "closed": Kind(409, "Das ist nicht mehr nötig."),
    "over": Kind(409, "Dafür ist es zu spät."),
}
_BY_STATUS = {
    400: "unreadable",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
}


class Failed(exceptions.APIException):
    """Stops an endpoint with one of the KINDS."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail, code)
        self.status_code = KINDS[code].status
        self.code, self.text = code, detail


def response(
    code: str,
    *,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem; `errors` are pairs of field (a JSON pointer) and message."""
    kind = KINDS[code]
    body: dict[str, Any] = {
        "type": f"urn:lotsenruf:problem:{code}",
        "title": kind.title,
        "status": kind.status,
        "code": code,
    }
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return Response(body, kind.status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def told(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return what an exception says to the caller; None for our own mistakes (500)."""
    if isinstance(error, Failed):
        return response(error.code, detail=error.text)
    if isinstance(error, exceptions.ValidationError):
        return response("invalid", errors=list(_flat(error.detail)))
    if isinstance(error, Refused):
        shown_at = getattr(context.get("view"), "shown_at", {})
        return response("invalid", errors=list(_of_verb(error, shown_at)))
    if isinstance(error, Http404):
        return response("not_found")
    if isinstance(error, PermissionDenied):
        return response("permission_denied")
    if isinstance(error, IntegrityError):
        # DRF does not know exclusion constraints; two at once is the caller's news, not our fault.
        is_race = isinstance(error.__cause__, ExclusionViolation | UniqueViolation)
        return response("conflict") if is_race else None
    if isinstance(error, exceptions.APIException):
        return _of_library(error)
    return None


def _of_library(error: exceptions.APIException) -> Response | None:
    code = _BY_STATUS.get(error.status_code)
    if code is None:
        return None
    headers = {}
    if error.status_code == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    wait = getattr(error, "wait", None)
    if wait:
        headers["Retry-After"] = str(math.ceil(wait))
    is_ours = isinstance(error, exceptions.ParseError | exceptions.PermissionDenied)
    detail = str(error.detail) if is_ours or error.status_code == KINDS["too_large"].status else ""
    return response(code, detail=detail, headers=headers)


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Yield every message with the JSON pointer of its field: /alternatives/0/starts_at."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else f"{path}/{name}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            is_text = not isinstance(inner, Mapping | list)
            yield from _flat(inner, path if is_text else f"{path}/{number}")
    else:
        yield {"field": path, "message": str(detail)}


def _of_verb(error: Refused, shown_at: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield what a verb refused, at the fields by the names the API gives them."""
    if not hasattr(error, "error_dict"):
        yield from ({"field": "", "message": message} for message in error.messages)
        return
    for name, messages in error.message_dict.items():
        shown = shown_at.get(name, name)
        field = "" if name == NON_FIELD_ERRORS else f"/{shown}"
        yield from ({"field": field, "message": message} for message in messages)
