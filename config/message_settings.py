"""How messages go out and come back: the channels, the gateway, mail. Read by settings.py."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl

from config.environment import IS_PRODUCTION, PUBLIC_URL

# Which channel carries which kind of address; the demo channel keeps messages on a page.
NOTIFICATION_CHANNELS = {
    "sms": os.environ.get(
        "LOTSENRUF_SMS_CHANNEL",
        "notifications.channels.sms.SmsChannel"
        if IS_PRODUCTION
        else "notifications.channels.demo.DemoChannel",
    ),
    "email": os.environ.get(
        "LOTSENRUF_EMAIL_CHANNEL",
        "notifications.channels.email.EmailChannel"
        if IS_PRODUCTION
        else "notifications.channels.demo.DemoChannel",
    ),
}
TWILIO_ACCOUNT_SID = os.environ.get("LOTSENRUF_TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = os.environ.get("LOTSENRUF_TWILIO_AUTH_TOKEN", "")
TWILIO_SENDER = os.environ.get("LOTSENRUF_TWILIO_SENDER", "")
TWILIO_API_URL = os.environ.get("LOTSENRUF_TWILIO_API_URL", "")
# Twilio reports what became of a message to /webhooks/twilio/…, which it must be able to reach.
TWILIO_CALLBACKS = PUBLIC_URL.startswith("https://")
# Who is woken, with its id, when an SMS to us was written down.
REPLY_READER = "matching.answers_by_sms.work_off"
# Who is asked, right before an offer is sent, whether something speaks against it by now.
OFFER_GATE = "matching.gate.why_not"
# A second way for SMS: any gateway that takes one HTTPS request (docs/operations.md).
SMS_GATEWAY: dict[str, Any] = {
    "url": os.environ.get("LOTSENRUF_GATEWAY_URL", ""),
    "method": os.environ.get("LOTSENRUF_GATEWAY_METHOD", "POST"),
    "fields": dict(
        parse_qsl(
            os.environ.get(
                "LOTSENRUF_GATEWAY_FIELDS", "to=to&text=text&from=from&reference=reference"
            )
        )
    ),
    "constants": dict(parse_qsl(os.environ.get("LOTSENRUF_GATEWAY_CONSTANTS", ""))),
    "headers": dict(parse_qsl(os.environ.get("LOTSENRUF_GATEWAY_HEADERS", ""))),
    "user": os.environ.get("LOTSENRUF_GATEWAY_USER", ""),
    "password": os.environ.get("LOTSENRUF_GATEWAY_PASSWORD", ""),
    "sender": os.environ.get("LOTSENRUF_GATEWAY_SENDER", ""),
    "success": os.environ.get("LOTSENRUF_GATEWAY_SUCCESS", r'"success"\s*:\s*"?(?:100|true)'),
    "refused": os.environ.get("LOTSENRUF_GATEWAY_REFUSED", ""),
    # It reports what became of a message to /webhooks/gateway/receipts/, if it knows the secret.
    "receipt_secret": os.environ.get("LOTSENRUF_GATEWAY_RECEIPT_SECRET", ""),
    "receipt_fields": dict(
        parse_qsl(
            os.environ.get(
                "LOTSENRUF_GATEWAY_RECEIPT_FIELDS",
                "reference=reference&id=id&status=status&code=code",
            )
        )
    ),
    "delivered": os.environ.get("LOTSENRUF_GATEWAY_DELIVERED", "delivered|dlvrd"),
    "failed": os.environ.get(
        "LOTSENRUF_GATEWAY_FAILED", "failed|not_?delivered|undelivered|undeliv|rejected|expired"
    ),
}
# Used while the first is down or throttles us; a path also makes it the only one (SMS_CHANNEL).
SECOND_CHANNELS = (
    {"sms": "notifications.channels.gateway.GatewayChannel"} if SMS_GATEWAY["url"] else {}
)
EMAIL_HOST = os.environ.get("LOTSENRUF_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("LOTSENRUF_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LOTSENRUF_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LOTSENRUF_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("LOTSENRUF_EMAIL_TLS", "yes") == "yes"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("LOTSENRUF_EMAIL_FROM", "Lotsenruf <lotsenruf@example.org>")
# Where mail servers report what could not be delivered: part before the @, «+», the message's id.
BOUNCE_ADDRESS = os.environ.get("LOTSENRUF_BOUNCE_ADDRESS", "")
SMS_CODE_COUNTRIES = frozenset({"49"})  # sign-in codes by SMS go only to these country codes
SMS_CODE_DAILY_CAP = 500
