"""A line of the table of requests with the people in it, and the two turns most stories take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from config.demo import history, tables
from config.demo.calendar import at, workday
from config.demo.history import MINUTE
from matching.models import Assignment
from pools.models import Organisation, User
from service_requests.models import ServiceRequest, Status
from volunteers.models import Volunteer

ASKED = 4


@dataclass(frozen=True)
class Line:
    """One line of the table with the people in it."""

    row: dict[str, str]
    organisation: Organisation
    caseworker: User
    coordinator: User
    amina: Volunteer

    @property
    def day(self) -> int:
        """Return how many working days from today it takes place."""
        return int(self.row["day"])

    @property
    def more(self) -> dict[str, str]:
        """Return the last column."""
        return tables.pairs(self.row["more"])

    @property
    def posted_at(self) -> dt.datetime:
        """Return when it was posted: some days before it takes place, and before today."""
        return at(workday(min(self.day - 6, -2) if self.day < 0 else -3), "09:20")

    def write(self, status: Status) -> ServiceRequest:
        """Write the request as one of the past."""
        return history.write_request(
            self.row,
            self.organisation,
            posted_by=self.caseworker,
            posted_at=self.posted_at,
            status=status,
        )


def confirmed(line: Line) -> tuple[ServiceRequest, Assignment]:
    """Let four have been asked, and the first have said yes."""
    service_request = line.write(Status.CONFIRMED)
    proposals = history.ask(service_request, line.posted_at + MINUTE, ASKED)
    assignment = history.accept(service_request, proposals, line.posted_at + 38 * MINUTE)
    return service_request, assignment


def end(
    service_request: ServiceRequest,
    line: Line,
    ended_at: dt.datetime,
    kind: str,
    before: Status,
    reason: str = "",
) -> None:
    """Write the end with its reason; a kind is the status it leads to."""
    history.event(
        service_request,
        kind,
        ended_at,
        before=before,
        after=kind,
        reason=reason or line.more["reason"],
    )
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=kind)
