"""SMS by any gateway that takes one HTTPS request per message, as German providers do.

All that differs between them stands in settings.SMS_GATEWAY. Such a gateway cannot be asked what
it has: whoever does not get a clear answer is never sent the same again.
"""

from __future__ import annotations

import base64
import hmac
import logging
import re
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications.channels.base import (
    CALL_TIMEOUT_S,
    NO_EXTRAS,
    CannotBeAsked,
    DeliveryError,
    Extras,
    Sighting,
    Unclear,
)

OURS_TO_MEND = frozenset({401, 402, 403, 404, 405})
"""Wrong key, no credit, wrong address: not about this message."""
PATH = "notifications.channels.gateway.GatewayChannel"
PREFIX = "gw:"
LOOKED_AT = 4096

logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)  # below: addresses with numbers


class GatewayChannel(CannotBeAsked):
    """Sends by the gateway in the settings; knows neither look-up nor answers."""

    can_be_answered = False
    resends_unclear = False

    def __init__(self) -> None:
        """Refuse to be used without an address, or over a line that everybody can read."""
        self.gateway: dict[str, Any] = settings.SMS_GATEWAY
        url = str(self.gateway["url"])
        if not url or (settings.IS_PRODUCTION and not url.startswith("https://")):
            raise ImproperlyConfigured("LOTSENRUF_GATEWAY_URL must be an https address")

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Hand the text over; return the gateway's id, or ours where it names none."""
        values = {
            "to": to,
            "text": text,
            "from": self.gateway["sender"] or extras.sender,
            "reference": reference,
        }
        form = dict(self.gateway["constants"]) | {
            theirs: values[ours] for ours, theirs in self.gateway["fields"].items()
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(**self._request(form), timeout=CALL_TIMEOUT_S)
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise DeliveryError("no_connection", permanent=False, provider_fails=True) from error
        except requests.ConnectionError as error:
            if "NewConnectionError" in repr(error):
                raise DeliveryError(
                    "no_connection", permanent=False, provider_fails=True
                ) from error
            raise Unclear("connection_lost") from error
        except requests.RequestException as error:
            raise Unclear(type(error).__name__[:40]) from error
        return PREFIX + self._understand(answer.status_code, answer.text[:LOOKED_AT], reference)

    def _request(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the request in the gateway's way: a form, JSON, or an address with everything."""
        gateway = self.gateway
        asked: dict[str, Any] = {"url": gateway["url"], "allow_redirects": False}
        asked["headers"] = dict(gateway["headers"])
        way = {"GET": "params", "JSON": "json"}.get(gateway["method"], "data")
        asked["method"] = "GET" if way == "params" else "POST"
        asked[way] = form
        if gateway["user"]:
            asked["auth"] = (gateway["user"], gateway["password"])
        return asked

    def _understand(self, status: int, body: str, reference: str) -> str:
        """Return the id; raises what became of it otherwise."""
        if status >= 500:
            raise Unclear(f"http_{status}")
        if status == 429:
            raise DeliveryError("429", permanent=False, provider_fails=True)
        if status in OURS_TO_MEND or 300 <= status < 400:
            raise DeliveryError(f"gateway_{status}", permanent=False, provider_fails=True)
        if refusal := self.gateway["refused"] and re.search(self.gateway["refused"], body):
            code = refusal[1] if refusal.lastindex else status
            raise DeliveryError(f"gateway_{code}"[:40], permanent=True)
        if status >= 400:
            raise DeliveryError(f"gateway_{status}", permanent=True)
        success = re.search(self.gateway["success"], body)
        if success is None:
            raise Unclear("no_word_of_success")
        return str(success[1])[:70] if success.lastindex else reference

    @staticmethod
    def read_status(provider_id: str, status: str, code: str) -> Sighting | None:
        """Return what a word of the gateway's means by the patterns in the settings."""
        if re.fullmatch(str(settings.SMS_GATEWAY["delivered"]), status, re.IGNORECASE):
            return Sighting(provider_id, "delivered")
        if re.fullmatch(str(settings.SMS_GATEWAY["failed"]), status, re.IGNORECASE):
            return Sighting(provider_id, "failed", code=f"gateway_{code or status}")
        return None


def knows_the_secret(url: str, form: Any, headers: Mapping[str, str]) -> bool:
    """Return whether a call brings our secret, as basic authentication or in a header of its own.

    Never in the address, which stands in logs. Without a secret in the settings nobody knows it.
    """
    secret = str(settings.SMS_GATEWAY["receipt_secret"]).encode()
    given = headers.get("X-Webhook-Secret", "").encode()
    kind, _, encoded = headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            given = base64.b64decode(encoded, validate=True).partition(b":")[2]
        except ValueError:
            return False
    return bool(secret) and hmac.compare_digest(given, secret)
