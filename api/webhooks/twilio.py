"""What Twilio calls: receipts for what we sent. Stored raw, answered at once, worked off later."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from api.webhooks.signed import signed_by
from notifications import receipts
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
