"""What Twilio calls: receipts for what we sent, and SMS to us.

Stored as it came, answered at once, worked off by the worker.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.webhooks.signed import signed_by
from notifications import inbound, receipts
from notifications.channels import sms


@signed_by(sms.is_signed)
def receipt(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Keep what became of a message."""
    reference = request.POST.get("MessageSid", "")
    status = request.POST.get("MessageStatus", "")
    if not (reference and status):
        return HttpResponse(status=400)
    receipts.take(
        sms.PATH,
        provider_reference=reference,
        status=status,
        code=request.POST.get("ErrorCode", ""),
        message_id=message_id,
    )
    return HttpResponse(status=204)


@signed_by(sms.is_signed)
def reply(request: HttpRequest) -> HttpResponse:
    """Keep an SMS to us; the empty answer means that Twilio itself sends nothing back."""
    reference, sender = request.POST.get("MessageSid", ""), request.POST.get("From", "")
    if not (reference and sender):
        return HttpResponse(status=400)
    inbound.take(
        sms.PATH,
        provider_reference=reference,
        sender=sender,
        receiver=request.POST.get("To", ""),
        text=request.POST.get("Body", ""),
    )
    return HttpResponse("<Response/>", content_type="text/xml")
