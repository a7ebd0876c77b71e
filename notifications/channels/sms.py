"""SMS by Twilio; the only module that knows Twilio (loaded late: the SDK takes a second).

Twilio is not idempotent: after a timeout or a 5xx the message may be out, so it is looked up by
number, day and text before anything is sent again.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notifications import failures
from notifications.channels.base import (
    CALL_TIMEOUT_S,
    NO_EXTRAS,
    Arrival,
    DeliveryError,
    Extras,
    Sighting,
    Unclear,
)

if TYPE_CHECKING:
    from twilio.http.http_client import TwilioHttpClient
    from twilio.http.response import Response
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

silent = logging.getLogger("notifications.twilio")
silent.setLevel(logging.CRITICAL)  # the SDK would log addresses with telephone numbers in them

ACCEPTED = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
DELIVERED = frozenset({"delivered", "read"})
FAILED = frozenset({"undelivered", "failed", "canceled"})

PATH = "notifications.channels.sms.SmsChannel"
RECEIPTS = "/webhooks/twilio/receipts/"

MOST_INBOUND = 1000

NEWEST = 50
"""How many messages to one number are looked through; we send at most one a minute."""


class SmsChannel:
    """Sends and looks up through the account in the settings."""

    has_lookup = True
    has_inbound = True
    can_be_answered = True
    resends_unclear = False

    def __init__(self) -> None:
        """Get ready (load the SDK, make the client), so that sending is one short step."""
        if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN):
            raise ImproperlyConfigured("LOTSENRUF_TWILIO_ACCOUNT_SID or …_AUTH_TOKEN is not set")
        self.client = _make_client(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_API_URL
        )

    def send(
        self, *, to: str, subject: str, text: str, reference: str, extras: Extras = NO_EXTRAS
    ) -> str:
        """Hand the text over; return Twilio's message SID."""
        sender = extras.sender or settings.TWILIO_SENDER
        options = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        if settings.TWILIO_CALLBACKS:
            # Our own id stands in the address: a receipt names its message even when the answer
            # to this very call is lost.
            options["status_callback"] = f"{settings.PUBLIC_URL}{RECEIPTS}{reference}/"
        with _understood():
            sid = self.client.messages.create(to=to, body=text, **options).sid
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

    def inbound(self, *, to: str, since: datetime) -> list[Arrival]:
        """Return what people sent to this number of ours since then, the oldest first.

        Twilio lists the newest first and knows whole seconds only: two texts of the same second
        («STOP», «START») are told apart by their place in the list and by nothing else.
        """
        with _asked():
            day = since - timedelta(days=1)
            listed = self.client.messages.list(to=to, date_sent_after=day, limit=MOST_INBOUND)
        return [
            Arrival(
                str(message.sid),
                sender=str(message.from_ or ""),
                receiver=to,
                text=message.body or "",
                sent_at=message.date_sent or message.date_created or since,
            )
            for message in reversed(listed)
            if str(message.direction) == "inbound"
            and (message.date_sent or message.date_created or since) >= since
        ]

    @staticmethod
    def read_status(provider_id: str, status: str, code: str) -> Sighting | None:
        """Return what a status of Twilio's means, None for a word we do not know."""
        return read_status(provider_id, status, code)


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
    code = str(message.error_code or "")
    return read_status(str(message.sid), str(message.status), code) or Sighting(
        str(message.sid), "accepted"
    )


def read_status(provider_id: str, status: str, code: str) -> Sighting | None:
    """Return what a status of Twilio's means, None for a word we do not know."""
    if status in DELIVERED:
        return Sighting(provider_id, "delivered")
    if status in FAILED:
        return Sighting(provider_id, "failed", code=code or status)
    return Sighting(provider_id, "accepted") if status in ACCEPTED else None


def is_signed(url: str, form: Any, headers: Mapping[str, str]) -> bool:
    """Return whether Twilio signed this form for this address; compares in constant time.

    `url` is the public one: behind a proxy the address of the request is another.
    """
    from twilio.request_validator import (
        SIGNATURE_HEADER,
        SIGNATURE_SETTINGS_HEADER,
        RequestValidator,
        get_signature_algorithm,
    )

    given = headers.get(SIGNATURE_HEADER, "")
    if not (given and settings.TWILIO_AUTH_TOKEN):
        return False
    algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    try:
        expected = validator.compute_signature(url, form, algorithm)
    except ValueError:  # an algorithm nobody knows
        return False
    return hmac.compare_digest(expected.encode(), given.encode())


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
            raise DeliveryError("no_connection", permanent=False, provider_fails=True) from error
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
    failure = failures.of(str(code or status))
    passes = failure.may_pass or status == 429
    if status in (401, 403) and not (failure.opted_out or failure.is_dead):
        passes = True
    return DeliveryError(
        str(code or status),
        permanent=not passes,
        provider_fails=passes and failure.action != failures.Action.UNREACHABLE,
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
