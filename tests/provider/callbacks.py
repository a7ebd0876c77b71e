"""Calls that Twilio would make to us, signed as Twilio signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator


def signature(address: str, form: dict[str, str], *, token: str = "") -> str:
    """Return Twilio's signature of a form for an address."""
    validator = RequestValidator(token or settings.TWILIO_AUTH_TOKEN)
    return str(validator.compute_signature(address, form))


def post(path: str, form: dict[str, str], *, token: str = "", **headers: str) -> Any:
    """Call a webhook of ours with a signed form."""
    signed = signature(f"{settings.PUBLIC_URL}{path}", form, token=token)
    client = Client(enforce_csrf_checks=True)
    return client.post(path, form, headers={"X-Twilio-Signature": signed, **headers})


def receipt(message_id: UUID, sid: str, status: str, *, code: str = "") -> Any:
    """Tell us what became of a message."""
    form = {"MessageSid": sid, "MessageStatus": status, "To": "+491713920001"}
    if code:
        form["ErrorCode"] = code
    return post(f"/webhooks/twilio/receipts/{message_id}/", form)
