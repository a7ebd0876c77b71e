"""What may follow what in the life of a request, and the one way to get there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pools.models import User
from reference.models import Reason
from service_requests.models import Event, ServiceRequest, Status

# withdrawn = before a yes, cancelled = after it; confirmed → searching is «searching again».
NEXT: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED, Status.SEARCHING, Status.WITHDRAWN}),
    Status.SUBMITTED: frozenset(
        {Status.SEARCHING, Status.REJECTED, Status.WITHDRAWN, Status.NOT_FILLED}
    ),
    Status.SEARCHING: frozenset({Status.CONFIRMED, Status.WITHDRAWN, Status.NOT_FILLED}),
    Status.CONFIRMED: frozenset(
        {Status.SEARCHING, Status.CANCELLED, Status.TOOK_PLACE, Status.DID_NOT_TAKE_PLACE}
    ),
    Status.TOOK_PLACE: frozenset({Status.RECORD_CONFIRMED, Status.DID_NOT_TAKE_PLACE}),
    Status.RECORD_CONFIRMED: frozenset({Status.SETTLED}),
    Status.DID_NOT_TAKE_PLACE: frozenset({Status.TOOK_PLACE, Status.SETTLED, Status.CLOSED}),
    Status.SETTLED: frozenset({Status.CLOSED}),
    Status.CLOSED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.NOT_FILLED: frozenset(),
}


class NotAllowed(ValueError):
    """The table has no such step: a mistake in the program, not of the person."""


@transaction.atomic
def move(
    service_request: ServiceRequest,
    to: Status,
    *,
    kind: str,
    by: User | None,
    reason: Reason | None = None,
    detail: Mapping[str, Any] | None = None,
    expected: Status | None = None,
    changes: Mapping[str, Any] | None = None,
) -> bool:
    """Take one step and write its event; False, and nothing written, if somebody was faster.

    `expected` is the status the caller has seen (default: that of the object in hand); `changes`
    are columns set by the same UPDATE.
    """
    before = Status(expected or service_request.status)
    if to not in NEXT[before]:
        raise NotAllowed(f"{before} -> {to}")
    moved = ServiceRequest.objects.filter(pk=service_request.pk, status=before).update(
        status=to, **(changes or {})
    )
    if not moved:
        return False
    write_event(service_request, kind, by=by, reason=reason, detail=detail, before=before, after=to)
    service_request.status = to
    for name in changes or {}:
        service_request.refresh_from_db(fields=[name])
    return True


def write_event(
    service_request: ServiceRequest,
    kind: str,
    *,
    by: User | None,
    reason: Reason | None = None,
    detail: Mapping[str, Any] | None = None,
    before: Status | None = None,
    after: Status | None = None,
) -> Event:
    """Write down what happened; `detail` holds codes and counts, nothing personal."""
    return Event.objects.create(
        service_request=service_request,
        kind=kind,
        from_status=before or "",
        to_status=after or "",
        by=by,
        reason=reason,
        detail=dict(detail or {}),
    )
