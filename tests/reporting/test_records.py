"""Afterwards: both sides say what happened, each for itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching import replies
from matching.models import Assignment, Proposal
from notifications.models import Link, LinkPurpose
from reporting import records
from reporting.models import Confirmation, Record
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = pytest.mark.usefixtures("messages_go_out")
Side, Outcome = Confirmation.Side, Confirmation.Outcome


@pytest.fixture
def assignment(db: None, clock: MovableClock) -> Assignment:
    pool = builders.a_pool()
    builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    answer = replies.accept(Proposal.objects.get(), via="link")
    assert answer.assignment
    heartbeat()
    clock.forward(hours=6, minutes=1)
    heartbeat(3)
    return answer.assignment


def said(assignment: Assignment, side: str, outcome: str) -> Confirmation:
    person = assignment.person if side == Side.VOLUNTEER else assignment.service_request.posted_by
    return records.confirm(assignment, side=side, outcome=outcome, said_by=person, minutes=60)


def status_of(assignment: Assignment) -> str:
    return ServiceRequest.objects.get(pk=assignment.service_request_id).status


def test_both_sides_are_asked_by_a_link_of_its_own(assignment: Assignment) -> None:
    assert any("stattgefunden" in text for text in Phone(assignment.person).texts())
    requester = assignment.service_request.posted_by
    assert any("stattgefunden" in text for text in Phone(requester).texts())
    links = Link.objects.filter(purpose=LinkPurpose.CONFIRMATION, target=assignment.public_id)
    assert {link.person_id for link in links} == {assignment.person_id, requester.pk}
    assert all(link.expires_at > now() + timedelta(days=29) for link in links)


def test_nobody_is_asked_twice(assignment: Assignment) -> None:
    before = len(Phone(assignment.person).texts())
    heartbeat(3)
    assert len(Phone(assignment.person).texts()) == before
    assert Record.objects.count() == 1


def test_two_that_agree_make_the_record(assignment: Assignment) -> None:
    said(assignment, Side.VOLUNTEER, Outcome.TOOK_PLACE)
    assert status_of(assignment) == Status.TOOK_PLACE
    said(assignment, Side.REQUESTER, Outcome.TOOK_PLACE)
    assert status_of(assignment) == Status.RECORD_CONFIRMED
    assert Record.objects.get().agreed_at


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.CLIENT_ABSENT, "absent_client"),
        (Outcome.OFFICE_ABSENT, "absent_office"),
        (Outcome.VOLUNTEER_ABSENT, "absent_volunteer"),
    ],
)
def test_three_kinds_of_no_show_are_three_things(
    assignment: Assignment, outcome: str, reason: str
) -> None:
    said(assignment, Side.VOLUNTEER, outcome)
    assert status_of(assignment) == Status.CONFIRMED
    said(assignment, Side.REQUESTER, outcome)
    assert status_of(assignment) == Status.DID_NOT_TAKE_PLACE
    event = assignment.service_request.events.get(kind="did_not_take_place")
    assert event.reason_id == reason


def test_who_disagree_are_left_to_the_coordinator(assignment: Assignment) -> None:
    said(assignment, Side.VOLUNTEER, Outcome.TOOK_PLACE)
    said(assignment, Side.REQUESTER, Outcome.VOLUNTEER_ABSENT)
    assert status_of(assignment) == Status.TOOK_PLACE
    record = Record.objects.get()
    assert record.disputed_at
    assert not record.agreed_at


@pytest.mark.parametrize(
    ("volunteer_said", "outcome", "status", "reason"),
    [
        (Outcome.TOOK_PLACE, Outcome.TOOK_PLACE, Status.RECORD_CONFIRMED, None),
        (
            Outcome.TOOK_PLACE,
            Outcome.VOLUNTEER_ABSENT,
            Status.DID_NOT_TAKE_PLACE,
            "absent_volunteer",
        ),
        (Outcome.OFFICE_ABSENT, Outcome.CLIENT_ABSENT, Status.DID_NOT_TAKE_PLACE, "absent_client"),
        (Outcome.OFFICE_ABSENT, Outcome.TOOK_PLACE, Status.RECORD_CONFIRMED, None),
    ],
)
def test_the_coordinator_decides_and_it_is_written_down_who(
    assignment: Assignment, volunteer_said: str, outcome: str, status: str, reason: str | None
) -> None:
    said(assignment, Side.VOLUNTEER, volunteer_said)
    said(assignment, Side.REQUESTER, Outcome.CLIENT_ABSENT)
    coordinator = builders.a_coordinator(assignment.pool)
    assert records.decide(Record.objects.get(), outcome=outcome, by=coordinator)
    assert status_of(assignment) == status
    record = Record.objects.get()
    assert (record.is_disputed, record.decided_by, record.agreed_at) == (False, coordinator, None)
    event = assignment.service_request.events.latest("at", "pk")
    assert (event.to_status, event.by, event.reason_id) == (status, coordinator, reason)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(Outcome.TOOK_PLACE, "hat stattgefunden"), (Outcome.CLIENT_ABSENT, "hat nicht stattgefunden")],
)
def test_both_sides_are_told_what_was_decided(
    assignment: Assignment, outcome: str, told: str, clock: MovableClock
) -> None:
    said(assignment, Side.VOLUNTEER, Outcome.TOOK_PLACE)
    said(assignment, Side.REQUESTER, Outcome.OFFICE_ABSENT)
    coordinator = builders.a_coordinator(assignment.pool)
    assert records.decide(Record.objects.get(), outcome=outcome, by=coordinator)
    clock.forward(minutes=2)
    heartbeat()
    for person in (assignment.person, assignment.service_request.posted_by):
        last = Phone(person).texts()[-1]
        assert "nachgefragt" in last
        assert told in last


def test_what_is_decided_stays_decided(assignment: Assignment) -> None:
    said(assignment, Side.VOLUNTEER, Outcome.TOOK_PLACE)
    coordinator = builders.a_coordinator(assignment.pool)
    assert not records.decide(Record.objects.get(), outcome=Outcome.TOOK_PLACE, by=coordinator)
    said(assignment, Side.REQUESTER, Outcome.CLIENT_ABSENT)
    record = Record.objects.get()
    assert records.decide(record, outcome=Outcome.TOOK_PLACE, by=coordinator)
    assert not records.decide(record, outcome=Outcome.CLIENT_ABSENT, by=coordinator)
    assert status_of(assignment) == Status.RECORD_CONFIRMED


def test_what_was_said_first_stands(assignment: Assignment) -> None:
    first = said(assignment, Side.VOLUNTEER, Outcome.TOOK_PLACE)
    again = said(assignment, Side.VOLUNTEER, Outcome.CLIENT_ABSENT)
    assert first == again
    assert Confirmation.objects.get().outcome == Outcome.TOOK_PLACE


def test_the_day_before_there_is_one_reminder(db: None, clock: MovableClock) -> None:
    pool = builders.a_pool()
    amal = builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(days=4))
    heartbeat()
    phone = Phone(amal).expects("Dari")
    assert phone.says_yes().kind == replies.Kind.ACCEPTED
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Sie sind dabei")
    clock.forward(days=2, hours=23)
    heartbeat()
    phone.expects_nothing()
    clock.forward(hours=1, minutes=1)
    heartbeat()
    clock.forward(hours=1)
    heartbeat()
    phone.expects("Kommen Sie?").expects_nothing()
