"""SMS by Twilio; the only module that knows Twilio (loaded late: the SDK takes a second).

Twilio is not idempotent: after a timeout or a 5xx the message may be out, so it is looked up by
number, day and text before anything is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications.channels.base import CALL_TIMEOUT_S, DeliveryError, Sighting, Unclear

if TYPE_CHECKING:
    from twilio.http.http_client import TwilioHttpClient
    from twilio.http.response import Response
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

silent = logging.getLogger("notifications.twilio")
silent.setLevel(logging.CRITICAL)  # the SDK would log addresses with telephone numbers in them

# twilio.com/docs/api/errors
OPTED_OUT = frozenset({21610})
NO_SUCH_NUMBER = frozenset({21211, 21214, 21217, 21614, 30005, 30006})
TOO_FAST = frozenset({20429, 21611, 14107})
MAY_PASS = frozenset({30001, 30002, 30003, 30017, 30022})
OURS_TO_MEND = frozenset({20003, 20404, 21212, 21603, 21606, 21659})
"""Wrong key, unknown account, bad sender: the operator can mend it while the message waits."""

ACCEPTED = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
DELIVERED = frozenset({"delivered", "read"})
FAILED = frozenset({"undelivered", "failed", "canceled"})

NEWEST = 50
"""How many messages to one number are looked through; we send at most one a minute."""


class SmsChannel:
    """Sends and looks up through the account in the settings."""

    has_lookup = True

    def __init__(self) -> None:
        """Get ready (load the SDK, make the client), so that sending is one short step."""
        if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
            raise ImproperlyConfigured("LOTSENRUF_TWILIO_ACCOUNT_SID or …_AUTH_TOKEN is not set")
        self.client = _make_client(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_API_URL
        )

    def send(self, *, to: str, subject: str, text: str, reference: str, reply_to: str = "") -> str:
        """Hand the text over; return Twilio's message SID."""
        sender = settings.TWILIO_SENDER
        origin = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        with _understood():
            sid = self.client.messages.create(to=to, body=text, **origin).sid
        if not sid:
            raise Unclear("no_sid")
        return str(sid)

    def lookup(self, *, to: str, text: str, sent_after: datetime, reference: str) -> list[Sighting]:
        """Return messages to this number, of this text, made since; the oldest first."""
        with _asked():
            # Twilio filters by whole days in GMT; a day more keeps clocks that differ harmless.
            day = sent_after - timedelta(days=1)
            found = list(self.client.messages.list(to=to, date_sent_after=day, limit=NEWEST))
            hits = _matching(found, text, sent_after)
            if not hits:
                # A message still in Twilio's queue has no DateSent and is missed by the filter.
                hits = _matching(self.client.messages.list(to=to, limit=NEWEST), text, sent_after)
        return [_sighting(message) for message in reversed(hits)]

    def state_of(self, provider_id: str) -> Sighting | None:
        """Return what became of the message with this SID."""
        from twilio.base.exceptions import TwilioRestException

        with _asked():
            try:
                return _sighting(self.client.messages(provider_id).fetch())
            except TwilioRestException as error:
                if error.status == 404:
                    return None
                raise


def _matching(
    messages: Iterable[MessageInstance], text: str, sent_after: datetime
) -> list[MessageInstance]:
    """Keep what has this text; trial accounts put a sentence in front of it."""
    earliest = sent_after - timedelta(minutes=5)  # their clock is not ours
    return [
        message
        for message in messages
        if (message.body or "").endswith(text)
        and (message.date_created is None or message.date_created >= earliest)
    ]


def _sighting(message: MessageInstance) -> Sighting:
    status, code = str(message.status), message.error_code or 0
    if status in DELIVERED:
        return Sighting(str(message.sid), "delivered")
    if status in FAILED:
        return Sighting(
            str(message.sid),
            "failed",
            code=str(code or status),
            is_dead=code in NO_SUCH_NUMBER,
            opted_out=code in OPTED_OUT,
        )
    return Sighting(str(message.sid), "accepted")


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what the SDK raises while sending into DeliveryError or Unclear."""
    import requests
    from twilio.base.exceptions import TwilioException, TwilioRestException

    try:
        yield
    except TwilioRestException as error:
        raise _verdict(error.status, error.code or 0) from error
    except requests.ConnectionError as error:
        if _never_connected(error):
            raise DeliveryError("no_connection", permanent=False) from error
        raise Unclear("connection_lost") from error
    except requests.Timeout as error:
        raise Unclear("timeout") from error
    # ValueError: an answer that is not JSON, although the status said it was taken.
    except (TwilioException, requests.RequestException, ValueError, AttributeError) as error:
        raise Unclear(type(error).__name__) from error


@contextmanager
def _asked() -> Iterator[None]:
    """Turn what the SDK raises while asking into Unclear: a failed question changes nothing."""
    import requests
    from twilio.base.exceptions import TwilioException

    try:
        yield
    except (TwilioException, requests.RequestException, ValueError, AttributeError) as error:
        raise Unclear(type(error).__name__) from error


def _verdict(status: int, code: int) -> DeliveryError | Unclear:
    """Read an error answer of Twilio's."""
    if status >= 500:
        return Unclear(f"http_{status}")
    if status == 429 or code in TOO_FAST or code in MAY_PASS or code in OURS_TO_MEND:
        return DeliveryError(str(code or status), permanent=False)
    if status in (401, 403) and code not in OPTED_OUT | NO_SUCH_NUMBER:
        return DeliveryError(str(code or status), permanent=False)
    return DeliveryError(
        str(code or status),
        permanent=True,
        is_dead=code in NO_SUCH_NUMBER,
        opted_out=code in OPTED_OUT,
    )


def _never_connected(error: Exception) -> bool:
    """Return whether the connection was refused before a byte of the message went out."""
    import requests
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


@cache
def _make_client(account: str, token: str, url: str) -> Client:
    """Make the client once per process and account: the kept connection saves a round trip."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    http_client = TwilioHttpClient(timeout=CALL_TIMEOUT_S, logger=silent)
    if not url:
        return Client(account, token, http_client=http_client)
    http_client.session.trust_env = False  # a proxy of the environment does not know the way
    return Client(account, token, http_client=_Redirected(http_client, url))


class _Redirected:
    """Calls the address of the settings instead of Twilio's, for tests and gateways."""

    def __init__(self, http_client: TwilioHttpClient, address: str) -> None:
        self.http_client = http_client
        self.address = urlsplit(address)

    def request(self, method: str, url: str, **more: Any) -> Response:
        """Do the request there."""
        there = urlsplit(url)._replace(scheme=self.address.scheme, netloc=self.address.netloc)
        return self.http_client.request(method, urlunsplit(there), **more)
