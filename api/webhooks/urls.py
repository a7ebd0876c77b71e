"""Addresses that providers call; every one of them checks a signature."""

from __future__ import annotations

from django.urls import path

from api.webhooks import gateway, twilio, unsubscribing

urlpatterns = [
    path("twilio/receipts/<uuid:message_id>/", twilio.receipt, name="twilio_receipt"),
    path("twilio/replies/", twilio.reply, name="twilio_reply"),
    path("gateway/receipts/", gateway.receipt, name="gateway_receipt"),
    path("abmelden/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
