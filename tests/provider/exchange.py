"""What the fake Twilio knows: messages, and what it is to do wrong next."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from background.clock import now

ACCOUNT = "AC" + "0" * 32
TOKEN = "fake-token"


@dataclass
class Sms:
    """A message as the provider keeps it."""

    sid: str
    to: str
    sender: str
    body: str
    status: str
    date_created: str
    date_sent: str | None
    error_code: int | None = None
    direction: str = "outbound-api"
    visible_from: float = 0.0
    taken_at: datetime | None = None


@dataclass
class Behaviour:
    """What to do with the next messages; `times` of them, then all is well again."""

    kind: str
    times: int = 1
    code: int = 21211
    seconds: float = 0.0


@dataclass
class Exchange:
    """What the provider knows; all access under one lock."""

    kept: list[Sms] = field(default_factory=list)
    plans: list[Behaviour] = field(default_factory=list)
    lookup_plans: list[Behaviour] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    callbacks: list[str] = field(default_factory=list)
    lookup_delay_s: float = 0.0
    answer_delay_s: float = 0.0
    first_status: str = "sent"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, form: dict[str, str]) -> Sms:
        """Accept a message as Twilio does: queued ones have no DateSent yet."""
        taken_at = now()
        stamp = format_datetime(taken_at)
        sms = Sms(
            sid="SM" + secrets.token_hex(16),
            to=form["To"],
            sender=form.get("From") or form.get("MessagingServiceSid", ""),
            body=form["Body"],
            status=self.first_status,
            date_created=stamp,
            date_sent=None if self.first_status in ("accepted", "queued") else stamp,
            visible_from=time.monotonic() + self.lookup_delay_s,
            taken_at=taken_at,
        )
        with self.lock:
            self.kept.append(sms)
            self.callbacks.append(form.get("StatusCallback", ""))
        return sms

    def receive(self, *, sender: str, to: str, body: str) -> Sms:
        """Keep an SMS that somebody sent to one of our numbers."""
        stamp = format_datetime(now())
        sid = "SM" + secrets.token_hex(16)
        sms = Sms(sid, to, sender, body, "received", stamp, stamp, direction="inbound")
        with self.lock:
            self.kept.append(sms)
        return sms

    def next_plan(self, plans: list[Behaviour]) -> Behaviour | None:
        """Return what to do with the next request and count it."""
        with self.lock:
            if not plans:
                return None
            plans[0].times -= 1
            return plans.pop(0) if plans[0].times <= 0 else plans[0]

    def listed(self, query: dict[str, str]) -> list[Sms]:
        """Return the newest first, filtered by To and by whole days of DateSent."""
        with self.lock:
            found = [sms for sms in self.kept if sms.visible_from <= time.monotonic()]
        if to := query.get("To"):
            found = [sms for sms in found if sms.to == to]
        if since := query.get("DateSent>"):
            day = datetime.fromisoformat(since.replace("Z", "+00:00")).date()
            found = [sms for sms in found if _day_sent(sms) >= day]
        return list(reversed(found))


def as_json(sms: Sms) -> dict[str, Any]:
    """Return the resource as Twilio shows it."""
    fields = asdict(sms)
    del fields["visible_from"], fields["taken_at"], fields["sender"]
    return fields | {
        "from": sms.sender,
        "account_sid": ACCOUNT,
        "api_version": "2010-04-01",
        "date_updated": sms.date_created,
        "error_message": None,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sms.sid}.json",
        "subresource_uris": {},
    }


def _day_sent(sms: Sms) -> date:
    return parsedate_to_datetime(sms.date_sent).date() if sms.date_sent else date.min
