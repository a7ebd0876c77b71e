"""Telling: an event becomes a delivery per endpoint, a delivery is tried until it is taken.

The events are the rows that the cause wrote in its own transaction; nothing above them has to
remember to tell. The heartbeat finds what nobody has told yet, the worker sends it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from service_requests.models import Event
from webhooks.endpoints import key_of
from webhooks.models import Delivery, Endpoint, Topic
from webhooks.reaching import Refused, post

log = logging.getLogger(__name__)

DELIVER = "webhooks.sending.deliver"
TOPICS = {
    "posted": Topic.POSTED,
    "accepted": Topic.FILLED,
    "changed": Topic.CHANGED,
    "released": Topic.CHANGED,
    "undone": Topic.CHANGED,
    "reopened": Topic.CHANGED,
    "withdrawn": Topic.CANCELLED,
    "cancelled": Topic.CANCELLED,
    "rejected": Topic.NOT_FILLED,
    "not_filled": Topic.NOT_FILLED,
    "took_place": Topic.TOOK_PLACE,
}
"""What the events of a request (lifecycle.py) are called outside."""
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
LEASE = timedelta(seconds=30)
PAUSED_AFTER = 20
"""Failures in a row, over all deliveries of an endpoint."""
LOOKS_BACK = timedelta(days=3)
PER_BEAT = 200
KEPT = timedelta(days=90)


def sweep() -> None:
    """Write deliveries for new events, wake the worker for what is due, forget old ones."""
    instant = now()
    for endpoint in Endpoint.objects.listening():
        _note_new_events(endpoint, instant)
    failpoint("webhook.noted")
    due = Delivery.objects.filter(
        state=Delivery.State.PENDING, due_at__lte=instant, endpoint__in=Endpoint.objects.listening()
    )
    for public_id in due.order_by("due_at").values_list("public_id", flat=True)[:PER_BEAT]:
        wake(DELIVER, str(public_id))
    Delivery.objects.filter(created_at__lt=instant - KEPT).delete()


def _note_new_events(endpoint: Endpoint, instant: datetime) -> None:
    """Write a delivery per event that has none; two sweeps at once write one."""
    wanted = [kind for kind, topic in TOPICS.items() if topic in endpoint.topics]
    told = Delivery.objects.filter(endpoint=endpoint, event=OuterRef("pk"))
    events = Event.objects.filter(
        ~Exists(told),
        service_request__pool=endpoint.pool_id,
        kind__in=wanted,
        at__gte=max(endpoint.created_at, instant - LOOKS_BACK),
    )
    Delivery.objects.bulk_create(
        [
            Delivery(
                pool_id=endpoint.pool_id,
                endpoint=endpoint,
                event=event,
                topic=TOPICS[event.kind],
                due_at=instant,
                created_at=instant,
            )
            for event in events.order_by("at", "pk")[:PER_BEAT]
        ],
        ignore_conflicts=True,
    )


def deliver(public_id: str) -> None:
    """Try one delivery, unless another worker has it in hand."""
    delivery = _claimed(public_id)
    if delivery is None:
        return
    failpoint("webhook.claimed")
    body = payload(delivery)
    sent_at = int(now().timestamp())
    status, failure = None, ""
    try:
        status = post(delivery.endpoint.url, body, _headers(delivery, body, sent_at))
    except Refused as refused:
        failure = refused.code
    except OSError:
        failure = "no_answer"
    failpoint("webhook.answered")
    if status is not None and 200 <= status < 300:
        _note_success(delivery, status)
    else:
        _note_failure(delivery, status, failure or "refused")


def payload(delivery: Delivery) -> bytes:
    """Return what is told: which request, what, how it stands now. Nobody's name, no place."""
    event = delivery.event
    told: dict[str, Any] = {
        "id": str(delivery.public_id),
        "type": delivery.topic,
        "at": event.at.isoformat(),
        "request": {
            "id": str(event.service_request.public_id),
            "status": event.service_request.status,
        },
    }
    return json.dumps(told).encode()


def signature(key: str, sent_at: int, body: bytes) -> str:
    """Return the HMAC-SHA-256 over time and body: an old one cannot be sent again as new."""
    return hmac.new(key.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()


def _headers(delivery: Delivery, body: bytes, sent_at: int) -> dict[str, str]:
    signed = signature(key_of(delivery.endpoint), sent_at, body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lotsenruf",
        "Lotsenruf-Delivery": str(delivery.public_id),
        "Lotsenruf-Signature": f"t={sent_at},v1={signed}",
    }


def _claimed(public_id: str) -> Delivery | None:
    """Take the delivery for the length of a lease, and count the try before it is made."""
    instant = now()
    claimed = Delivery.objects.filter(
        public_id=public_id,
        state=Delivery.State.PENDING,
        due_at__lte=instant,
        endpoint__in=Endpoint.objects.listening(),
    ).update(due_at=instant + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return None
    return Delivery.objects.select_related("endpoint", "event__service_request").get(
        public_id=public_id
    )


def _note_success(delivery: Delivery, status: int) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.DELIVERED, status=status, failure="", delivered_at=now()
    )
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(failures=0)


def _note_failure(delivery: Delivery, status: int | None, failure: str) -> None:
    """Try again later, or give up; an endpoint that only fails is paused until somebody looks."""
    is_last = delivery.attempts > len(RETRY_AFTER)
    wait = timedelta() if is_last else RETRY_AFTER[delivery.attempts - 1]
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.FAILED if is_last else Delivery.State.PENDING,
        status=status,
        failure=failure,
        due_at=now() + wait,
    )
    endpoint = Endpoint.objects.filter(pk=delivery.endpoint_id)
    endpoint.update(failures=F("failures") + 1)
    if endpoint.filter(failures__gte=PAUSED_AFTER, paused_at__isnull=True).update(paused_at=now()):
        log.warning("webhook_paused", extra={"endpoint": str(delivery.endpoint.public_id)})
