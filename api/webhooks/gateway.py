"""What the generic SMS gateway calls: receipts, as a form or JSON, in its own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from api.webhooks.signed import signed_by
from notifications import receipts
from notifications.channels import gateway


@signed_by(gateway.knows_the_secret)
def receipt(request: HttpRequest) -> HttpResponse:
    """Keep what became of a message; without its id and a status there is nothing to keep."""
    told = _told(request)
    theirs = cast(Mapping[str, str], settings.SMS_GATEWAY["receipt_fields"])
    said = {ours: _text(told.get(name)) for ours, name in theirs.items()}
    message_id = _uuid(said.get("reference", ""))
    reference = said.get("id", "") or str(message_id or "")
    if not (reference and said.get("status")):
        return HttpResponse(status=400)
    receipts.take(
        gateway.PATH,
        provider_reference=gateway.PREFIX + reference[:70],
        status=said["status"],
        code=said.get("code", ""),
        message_id=message_id,
    )
    return HttpResponse(status=204)


def _text(value: object) -> str:
    """Return what was said as text; nothing for null, and nothing PostgreSQL could not keep."""
    text = "" if value is None else str(value)
    return text.replace("\0", "").encode("utf-8", "ignore").decode().strip()


def _told(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        return request.POST.dict()
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
