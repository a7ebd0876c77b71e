"""What the people involved are told when a request ends, and when the end comes too soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from background.clock import now
from matching import assignments, candidates, changes, proposals, reading, replies, search
from matching.models import Proposal
from notifications.models import Message, MessageState
from pools.models import Pool, User
from service_requests import posting
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def asked_with(pool: Pool, n: int, **fields: Any) -> tuple[ServiceRequest, list[Phone]]:
    phones = [Phone(builders.a_volunteer(pool)) for _ in range(n)]
    service_request = builders.a_request(pool, **{"starts_at": now() + timedelta(hours=6)} | fields)
    heartbeat()
    for phone in phones:
        proposal = offer_of(phone, service_request)
        heartbeat()
        phone.expects("Dari")
        assert phone.proposal() == proposal
    return service_request, phones


def offer_of(phone: Phone, service_request: ServiceRequest) -> Proposal:
    """Return her offer; a coordinator asks whom the first wave left out."""
    found = Proposal.objects.filter(person=phone.person).last()
    if found is None:
        volunteer = Volunteer.objects.get(person=phone.person)
        by = builders.a_coordinator(service_request.pool)
        found = proposals.ask(service_request, volunteer, by=by)
    return found


def coordinator_of(pool: Pool) -> User:
    return builders.a_coordinator(pool)


def test_who_did_not_hear_yet_that_it_was_taken_hears_that_it_is_off(
    pool: Pool, clock: MovableClock
) -> None:
    service_request, (amal, boris, clara) = asked_with(pool, 3, starts_at=now() + timedelta(days=2))
    amal.says_yes()
    assert replies.stand_by(clara.proposal())
    changes.cancel_by_office(service_request, by=service_request.posted_by)
    clock.forward(minutes=20)
    heartbeat()
    for phone in (boris, clara):
        phone.expects("Nicht mehr nötig").expects_nothing()


def test_who_stands_by_hears_that_it_is_off_after_having_heard_that_it_was_taken(
    pool: Pool, clock: MovableClock
) -> None:
    service_request, (amal, boris, clara) = asked_with(pool, 3)
    offer = clara.proposal()
    amal.says_yes()
    clock.forward(minutes=2)
    heartbeat()
    for phone in (boris, clara):
        phone.expects("ist jetzt besetzt")
    assert replies.stand_by(offer)
    changes.cancel_by_office(service_request, by=service_request.posted_by)
    clock.forward(minutes=2)
    heartbeat()
    boris.expects_nothing()
    clara.expects("Nicht mehr nötig")


@pytest.mark.parametrize("is_held", [False, True], ids=["searching", "confirmed"])
def test_the_requester_hears_of_an_end_by_the_coordinator(
    pool: Pool, clock: MovableClock, is_held: bool
) -> None:
    service_request, (amal,) = asked_with(pool, 1)
    office = Phone(service_request.posted_by)
    if is_held:
        amal.says_yes()
        clock.forward(minutes=2)
        heartbeat()
        office.expects("Es kommt")
    end = changes.cancel_by_office if is_held else changes.withdraw
    assert end(service_request, by=coordinator_of(pool))
    clock.forward(minutes=2)
    heartbeat()
    office.expects("Ihre Koordination hat diese Anfrage beendet").expects_nothing()


def test_her_own_end_is_not_told_to_the_requester(pool: Pool, clock: MovableClock) -> None:
    service_request, _ = asked_with(pool, 1)
    changes.withdraw(service_request, by=service_request.posted_by)
    clock.forward(minutes=2)
    heartbeat()
    Phone(service_request.posted_by).expects_nothing()


def test_a_request_nobody_has_checked_is_told_in_time_and_again_once_it_is_searched(
    pool: Pool, clock: MovableClock
) -> None:
    service_request = builders.a_request(
        pool, starts_at=now() + timedelta(days=2), status=Status.SUBMITTED, look_again_at=None
    )
    office = Phone(service_request.posted_by)
    assert service_request.inform_at
    clock.set(service_request.inform_at)
    heartbeat()
    heartbeat()
    office.expects("noch nicht geprüft").expects_nothing()
    assert posting.release(service_request, by=coordinator_of(pool))
    service_request.refresh_from_db()
    clock.set(service_request.inform_at)
    heartbeat()
    office.expects("noch hat niemand zugesagt")


def test_an_offer_that_was_given_up_is_not_waited_for(pool: Pool, clock: MovableClock) -> None:
    builders.a_volunteer(pool)
    builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    search.sweep()
    assert len(reading.pending_of(service_request, now())) == 2
    lost = Message.objects.filter(template="offer_urgent").first()
    assert lost is not None
    Message.objects.filter(pk=lost.pk).update(state=MessageState.FAILED)
    assert len(reading.pending_of(service_request, now())) == 1
    Message.objects.filter(pk=lost.pk).update(state=MessageState.ACCEPTED)
    assert len(reading.pending_of(service_request, now())) == 2


MARBURG_AND_GIESSEN = (builders.MARBURG, builders.GIESSEN)  # about 26 km: 42 minutes by road


@pytest.mark.parametrize(
    ("minutes", "mode", "found"),
    [(60, "on_site", 0), (80, "on_site", 1), (60, "phone", 1)],
)
def test_nobody_is_asked_who_would_come_too_late(
    pool: Pool, clock: MovableClock, minutes: int, mode: str, found: int
) -> None:
    home, place = MARBURG_AND_GIESSEN
    builders.a_volunteer(pool, postcode=home, radius_km=60)
    start = now() + timedelta(minutes=minutes)
    service_request = builders.a_request(pool, postcode=place, starts_at=start, modes=[mode])
    need = reading.need_of(service_request, now())
    assert len(candidates.find(need, now())) == found


def test_an_offer_on_site_ends_when_the_way_would_be_too_long(
    pool: Pool, clock: MovableClock
) -> None:
    home, place = MARBURG_AND_GIESSEN
    builders.a_volunteer(pool, postcode=home, radius_km=60)
    service_request = builders.a_request(pool, postcode=place)
    search.sweep()
    until_start = service_request.period.lower - Message.objects.get().not_after
    assert timedelta(minutes=65) < until_start < timedelta(minutes=80)


def test_by_telephone_somebody_may_be_there_already(pool: Pool, clock: MovableClock) -> None:
    home, place = MARBURG_AND_GIESSEN
    volunteer = builders.a_volunteer(pool, postcode=home, radius_km=60)
    service_request = builders.a_request(
        pool, postcode=place, starts_at=now() + timedelta(minutes=40)
    )
    by = coordinator_of(pool)
    answer = assignments.assign_by_telephone(service_request, volunteer=volunteer, by=by)
    assert answer.kind == replies.Kind.ACCEPTED
