"""Held appointments whose volunteer may no longer come are found; letting go searches again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from background.clock import now
from matching import assignments, endangered, replies, standing
from matching.models import Assignment, Proposal
from notifications.models import Message
from pools.models import User
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat
from volunteers import approval, consent, qualifications
from volunteers.models import Qualification, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(clock: MovableClock) -> Assignment:
    """An appointment in three days, held by somebody who may."""
    pool = builders.a_pool()
    return _held(builders.a_volunteer(pool), builders.a_request(pool))


@pytest.fixture
def coordinator(assignment: Assignment) -> User:
    return builders.a_coordinator(assignment.pool)


def _held(volunteer: Volunteer, service_request: ServiceRequest) -> Assignment:
    answer = assignments.assign_by_telephone(
        service_request, volunteer=volunteer, by=builders.a_coordinator(volunteer.pool)
    )
    assert answer.assignment
    return answer.assignment


def lacks(assignment: Assignment) -> tuple[str, ...]:
    found = endangered.find([assignment.pool_id])
    assert [one.assignment for one in found] in ([], [assignment])
    return found[0].lacks if found else ()


def _revoke(assignment: Assignment, code: str, by: User) -> None:
    for record in Qualification.objects.filter(volunteer=assignment.volunteer_id, type=code):
        qualifications.revoke(record, by=by)


def test_who_may_come_is_not_listed(assignment: Assignment) -> None:
    assert lacks(assignment) == ()


def _lock(volunteer: Volunteer, by: User) -> None:
    approval.lock(volunteer, role="interpret", by=by)


def _refuse(volunteer: Volunteer, by: User) -> None:
    approval.refuse(volunteer, by=by)


def _leave(volunteer: Volunteer, by: User) -> None:
    approval.leave(volunteer, by=by)


def _withdraw(volunteer: Volunteer, by: User) -> None:
    consent.withdraw_consent(volunteer.person, pool=volunteer.pool)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (_lock, "Dolmetschen ist gesperrt"),
        (_refuse, "abgelehnt"),
        (_leave, "ausgeschieden"),
        (_withdraw, "ausgeschieden"),
    ],
)
def test_who_is_no_longer_unlocked_is_listed(
    assignment: Assignment, coordinator: User, end: Callable[[Volunteer, User], None], words: str
) -> None:
    end(assignment.volunteer, coordinator)
    assert lacks(assignment) == (words,)


def test_another_role_that_is_locked_does_not_matter(
    assignment: Assignment, coordinator: User
) -> None:
    approval.lock(assignment.volunteer, role="guide", by=coordinator)
    assert lacks(assignment) == ()


def test_a_missing_record_is_named(assignment: Assignment, coordinator: User) -> None:
    _revoke(assignment, "police_certificate_extended", coordinator)
    assert lacks(assignment) == ()  # this appointment does not need it
    _revoke(assignment, "german_b1", coordinator)
    assert lacks(assignment) == ("am Tag gilt nicht: Deutsch B1 oder höher",)
    builders.a_record(assignment.volunteer, "german_b2")
    assert lacks(assignment) == ()  # one of the group is enough


def test_it_counts_whether_the_record_holds_on_the_day(assignment: Assignment) -> None:
    ends_on = now().date() + timedelta(days=3)
    records = Qualification.objects.filter(volunteer=assignment.volunteer_id, type="german_b1")
    records.update(valid=(now().date(), ends_on))
    assert lacks(assignment) == ("am Tag gilt nicht: Deutsch B1 oder höher",)
    records.update(valid=(now().date(), ends_on + timedelta(days=1)))
    assert lacks(assignment) == ()


def test_a_record_for_another_language_is_not_one(assignment: Assignment) -> None:
    ServiceRequest.objects.update(required_records=[["language_fluent"]])
    assert lacks(assignment) == ()
    other = builders.a_volunteer(assignment.pool, speaks="ti").qualifications
    tigrinya = other.get(type="language_fluent").language
    assignment.volunteer.qualifications.filter(type="language_fluent").update(language=tigrinya)
    assert len(lacks(assignment)) == 1


def test_what_is_over_or_cancelled_or_of_another_pool_is_not_listed(
    assignment: Assignment, coordinator: User, clock: MovableClock
) -> None:
    approval.leave(assignment.volunteer, by=coordinator)
    assert endangered.find([assignment.pool_id + 1]) == []
    assert endangered.find([]) == []
    assert endangered.find([assignment.pool_id], volunteer=assignment.volunteer)
    clock.forward(days=4)
    assert lacks(assignment) == ()
    clock.forward(days=-4)
    assignments.release(assignment, by=coordinator, is_asked_for=False)
    assert lacks(assignment) == ()


@pytest.mark.parametrize(
    ("is_asked_for", "cancelled_by", "template"),
    [(True, "volunteer", "cancellation_noted"), (False, "pool", "cancelled_by_office")],
)
def test_letting_go_tells_both_sides_and_searches_again(
    assignment: Assignment,
    coordinator: User,
    is_asked_for: bool,
    cancelled_by: str,
    template: str,
) -> None:
    other = builders.a_volunteer(assignment.pool)
    assert assignments.release(assignment, by=coordinator, is_asked_for=is_asked_for)
    assert not assignments.release(assignment, by=coordinator, is_asked_for=is_asked_for)
    assignment.refresh_from_db()
    service_request = ServiceRequest.objects.get()
    assert (assignment.cancelled_by, service_request.status) == (cancelled_by, Status.SEARCHING)
    event = service_request.events.get(kind="reopened")
    assert (event.by, event.detail) == (
        coordinator,
        {"by": cancelled_by, "late": False, "round": 2},
    )
    told = Message.objects.filter(template=template, person=assignment.person)
    assert told.count() == 1
    assert Message.objects.filter(
        template="requester_searching_again", person=service_request.posted_by
    ).exists()
    heartbeat()
    asked = Proposal.objects.filter(state=Proposal.State.ASKED)
    assert [proposal.person for proposal in asked] == [other.person]


def test_nobody_is_let_go_once_it_has_begun(
    assignment: Assignment, coordinator: User, clock: MovableClock
) -> None:
    clock.set(assignment.period.lower)
    assert not assignments.release(assignment, by=coordinator, is_asked_for=False)
    assert ServiceRequest.objects.get().status == Status.CONFIRMED


@pytest.mark.usefixtures("messages_go_out")
def test_who_was_let_go_reads_that_she_need_not_come(clock: MovableClock) -> None:
    pool = builders.a_pool()
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    phone = Phone(amal).expects("Dari")
    assert phone.says_yes().kind == replies.Kind.ACCEPTED
    proposal = phone.proposal()
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Sie sind dabei")
    clock.forward(minutes=2)
    assignments.release(
        Assignment.objects.get(), by=builders.a_coordinator(pool), is_asked_for=False
    )
    heartbeat()
    phone.expects("Abgesagt: Dari", "Bitte nicht hinfahren")
    assert standing.of_offer(proposal).kind is standing.Kind.RELEASED
