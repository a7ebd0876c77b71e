"""What may follow what, and that the second of two is told so."""

from __future__ import annotations

import itertools

import pytest

from reference.models import Reason
from service_requests.lifecycle import NEXT, NotAllowed, move
from service_requests.models import Event, ServiceRequest, Status
from tests.builders import a_coordinator, a_request

pytestmark = pytest.mark.django_db


def test_every_status_has_its_line_in_the_table() -> None:
    assert set(NEXT) == set(Status)


def test_every_status_but_the_draft_can_be_reached() -> None:
    assert set().union(*NEXT.values()) == set(Status) - {Status.DRAFT}


def test_no_status_follows_itself() -> None:
    assert not [status for status, following in NEXT.items() if status in following]


def test_every_life_can_come_to_an_end() -> None:
    ends = {status for status, following in NEXT.items() if not following}
    for _ in Status:
        ends |= {status for status, following in NEXT.items() if following & ends}
    assert ends == set(Status)


def test_a_confirmed_request_may_be_searched_for_again() -> None:
    assert Status.SEARCHING in NEXT[Status.CONFIRMED]


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status, Status)))
def test_a_step_is_taken_exactly_when_the_table_has_it(before: Status, after: Status) -> None:
    service_request = a_request(status=before)
    if after in NEXT[before]:
        assert move(service_request, after, kind="step", by=None)
    else:
        with pytest.raises(NotAllowed):
            move(service_request, after, kind="step", by=None)
    service_request.refresh_from_db()
    assert service_request.status == (after if after in NEXT[before] else before)


def test_every_step_leaves_an_event() -> None:
    service_request = a_request()
    coordinator = a_coordinator(service_request.pool)
    reason = Reason.objects.get(code="unfilled_no_language")
    move(
        service_request,
        Status.NOT_FILLED,
        kind="not_filled",
        by=coordinator,
        reason=reason,
        detail={"asked": 3},
    )
    event = Event.objects.get(service_request=service_request)
    assert (event.kind, event.from_status, event.to_status) == (
        "not_filled",
        "searching",
        "not_filled",
    )
    assert (event.by, event.reason, event.detail) == (coordinator, reason, {"asked": 3})


def test_whoever_comes_second_is_told_and_changes_nothing() -> None:
    first = a_request()
    second = ServiceRequest.objects.get(pk=first.pk)
    assert move(first, Status.CONFIRMED, kind="confirmed", by=None)
    assert not move(second, Status.WITHDRAWN, kind="withdrawn", by=None)
    second.refresh_from_db()
    assert second.status == Status.CONFIRMED
    assert Event.objects.count() == 1


def test_the_caller_may_say_what_she_has_seen() -> None:
    service_request = a_request(status=Status.CONFIRMED)
    assert not move(service_request, Status.CONFIRMED, kind="x", by=None, expected=Status.SEARCHING)
    assert move(service_request, Status.CANCELLED, kind="x", by=None, expected=Status.CONFIRMED)


def test_columns_change_in_the_same_statement() -> None:
    service_request = a_request(status=Status.CONFIRMED)
    move(service_request, Status.SEARCHING, kind="reopened", by=None, changes={"search_round": 2})
    assert service_request.search_round == 2
    assert service_request.status == Status.SEARCHING
