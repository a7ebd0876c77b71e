"""The controls: the same steps as one would write them without a race in mind.

A proof is valid only if it fails with these in place of the real ones: look first, then write,
and the constraint behind it taken away. They live here and nowhere else; production code has no
switch for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from django.db import connection

from api import problems
from api.permissions import AsDeclared
from background import heartbeat, supervisor
from background.failpoints import failpoint
from matching import changes, locks, replies
from matching.models import Proposal
from notifications import links, sweeping
from notifications.models import Link
from pages.volunteer import offer
from pools.models import User
from service_requests import lifecycle
from service_requests.models import ServiceRequest, Status
from tests.emptying import empty_tables
from webhooks import sending

BETWEEN = "unprotected.between"
"""Between the look and the write: arm it with a pause, so that the gap cannot be missed."""

ONE_ACTIVE_PER_REQUEST = "assignment_one_active_per_request"
NOBODY_IN_TWO_PLACES = "assignment_nobody_in_two_places"


def _move(
    service_request: ServiceRequest,
    to: Status,
    *,
    kind: str,
    by: User | None,
    expected: Status | None = None,
    **more: Any,
) -> bool:
    """Do what lifecycle.move does, but look first and write afterwards."""
    before = expected or service_request.status
    if not ServiceRequest.objects.filter(pk=service_request.pk, status=before).exists():
        return False
    failpoint(BETWEEN)
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=to)
    lifecycle.write_event(service_request, kind, by=by)
    return True


def _hold_nobody(person_pk: int) -> None:
    """Do not wait for the person's other yeses."""


_is_busy = replies.is_busy


def _was_busy(proposal: Proposal, service_request: ServiceRequest) -> bool:
    """Look at the person's appointments, then dawdle."""
    busy = _is_busy(proposal, service_request)
    failpoint(BETWEEN)
    return busy


def _not_asked(channel: Any, message: Any) -> None:
    """Do not ask the provider: what died in somebody's hand counts as not sent."""


def _not_swept() -> None:
    """Do not look for what is due: what the queue loses is lost."""


def _post_plainly(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send to an address of this machine, without encryption."""
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        connection.request("POST", parts.path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _everybody_may(permission: Any, request: Any, view: Any) -> bool:
    """Ask nobody who she is, nor what her token was allowed."""
    return True


def _untold(error: Exception, context: Any) -> None:
    """Know no exception: whatever a caller does wrong becomes our own mistake."""


_show = offer._show


def _answer_when_opened(request: Any, proposal: Proposal, *, template: str) -> Any:
    """Take the opening of an offer for a no, as a link «click here to decline» would."""
    replies.decline(proposal)
    return _show(request, proposal, template=template)


def _open_anything(token: str, purpose: str) -> Link | None:
    """Do not ask whether there is such a link."""
    return Link.objects.select_related("person", "pool").filter(purpose=purpose).first()


def _move_regardless(
    service_request: ServiceRequest,
    to: Status,
    *,
    kind: str,
    by: User | None,
    expected: Status | None = None,
    changes: Mapping[str, Any] | None = None,
    **more: Any,
) -> bool:
    """Do what lifecycle.move does, from whatever state."""
    before = ServiceRequest.objects.get(pk=service_request.pk).status
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=to, **(changes or {}))
    lifecycle.write_event(service_request, kind, by=by, before=Status(before), after=to)
    return True


def _nothing(*_: Any, **__: Any) -> None:
    """Forget it."""


WITHOUT: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
    "request_guard": [(lifecycle, "move", _move)],
    "person_guard": [(locks, "hold_person", _hold_nobody), (replies, "is_busy", _was_busy)],
    "sweeps": [(heartbeat, "sweep", _not_swept), (supervisor, "sweep", _not_swept)],
    "public_addresses": [(sending, "post", _post_plainly)],
    "look_up": [(sweeping, "_seen_at", _not_asked)],
    "silent_link": [(offer, "_show", _answer_when_opened)],
    "link_check": [(links, "open_link", _open_anything)],
    "api_permissions": [(AsDeclared, "has_permission", _everybody_may)],
    "api_problems": [(problems, "told", _untold)],
    "compare": [(lifecycle, "move", _move_regardless)],
    "close_offers": [(changes, "close_offers", _nothing)],
}
MUTANTS: dict[str, str] = {
    "compare": f"DROP INDEX {ONE_ACTIVE_PER_REQUEST}",
    "look_up": "",
    "close_offers": "",
    "records": "ALTER TABLE matching_assignment DISABLE TRIGGER assignment_records_hold_on_the_day",
}
"""A guard each, and what stands behind it in the database."""


def mutate(name: str) -> None:
    """Take a guard away from this process and its database for good."""
    take_away(*({name} & WITHOUT.keys()))
    if statement := MUTANTS[name]:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def take_away(*guards: str) -> None:
    """Replace the guards in this process for good (a server that was started for a control)."""
    for guard in guards:
        for owner, name, replacement in WITHOUT[guard]:
            setattr(owner, name, replacement)


@contextmanager
def without(*guards: str) -> Iterator[None]:
    """Replace the guards for a while."""
    patches = [
        mock.patch.object(owner, name, replacement)
        for guard in guards
        for owner, name, replacement in WITHOUT[guard]
    ]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in reversed(patches):
            patch.stop()


def drop(name: str) -> str:
    """Drop a constraint or an index of the database at hand; return what would put it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE conname = %s",
            [name],
        )
        if row := cursor.fetchone():
            table, definition = row
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            return f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
        definition = str(cursor.fetchone()[0])
        cursor.execute(f"DROP INDEX {name}")
        return definition


@contextmanager
def dropped(name: str) -> Iterator[None]:
    """Do without a constraint or an index for a while; put back over emptied tables."""
    restore = drop(name)
    try:
        yield
    finally:
        empty_tables()
        with connection.cursor() as cursor:
            cursor.execute(restore)
