"""What the product promises, told as stories about people whose phones one can talk to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from background.clock import now
from matching import assignments, changes, replies, search, undoing
from matching.models import Assignment, Proposal
from pools.models import Pool
from service_requests.models import Event, Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = pytest.mark.usefixtures("messages_go_out")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def test_the_first_yes_wins(pool: Pool, clock: MovableClock) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    phone_of_amal, phone_of_boris = Phone(amal).expects("Dari"), Phone(boris).expects("Dari")
    assert phone_of_amal.says_yes().kind == replies.Kind.ACCEPTED
    assert phone_of_boris.says_yes().kind == replies.Kind.TAKEN
    clock.forward(minutes=2)  # at most one SMS a minute
    heartbeat()
    phone_of_amal.expects("Sie sind dabei")
    phone_of_boris.expects("ist jetzt besetzt")
    Phone(service_request.posted_by).expects("besetzt", amal.person.short_name)
    service_request.refresh_from_db()
    assert service_request.status == Status.CONFIRMED
    assert service_request.assignments.get().volunteer == amal


def test_the_same_yes_twice_is_the_same_answer(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    phone = Phone(amal).expects("Dari")
    first, second = phone.says_yes(), phone.says_yes()
    assert (first.kind, second.kind) == (replies.Kind.ACCEPTED, replies.Kind.ALREADY_YOURS)
    assert first.assignment == second.assignment
    assert Assignment.objects.count() == 1


def test_an_accidental_yes_leaves_no_trace_for_the_others(pool: Pool, clock: MovableClock) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(days=2))
    heartbeat()
    clock.forward(hours=20)
    heartbeat()
    phones = {person: Phone(person) for person in (amal, boris)}
    for phone in phones.values():
        phone.expects("Dari")
    answer = phones[amal].says_yes()
    assert answer.assignment
    clock.forward(minutes=9)
    assert undoing.undo(answer.assignment)
    clock.forward(minutes=5)
    heartbeat()
    phones[boris].expects_nothing()
    Phone(service_request.posted_by).expects_nothing()
    service_request.refresh_from_db()
    assert service_request.status == Status.SEARCHING
    assert phones[boris].says_yes().kind == replies.Kind.ACCEPTED


def test_a_yes_at_short_notice_that_is_undone_leaves_nobody_believing_it(
    pool: Pool, clock: MovableClock
) -> None:
    amal, boris, clara = (builders.a_volunteer(pool) for _ in range(3))
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    heartbeat()
    offers = {offer.volunteer: offer for offer in Proposal.objects.all()}
    assert replies.accept(offers[amal], via="link").assignment
    clock.forward(minutes=2)
    heartbeat()
    office = Phone(service_request.posted_by).expects("besetzt")
    assert replies.stand_by(Proposal.objects.get(volunteer=boris))
    assert undoing.undo(Assignment.objects.get())
    clock.forward(minutes=2)
    heartbeat()
    office.expects("Wir suchen schon eine andere")
    asked_anew = Proposal.objects.filter(search_round=2, state=Proposal.State.ASKED)
    assert {offer.volunteer for offer in asked_anew} == {amal, boris, clara}
    assert asked_anew.get(volunteer=amal).pk == offers[amal].pk, "she is not asked again"


def test_an_offer_held_back_by_a_yes_goes_out_when_the_yes_is_undone(
    pool: Pool, clock: MovableClock
) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    search.sweep()
    offers = {offer.volunteer: offer for offer in Proposal.objects.all()}
    assert replies.accept(offers[amal], via="link").assignment
    heartbeat()
    phone = Phone(boris)
    phone.expects_nothing()
    assert undoing.undo(Assignment.objects.get())
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Dari").says_yes()


def test_what_waited_for_the_morning_is_not_told_after_a_yes(
    pool: Pool, clock: MovableClock
) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(days=3))
    heartbeat()
    offer = Proposal.objects.get(volunteer=amal)
    clock.set(service_request.inform_at)
    assert changes.inform_requester(service_request.pk)
    assert replies.accept(offer, via="link").kind == replies.Kind.ACCEPTED
    clock.forward(minutes=11)
    heartbeat()
    Phone(service_request.posted_by).expects("besetzt").expects_nothing()


def test_a_yes_can_only_be_taken_back_for_ten_minutes(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    answer = Phone(amal).expects("Dari").says_yes()
    assert answer.assignment
    clock.forward(minutes=10, seconds=1)
    assert not undoing.undo(answer.assignment)
    assert Assignment.objects.filter(cancelled_at__isnull=True).count() == 1


def test_nobody_answers_so_the_next_are_asked_and_the_requester_is_told_in_time(
    pool: Pool, clock: MovableClock
) -> None:
    people = [builders.a_volunteer(pool) for _ in range(6)]
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=30))
    asked = set()
    for _ in range(20):
        heartbeat()
        asked.add(Proposal.objects.count())
        clock.forward(hours=1)
    assert len(asked) > 3, "the waves widen one after the other"
    assert Proposal.objects.values("person").distinct().count() == 6
    assert max(Proposal.objects.values_list("wave", flat=True)) >= 3
    Phone(service_request.posted_by).expects("noch hat niemand zugesagt")
    clock.set(service_request.period.lower - timedelta(minutes=30))
    heartbeat()
    service_request.refresh_from_db()
    assert service_request.status == Status.NOT_FILLED
    assert all(len(Phone(person).texts()) >= 1 for person in people)


def test_a_volunteer_falls_ill_and_the_reserve_is_asked_first(
    pool: Pool, clock: MovableClock
) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool)
    strangers = [builders.a_volunteer(pool) for _ in range(3)]
    service_request = builders.a_request(pool, starts_at=now() + timedelta(days=4))
    heartbeat()
    clock.forward(hours=20)
    for _ in range(6):
        heartbeat()
        clock.forward(hours=1)
    proposals = {p.person: p for p in Proposal.objects.all()}
    assert amal.person in proposals
    assert boris.person in proposals
    assert replies.accept(proposals[amal.person], via="link").kind == replies.Kind.ACCEPTED
    clock.forward(hours=1)
    heartbeat()
    proposals[boris.person].refresh_from_db()
    assert replies.stand_by(proposals[boris.person])
    assert assignments.cancel_by_volunteer(Assignment.objects.get())
    heartbeat()
    service_request.refresh_from_db()
    assert service_request.status == Status.SEARCHING
    first = Proposal.objects.filter(search_round=2).order_by("pk").first()
    assert first is not None
    assert first.person == boris.person
    assert not Proposal.objects.filter(search_round=2, person=amal.person).exists()
    assert Event.objects.filter(service_request=service_request, kind="reopened").exists()
    assert any(
        "noch einmal" in text or "suchen" in text
        for text in Phone(service_request.posted_by).texts()
    )
    assert replies.accept(first, via="link").kind == replies.Kind.ACCEPTED
    assert strangers


def test_an_expired_certificate_is_never_asked(pool: Pool) -> None:
    expiring = builders.a_volunteer(pool, records=["basic_interpreting"])
    builders.a_record(expiring, "german_b1", valid_until=(now() + timedelta(days=3)).date())
    on_the_day = now() + timedelta(days=3)
    builders.a_request(pool, starts_at=on_the_day)
    heartbeat()
    Phone(expiring).expects_nothing()
    earlier = builders.a_request(pool, starts_at=now() + timedelta(days=2))
    heartbeat()
    Phone(expiring).expects("Dari")
    assert Proposal.objects.get().service_request == earlier


def test_a_certificate_that_expires_between_offer_and_yes_is_refused(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool)
    heartbeat()
    phone = Phone(amal).expects("Dari")
    amal.qualifications.filter(type_id="german_b1").update(revoked_at=now())
    assert phone.says_yes().kind == replies.Kind.RECORD_MISSING
    service_request.refresh_from_db()
    assert service_request.status == Status.SEARCHING
    assert not Assignment.objects.exists()


def test_nobody_is_in_two_places(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    start = now() + timedelta(hours=6)
    builders.a_request(pool, starts_at=start)
    builders.a_request(pool, starts_at=start + timedelta(minutes=30))
    heartbeat()
    phone = Phone(amal)
    proposals = list(Proposal.objects.filter(person=amal.person))
    assert len(proposals) == 2, "urgent offers may come together"
    assert replies.accept(proposals[0], via="link").kind == replies.Kind.ACCEPTED
    assert replies.accept(proposals[1], via="link").kind == replies.Kind.OVERLAP
    assert phone.texts()


def test_too_near_in_time_is_an_overlap_too(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    start = now() + timedelta(hours=6)
    first = builders.a_request(pool, starts_at=start)
    soon_after = builders.a_request(
        pool, starts_at=start + timedelta(hours=1, minutes=10), postcode=builders.MARBURG
    )
    heartbeat()
    by_request = {p.service_request: p for p in Proposal.objects.filter(person=amal.person)}
    assert set(by_request) == {first, soon_after}
    assert replies.accept(by_request[first], via="link").kind == replies.Kind.ACCEPTED
    assert replies.accept(by_request[soon_after], via="link").kind == replies.Kind.OVERLAP


def test_a_no_stops_further_questions_about_it(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(days=5))
    heartbeat()
    Phone(amal).expects("Dari").says_no()
    assignments.search_again(service_request)
    clock.forward(hours=3)
    heartbeat()
    assert Proposal.objects.count() == 1


def test_the_office_cancels_and_nobody_travels_for_nothing(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=20))
    heartbeat()
    phone = Phone(amal).expects("Dari")
    phone.says_yes()
    service_request.refresh_from_db()
    assert changes.cancel_by_office(service_request, by=service_request.posted_by)
    clock.forward(minutes=2)  # at most one SMS a minute
    heartbeat()
    assert any("abgesagt" in text.lower() for text in phone.texts())


def test_an_appointment_that_has_begun_cannot_be_cancelled(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    heartbeat()
    Phone(amal).expects("Dari").says_yes()
    clock.set(service_request.period.lower)
    assert not changes.cancel_by_office(service_request, by=service_request.posted_by)
    service_request.refresh_from_db()
    assert service_request.status == Status.CONFIRMED


def test_the_hour_the_clocks_change_is_counted_once(db: None, clock: MovableClock) -> None:
    # 25 October 2026: 02:00–03:00 comes twice. An appointment from 01:30 summer time to 03:30
    # winter time lasts three hours, and the volunteer must be free for all of them.
    clock.set(datetime(2026, 10, 20, 10, 0, tzinfo=BERLIN))
    pool = builders.a_pool()
    builders.a_volunteer(pool)
    start = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)
    service_request = builders.a_request(pool, starts_at=start, minutes=180)
    assert service_request.period.upper == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    heartbeat()
    assert Proposal.objects.count() == 1


def test_a_telephone_yes_counts_like_a_pressed_one(pool: Pool) -> None:
    coordinator = builders.a_coordinator(pool)
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool)
    answer = assignments.assign_by_telephone(service_request, volunteer=amal, by=coordinator)
    assert answer.kind == replies.Kind.ACCEPTED
    assert answer.assignment
    assert answer.assignment.accepted_via == "telephone"


def test_a_telephone_yes_that_came_too_late_sends_nobody_an_offer(
    pool: Pool, clock: MovableClock
) -> None:
    coordinator = builders.a_coordinator(pool)
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool, status=Status.CONFIRMED)
    answer = assignments.assign_by_telephone(service_request, volunteer=amal, by=coordinator)
    assert answer.kind == replies.Kind.CLOSED
    assert not Proposal.objects.filter(state=Proposal.State.ASKED).exists()


def test_a_telephone_yes_does_not_bend_the_records(pool: Pool) -> None:
    coordinator = builders.a_coordinator(pool)
    unproven = builders.a_volunteer(pool, records=[])
    service_request = builders.a_request(pool)
    with pytest.raises(Exception, match="Nachweise"):
        assignments.assign_by_telephone(service_request, volunteer=unproven, by=coordinator)
    assert not Assignment.objects.exists()


def test_a_womens_shelter_stays_hidden(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    shelter = builders.an_organisation(
        pool, setting="womens_shelter", is_hidden_place=True, postcode=builders.WETTENBERG
    )
    service_request = builders.a_request(
        organisation=shelter,
        setting="womens_shelter",
        starts_at=now() + timedelta(hours=6),
    )
    heartbeat()
    phone = Phone(amal).expects("Dari", "Beratung")
    assert "Wettenberg" not in phone.text
    assert "Frauenhaus" not in phone.text
    assert "Gießen" in phone.text, "only the area"
    assert service_request.municipality is not None
    assert service_request.municipality.name == "Wettenberg"


def test_who_was_locked_in_the_meantime_gets_no_appointment_and_the_coordinator_knows(
    pool: Pool,
) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool)
    heartbeat()
    phone = Phone(amal).expects("Dari")
    type(amal).objects.filter(pk=amal.pk).update(interpreting_unlocked_at=None)
    assert phone.says_yes().kind == replies.Kind.RECORD_MISSING
    assert not Assignment.objects.exists()
    assert service_request.events.filter(kind="record_missing").exists()
