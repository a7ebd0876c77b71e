"""A request moves: the old time is void, whoever holds it may say whether the new one suits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from background.clock import now
from matching import changes, coming, moving, replies
from matching.models import Assignment, Proposal
from pools.models import Pool, Rule
from reference.places import resolve
from service_requests.changing import Change
from service_requests.models import Event, ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]
LATER = timedelta(hours=3)


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def wanted(service_request: ServiceRequest, **fields: Any) -> Change:
    period = service_request.period
    same = {
        "period": (period.lower, period.upper),
        "place": resolve(
            service_request.postcode_id, service_request.municipality_id, now().date()
        ),
        "address": service_request.address,
        "contact_name": service_request.contact_name,
        "contact_phone": service_request.contact_phone,
    }
    return Change(**(same | fields))


def later(service_request: ServiceRequest, by: timedelta = LATER) -> tuple[Any, Any]:
    return service_request.period.lower + by, service_request.period.upper + by


def move(service_request: ServiceRequest, **fields: Any) -> frozenset[str]:
    return moving.move(
        service_request,
        wanted(service_request, **fields),
        by=service_request.posted_by,
        by_coordinator=True,
    )


def a_held_request(pool: Pool, clock: MovableClock) -> tuple[ServiceRequest, Phone]:
    phone = Phone(builders.a_volunteer(pool))
    service_request = builders.a_request(pool)
    heartbeat()
    phone.expects("Dari").says_yes()
    clock.forward(minutes=11)
    heartbeat()
    phone.expects("Sie sind dabei")
    service_request.refresh_from_db()
    return service_request, phone


def test_the_holder_is_asked_whether_the_new_time_suits(pool: Pool, clock: MovableClock) -> None:
    service_request, phone = a_held_request(pool, clock)
    assert move(service_request, period=later(service_request)) == {"time"}
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Geändert", "Passt das noch?")
    held = phone.assignment()
    assert held.period.lower == ServiceRequest.objects.get().period.lower
    assert coming.is_asked(held)
    assert held.answer_until == pytest.approx(now() + timedelta(hours=24), abs=timedelta(minutes=3))
    assert coming.confirm_coming(held)
    clock.forward(hours=30)
    heartbeat()
    assert phone.assignment().answer_until is None
    assert ServiceRequest.objects.get().status == Status.CONFIRMED


def test_silence_opens_the_search_again(pool: Pool, clock: MovableClock) -> None:
    service_request, phone = a_held_request(pool, clock)
    move(service_request, period=later(service_request))
    clock.forward(minutes=2)
    heartbeat()
    clock.forward(hours=24, minutes=1)
    heartbeat()
    assert not Assignment.objects.active().exists()
    assert Assignment.objects.get().cancelled_by == "silence"
    service_request.refresh_from_db()
    assert service_request.status == Status.SEARCHING
    phone.expects("Geändert").expects("Abgesagt")
    texts = Phone(service_request.posted_by).texts()
    assert "Wir suchen schon eine andere" in texts[-1]


def test_who_has_another_appointment_then_is_let_go_at_once(
    pool: Pool, clock: MovableClock
) -> None:
    service_request, phone = a_held_request(pool, clock)
    old_time = service_request.period.lower.astimezone(pool.zone).strftime("%H:%M")
    other = builders.a_request(pool, starts_at=service_request.period.lower + timedelta(hours=4))
    heartbeat()
    clock.forward(hours=25)
    heartbeat()
    offer = Proposal.objects.filter(service_request=other).first()
    assert offer is not None
    assert replies.accept(offer, via="link").kind == replies.Kind.ACCEPTED
    move(service_request, period=later(service_request, timedelta(hours=4)))
    clock.forward(minutes=5)
    heartbeat()
    service_request.refresh_from_db()
    assert service_request.status == Status.SEARCHING
    assert phone.assignment().service_request == other
    cancelled = next(text for text in phone.texts() if text.startswith("Abgesagt"))
    assert old_time in cancelled


def test_who_could_not_come_along_is_asked_again_when_the_way_is_free(
    pool: Pool, clock: MovableClock
) -> None:
    service_request, phone = a_held_request(pool, clock)
    other = builders.a_request(pool, starts_at=service_request.period.lower + timedelta(hours=4))
    heartbeat()
    assert replies.accept(other.proposals.get(), via="link").kind == replies.Kind.ACCEPTED
    move(service_request, period=later(service_request, timedelta(hours=4)))
    heartbeat()
    assert not Proposal.objects.filter(service_request=service_request, search_round=2).exists()
    other.refresh_from_db()
    assert changes.cancel_by_office(other, by=other.posted_by)
    clock.forward(hours=1)
    heartbeat()
    anew = Proposal.objects.get(service_request=service_request, search_round=2)
    assert (anew.person, anew.state) == (phone.person, Proposal.State.ASKED)
    assert replies.accept(anew, via="link").kind == replies.Kind.ACCEPTED


def test_who_was_silent_about_the_new_time_is_not_asked_again(
    pool: Pool, clock: MovableClock
) -> None:
    service_request, phone = a_held_request(pool, clock)
    move(service_request, period=later(service_request))
    clock.forward(hours=25)
    heartbeat()
    heartbeat()
    assert not Proposal.objects.filter(person=phone.person, search_round=2).exists()


def test_who_lacks_a_record_on_the_new_day_is_let_go(pool: Pool, clock: MovableClock) -> None:
    service_request, phone = a_held_request(pool, clock)
    last = service_request.period.lower.date()
    phone.person.volunteering.get().qualifications.update(
        valid=(date(2025, 1, 1), last + timedelta(days=1))
    )
    move(service_request, period=later(service_request, timedelta(days=2)))
    assert not Assignment.objects.active().exists()


def test_who_was_only_asked_is_told_and_asked_anew(pool: Pool, clock: MovableClock) -> None:
    phone = Phone(builders.a_volunteer(pool))
    service_request = builders.a_request(pool)
    heartbeat()
    phone.expects("Dari")
    move(service_request, period=later(service_request))
    for _ in range(3):
        clock.forward(minutes=2)
        heartbeat()
    new_time = later(service_request)[0] - LATER
    phone.expects("Nicht mehr nötig")
    phone.expects("Dari gesucht", new_time.astimezone(pool.zone).strftime("%H:%M"))
    assert phone.says_yes().kind == replies.Kind.ACCEPTED
    assert phone.assignment().period.lower == new_time


def test_a_new_contact_person_asks_nobody_anything(pool: Pool, clock: MovableClock) -> None:
    service_request, phone = a_held_request(pool, clock)
    assert move(service_request, contact_name="Herr Winter") == {"contact"}
    clock.forward(minutes=2)
    heartbeat()
    phone.expects_nothing()
    assert phone.assignment().answer_until is None


def test_nothing_changed_writes_nothing(pool: Pool, clock: MovableClock) -> None:
    service_request, _ = a_held_request(pool, clock)
    before = Event.objects.count()
    assert move(service_request) == frozenset()
    assert Event.objects.count() == before


def test_another_place_takes_its_point_and_records_along(pool: Pool, clock: MovableClock) -> None:
    Rule.objects.create(pool=pool, name="area.other", value="yes", valid=(date(2020, 1, 1), None))
    service_request = builders.a_request(pool, language="ti")
    place = resolve(builders.WETTENBERG, None, now().date())
    assert move(service_request, place=place) == {"place"}
    service_request.refresh_from_db()
    assert service_request.postcode_id == builders.WETTENBERG
    assert service_request.point == place.point
    assert service_request.search_round == 2


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.WITHDRAWN, Status.TOOK_PLACE])
def test_what_is_over_does_not_move(pool: Pool, clock: MovableClock, status: Status) -> None:
    service_request = builders.a_request(pool, status=status)
    with pytest.raises(ValidationError):
        move(service_request, period=later(service_request))


def test_a_time_in_the_past_is_refused_at_its_field(pool: Pool, clock: MovableClock) -> None:
    service_request = builders.a_request(pool)
    with pytest.raises(ValidationError) as refused:
        move(service_request, period=later(service_request, timedelta(days=-30)))
    assert "period" in refused.value.message_dict
    assert not Event.objects.filter(kind="changed").exists()


def test_a_coordinators_change_is_told_to_the_requester(pool: Pool, clock: MovableClock) -> None:
    service_request, _ = a_held_request(pool, clock)
    moving.move(
        service_request,
        wanted(service_request, period=later(service_request)),
        by=builders.a_coordinator(pool),
        by_coordinator=True,
    )
    clock.forward(minutes=2)
    heartbeat()
    assert "hat diese Anfrage geändert" in Phone(service_request.posted_by).texts()[-1]
