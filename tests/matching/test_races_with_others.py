"""A yes beside other people's doings: a revocation, the same message, a no, the office.

Each promise has its control, as in test_races.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from background.clock import now
from matching import assignments, changes, locks, replies, undoing
from matching.models import Assignment
from matching.replies import Kind
from notifications import outbox
from notifications.models import Message, MessageClass
from service_requests.models import ServiceRequest
from tests import builders
from tests.at_once import Someone, at_once
from tests.matching.offers import a_proposal, offers_of_one_request, yes
from tests.proofs import unprotected
from tests.proofs.arming import armed
from volunteers import approval, consent
from volunteers.models import Qualification, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


# ── A record is revoked while somebody says yes ──────────────────────────────────────────────────


def revoke_while_she_says_yes() -> tuple[Any, bool]:
    """Return her answer, and whether it had to wait for the end of the revocation."""
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool)
    offer = a_proposal(builders.a_request(pool), volunteer)
    needed = Qualification.objects.filter(volunteer=volunteer, type="basic_interpreting")
    with transaction.atomic():
        needed.update(revoked_at=now())
        volunteer_says_yes = Someone(yes(offer))
        had_to_wait = volunteer_says_yes.waits_for_a_lock()
    return volunteer_says_yes.result(), had_to_wait


def test_a_yes_waits_for_a_revocation_under_way_and_is_refused() -> None:
    assert revoke_while_she_says_yes() == (Kind.RECORD_MISSING, True)
    assert not Assignment.objects.exists()
    assert ServiceRequest.objects.get().status == "searching"


def test_control_without_the_trigger_the_yes_counts_although_the_record_is_gone() -> None:
    trigger = "TRIGGER assignment_records_hold_on_the_day"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE matching_assignment DISABLE {trigger}")
        try:
            answer, _ = revoke_while_she_says_yes()
            assert answer == Kind.ACCEPTED
            assert Assignment.objects.count() == 1
        finally:
            cursor.execute(f"ALTER TABLE matching_assignment ENABLE {trigger}")


def test_a_revocation_waits_for_a_yes_under_way() -> None:
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool)
    offer = a_proposal(builders.a_request(pool), volunteer)
    needed = Qualification.objects.filter(volunteer=volunteer, type="basic_interpreting")
    with transaction.atomic():
        assert replies.accept(offer, via="link").kind == Kind.ACCEPTED
        coordinator_revokes = Someone(lambda: needed.update(revoked_at=now()))
        assert coordinator_revokes.waits_for_a_lock()
    assert coordinator_revokes.result() == 1
    assert Assignment.objects.count() == 1


def test_a_yes_waits_for_a_role_that_is_being_taken_away_and_is_refused() -> None:
    offer = offers_of_one_request(1)[0]
    with transaction.atomic():
        Volunteer.objects.update(interpreting_unlocked_at=None)
        volunteer_says_yes = Someone(yes(offer))
        assert volunteer_says_yes.waits_for_a_lock()
    assert volunteer_says_yes.result() == Kind.RECORD_MISSING
    assert not Assignment.objects.exists()


def test_who_opens_a_role_takes_the_person_first_as_a_yes_does() -> None:
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool)
    Volunteer.objects.update(interpreting_unlocked_at=None)
    with transaction.atomic():
        locks.hold_person(volunteer.person_id)
        coordinator = Someone(
            lambda: approval.unlock(volunteer, role="interpret", by=volunteer.person)
        )
        assert coordinator.waits_for_a_lock()
        assert Volunteer.objects.select_for_update(nowait=True).get(pk=volunteer.pk).pk
    assert coordinator.result()


def test_who_withdraws_her_consent_takes_herself_first_as_a_yes_does() -> None:
    offer = offers_of_one_request(1)[0]
    with transaction.atomic():
        locks.hold_person(offer.person_id)
        withdrawal = Someone(
            lambda: consent.withdraw_consent(offer.person, pool=offer.pool),
        )
        assert withdrawal.waits_for_a_lock()
        assert Volunteer.objects.select_for_update(nowait=True).get(pk=offer.volunteer_id).pk
    withdrawal.result()
    assert replies.accept(offer, via="link").kind == Kind.RECORD_MISSING


# ── The same message, written by several ─────────────────────────────────────────────────────────


def write_the_same_message_at_once(n: int) -> list[Message | None]:
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool)

    def write() -> Message | None:
        return outbox.write(
            volunteer.person,
            pool=pool,
            template="welcome_volunteer",
            parameters={"vorname": volunteer.person.given_name, "zentrum": pool.centre_name},
            message_class=MessageClass.NEWS,
            about=[f"volunteer:{volunteer.public_id}"],
            step="1",
            not_after=now() + timedelta(days=1),
        )

    return at_once(*n * [write])


def test_a_message_written_by_eight_at_once_stands_there_once() -> None:
    written = write_the_same_message_at_once(8)
    assert sum(message is not None for message in written) == 1
    assert Message.objects.count() == 1


def test_control_without_the_constraint_it_stands_there_eight_times() -> None:
    with unprotected.dropped("message_written_once"):
        write_the_same_message_at_once(8)
        assert Message.objects.count() == 8


# ── Others act on the same request ────────────────────────────────────────────────────────────


def meanwhile(act: Callable[[], Any]) -> tuple[Callable[..., None], list[Someone]]:
    """Return a step that lets somebody else start and waits until the database holds them up."""
    others: list[Someone] = []

    def step(*_: Any, **__: Any) -> None:
        others.append(Someone(act))
        others[0].waits_for_a_lock()

    return step, others


def test_an_urgent_no_beside_a_yes_does_not_tie_them_in_a_knot() -> None:
    pool = builders.a_pool()
    service_request = builders.a_request(
        pool,
        starts_at=now() + timedelta(hours=5),
        look_again_at=now() + timedelta(minutes=10),
    )
    hers, his = (a_proposal(service_request, builders.a_volunteer(pool)) for _ in range(2))
    step, others = meanwhile(lambda: replies.decline(his).kind)

    def hook(name: str) -> None:
        if name == "accept.before_messages":
            step()

    with armed(hook):
        assert replies.accept(hers, via="link").kind == Kind.ACCEPTED
    assert others[0].result() == Kind.DECLINED


@pytest.mark.parametrize("of_volunteer", [assignments.cancel_by_volunteer, undoing.undo])
def test_office_and_volunteer_cancelling_at_once_do_not_tie_each_other_in_a_knot(
    of_volunteer: Callable[[Assignment], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offers_of_one_request(1)[0]
    replies.accept(offer, via="link")
    held = Assignment.objects.get()
    step, others = meanwhile(lambda: of_volunteer(held))
    real = assignments.cancel_for_office

    def after_the_volunteer_began(assignment: Assignment, **more: Any) -> bool:
        step()
        return real(assignment, **more)

    monkeypatch.setattr(assignments, "cancel_for_office", after_the_volunteer_began)
    service_request = ServiceRequest.objects.get()
    assert changes.cancel_by_office(service_request, by=service_request.posted_by)
    assert others[0].result() is False
    service_request.refresh_from_db()
    assert service_request.status == "cancelled"
