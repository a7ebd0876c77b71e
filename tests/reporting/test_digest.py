"""Each working morning what waits; a red request that nobody looks at is brought to mind once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching import proposals
from pools.models import Membership, Pool, User
from service_requests.models import Event, ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


@pytest.fixture
def petra(pool: Pool) -> User:
    return builders.a_coordinator(pool)


def digests(person: User) -> list[str]:
    return [text for text in Phone(person).texts() if "das wartet heute auf Sie" in text]


def reminders(person: User) -> list[str]:
    return [text for text in Phone(person).texts() if "niemand darum gekümmert" in text]


def test_each_working_morning_one_with_what_waits(
    pool: Pool, petra: User, clock: MovableClock
) -> None:
    builders.a_request(
        pool, status=Status.SUBMITTED, look_again_at=None, starts_at=now() + timedelta(days=20)
    )
    builders.a_volunteer(
        pool, status="registered", interpreting_unlocked_at=None, guiding_unlocked_at=None
    )
    heartbeat()
    heartbeat()
    (text,) = digests(petra)
    assert "Anfragen zum Prüfen: 1" in text
    assert "Neue Freiwillige: 1" in text
    assert "Hilfe brauchen" not in text
    days = 0
    while days < 7:  # from Tuesday on: Wednesday to Friday, then Monday and Tuesday
        clock.forward(days=1)
        days += 1
        heartbeat()
    assert len(digests(petra)) == 6


def test_nothing_waits_nobody_is_written_to(pool: Pool, petra: User) -> None:
    heartbeat()
    assert digests(petra) == []


def test_not_at_night_nor_on_a_holiday(pool: Pool, petra: User, clock: MovableClock) -> None:
    builders.a_request(
        pool, status=Status.SUBMITTED, look_again_at=None, starts_at=now() + timedelta(days=60)
    )
    clock.set(clock.at.replace(month=12, day=25))
    heartbeat()
    clock.set(clock.at.replace(month=12, day=28, hour=3))
    heartbeat()
    assert digests(petra) == []


def test_no_figure_of_another_pool(pool: Pool, petra: User) -> None:
    builders.a_request(builders.a_pool("06534014"), status=Status.SUBMITTED, look_again_at=None)
    heartbeat()
    assert digests(petra) == []


def test_who_coordinates_no_more_is_not_told(pool: Pool, petra: User) -> None:
    builders.a_request(pool, status=Status.SUBMITTED, look_again_at=None)
    Membership.objects.filter(person=petra).update(ended_at=now())
    heartbeat()
    assert digests(petra) == []


def test_a_red_request_nobody_looks_at_is_brought_to_mind_once(
    pool: Pool, petra: User, clock: MovableClock
) -> None:
    service_request = builders.a_request(pool)  # nobody speaks it
    heartbeat()
    assert reminders(petra) == []
    for _ in range(4):
        clock.forward(hours=1)
        heartbeat()
    assert len(reminders(petra)) == 1
    assert str(service_request.public_id) in reminders(petra)[0]
    assert Event.objects.filter(kind="escalated").count() == 1


def test_whom_somebody_looks_after_is_not(pool: Pool, petra: User, clock: MovableClock) -> None:
    volunteer = builders.a_volunteer(pool, is_paused=False, radius_km=5, postcode=builders.MARBURG)
    service_request = builders.a_request(pool)
    heartbeat()
    clock.forward(hours=1, minutes=30)
    proposals.ask(service_request, volunteer, by=petra)
    clock.forward(hours=1)
    heartbeat()
    assert reminders(petra) == []
    clock.forward(hours=2)
    heartbeat()
    assert len(reminders(petra)) == 1


def test_a_request_that_goes_well_is_left_alone(
    pool: Pool, petra: User, clock: MovableClock
) -> None:
    for _ in range(6):
        builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(days=6))
    for _ in range(3):
        heartbeat()
        clock.forward(hours=1)
    assert reminders(petra) == []
    assert ServiceRequest.objects.get().status == Status.SEARCHING
