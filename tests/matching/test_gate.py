"""Right before it goes out an offer is looked at once more; what is not right any more is not sent.

Each case: two minutes before everything was right and the offer was written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from background.clock import now
from matching import gate, proposals, search
from matching.models import Proposal
from notifications import claiming, outbox
from notifications.models import Channel, DemoMessage, Message, MessageClass, MessageState
from pools.models import Pool
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.at_once import Someone
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat
from volunteers import approval, availability, consent
from volunteers.models import Profile, Qualification, Volunteer


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def written(pool: Pool, **fields: object) -> tuple[Volunteer, Message]:
    """Return somebody whose offer was written and lies in the outbox."""
    volunteer = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, **fields)
    search.advance(service_request.pk)
    return volunteer, Message.objects.get(person=volunteer.person)


def a_record_ends(volunteer: Volunteer) -> None:
    Qualification.objects.filter(volunteer=volunteer, type="basic_interpreting").update(
        revoked_at=now()
    )


def her_role_is_closed(volunteer: Volunteer) -> None:
    approval.lock(volunteer, role="interpret", by=volunteer.person)


def she_withdraws_her_consent(volunteer: Volunteer) -> None:
    consent.withdraw_consent(volunteer.person, pool=volunteer.pool)


def she_pauses(volunteer: Volunteer) -> None:
    availability.pause(volunteer.person.profile, None)


def she_wants_fewer_and_had_one(volunteer: Volunteer) -> None:
    Profile.objects.update(messages_per_week=1)
    an_earlier_offer(volunteer, hours=72)


def another_is_unanswered(volunteer: Volunteer) -> None:
    an_earlier_offer(volunteer, hours=1)


def an_earlier_offer(volunteer: Volunteer, *, hours: int) -> Message:
    """Let her have got an offer for something else so many hours ago, and not have answered."""
    other = builders.a_request(volunteer.pool, starts_at=now() + timedelta(days=9))
    before = now() - timedelta(hours=hours)
    asked = Proposal.objects.get(person=volunteer.person)
    earlier = Proposal.objects.create(
        pool=other.pool,
        service_request=other,
        volunteer=volunteer,
        volunteer_pool=volunteer.pool,
        person=volunteer.person,
        language=asked.language,
        mode="on_site",
        probability=0.3,
        asked_at=before,
    )
    message = outbox.write(
        volunteer.person,
        pool=volunteer.pool,
        template="filled",
        parameters=Message.objects.get().parameters,
        message_class=MessageClass.OFFER,
        about=[f"proposal:{earlier.public_id}"],
        step="1",
        not_after=now() + timedelta(days=1),
    )
    assert message is not None
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.DELIVERED, created_at=before, handed_over_at=before
    )
    return message


def the_office_withdraws_in_the_same_moment(volunteer: Volunteer) -> None:
    ServiceRequest.objects.update(status=Status.WITHDRAWN)


CASES: list[tuple[Callable[[Volunteer], None], str]] = [
    (a_record_ends, "records"),
    (her_role_is_closed, gate.LOCKED),
    (she_withdraws_her_consent, gate.LOCKED),
    (she_pauses, gate.UNSUITABLE),
    (she_wants_fewer_and_had_one, gate.BUDGET),
    (another_is_unanswered, "unanswered"),
    (the_office_withdraws_in_the_same_moment, gate.CLOSED),
]


@pytest.mark.usefixtures("messages_go_out")
@pytest.mark.parametrize(("happens", "reason"), CASES)
def test_what_is_not_right_any_more_is_held_back_with_its_reason(
    pool: Pool, happens: Callable[[Volunteer], None], reason: str
) -> None:
    volunteer, message = written(pool)
    happens(volunteer)
    outbox.deliver(str(message.pk))
    message.refresh_from_db()
    assert (message.state, message.failure) == (MessageState.SUPERSEDED, reason)
    assert message.parameters == {}
    assert not DemoMessage.objects.exists()


@pytest.mark.usefixtures("messages_go_out")
def test_control_while_nothing_happens_it_goes_out(pool: Pool) -> None:
    _, message = written(pool)
    outbox.deliver(str(message.pk))
    message.refresh_from_db()
    assert message.state == MessageState.ACCEPTED


@pytest.mark.usefixtures("messages_go_out")
def test_the_search_goes_on_with_somebody_else(pool: Pool, clock: MovableClock) -> None:
    volunteer, _ = written(pool)
    a_record_ends(volunteer)
    other = builders.a_volunteer(pool)
    heartbeat(3)
    assert Proposal.objects.get(person=volunteer.person).state == Proposal.State.CLOSED
    Phone(volunteer).expects_nothing()
    Phone(other).expects("Dari gesucht")


@pytest.mark.usefixtures("messages_go_out")
def test_what_the_coordinator_asks_goes_beyond_comfort_never_beyond_records(pool: Pool) -> None:
    volunteer = builders.a_volunteer(pool)
    coordinator = builders.a_coordinator(pool)
    for record, state in ((False, MessageState.ACCEPTED), (True, MessageState.SUPERSEDED)):
        Message.objects.all().delete()
        service_request = builders.a_request(pool)
        proposal = proposals.ask(service_request, volunteer, by=coordinator)
        Profile.objects.update(messages_per_week=1, week="0" * 167 + "1")
        if record:
            a_record_ends(volunteer)
        message = Message.objects.about(f"proposal:{proposal.public_id}").get()
        outbox.deliver(str(message.pk))
        message.refresh_from_db()
        assert message.state == state


@pytest.mark.usefixtures("messages_go_out")
def test_when_it_is_urgent_an_unanswered_offer_does_not_hold_it_back(pool: Pool) -> None:
    volunteer, message = written(pool, starts_at=now() + timedelta(hours=6))
    another_is_unanswered(volunteer)
    outbox.deliver(str(message.pk))
    message.refresh_from_db()
    assert message.state == MessageState.ACCEPTED


# ── Two senders at once ───────────────────────────────────────────────────────────────────────────


def two_offers_where_one_is_enough() -> list[Message]:
    """Write two urgent offers to one person, who then says that one a week will do."""
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool, contact=False)
    builders.a_contact(volunteer.person, channel=Channel.EMAIL)
    for hours in (20, 22):
        starts_at = now() + timedelta(hours=hours)
        search.advance(builders.a_request(pool, starts_at=starts_at, minutes=30).pk)
    Profile.objects.update(messages_per_week=1)
    return list(Message.objects.filter(message_class=MessageClass.OFFER).order_by("pk"))


def claim_while_another_claims() -> tuple[Message | None, Message]:
    """Return what the second sender took while the first had not committed, and its message."""
    first, second = two_offers_where_one_is_enough()
    with transaction.atomic():
        assert claiming.claim(first.pk) is not None
        return Someone(lambda: claiming.claim(second.pk)).result(), second


@pytest.mark.django_db(transaction=True)
def test_of_two_senders_at_once_the_second_leaves_it_for_later_and_then_sees_the_first() -> None:
    taken, second = claim_while_another_claims()
    assert taken is None
    second.refresh_from_db()
    assert second.state == MessageState.PENDING
    assert claiming.claim(second.pk) is None
    second.refresh_from_db()
    assert (second.state, second.failure) == (MessageState.SUPERSEDED, gate.BUDGET)


@pytest.mark.django_db(transaction=True)
def test_control_without_holding_the_person_she_gets_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "_hold_who_is_asked", lambda message_id: True)
    taken, second = claim_while_another_claims()
    assert taken == second
