"""What the database says at one moment, read in a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection


class Request(NamedTuple):
    """A request."""

    pk: int
    public_id: Any
    status: str
    starts_at: datetime
    ends_at: datetime
    posted_by: int
    organisation: int
    pool: int


class Proposal(NamedTuple):
    """An offer."""

    pk: int
    public_id: Any
    request: int
    person: int
    volunteer: int
    state: str
    search_round: int
    asked_by: int | None


class Assignment(NamedTuple):
    """An appointment somebody holds or held."""

    pk: int
    public_id: Any
    request: int
    person: int
    starts_at: datetime
    ends_at: datetime
    cancelled_by: str
    is_active: bool
    can_be_undone_until: datetime


class Message(NamedTuple):
    """A row of the outbox."""

    pk: Any
    template: str
    state: str
    person: int
    about: list[str]
    is_overtaken: bool
    provider_reference: str
    not_before: datetime
    not_after: datetime


REQUESTS = """SELECT id, public_id, status, lower(period), upper(period), posted_by_id,
 organisation_id, pool_id FROM requests_servicerequest ORDER BY id"""
PROPOSALS = """SELECT id, public_id, service_request_id, person_id, volunteer_id, state,
 search_round, asked_by_id FROM matching_proposal ORDER BY id"""
ASSIGNMENTS = """SELECT id, public_id, service_request_id, person_id, lower(period),
 upper(period), cancelled_by, cancelled_at IS NULL, undo_until FROM matching_assignment
 ORDER BY id"""
MESSAGES = """SELECT id, template, state, person_id, about, superseded_at IS NOT NULL,
 provider_reference, not_before, not_after FROM notifications_message ORDER BY created_at,
 dedupe_key"""


@dataclass(frozen=True)
class Snapshot:
    """All rows that matter, in the order in which they were written."""

    requests: list[Request]
    proposals: list[Proposal]
    assignments: list[Assignment]
    messages: list[Message]

    def request(self, pk: int) -> Request:
        """Return a request."""
        return next(one for one in self.requests if one.pk == pk)

    def messages_about(self, kind: str, public_id: Any) -> list[Message]:
        """Return every message that speaks of something."""
        name = f"{kind}:{public_id}"
        return [one for one in self.messages if name in one.about]


def take() -> Snapshot:
    """Read everything."""
    with connection.cursor() as cursor:

        def rows(row: Any, statement: str) -> list[Any]:
            cursor.execute(statement)
            return [row(*values) for values in cursor.fetchall()]

        return Snapshot(
            rows(Request, REQUESTS),
            rows(Proposal, PROPOSALS),
            rows(Assignment, ASSIGNMENTS),
            rows(Message, MESSAGES),
        )
