"""«Kommen Sie?», answered by SMS: the reminder, and a change that has to suit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching import moving, replies
from matching.models import Assignment, Proposal
from notifications.arrivals import ReplyNumber, Verdict
from pools.models import Pool
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.matching.test_moving import wanted
from tests.phone import Phone, heartbeat
from tests.stories.test_sms_stories import OURS, writes
from volunteers.models import Volunteer

pytestmark = pytest.mark.usefixtures("messages_go_out")


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool(sms_number=OURS)


def an_appointment(pool: Pool, clock: MovableClock, **fields: object) -> tuple[Volunteer, Phone]:
    """Return somebody who said yes to something in three days, all messages read."""
    amal = builders.a_volunteer(pool, **fields)
    builders.a_request(pool)
    heartbeat()
    phone = Phone(amal)
    assert phone.expects("Dari").says_yes().kind == replies.Kind.ACCEPTED
    clock.forward(minutes=11)
    heartbeat()
    phone.expects("Sie sind dabei")
    return amal, phone


def reminded(pool: Pool, clock: MovableClock) -> tuple[Volunteer, Phone]:
    amal, phone = an_appointment(pool, clock)
    clock.forward(days=2)
    heartbeat()
    phone.expects("Kommen Sie?")
    return amal, phone


def moved(pool: Pool, clock: MovableClock) -> tuple[Volunteer, Phone]:
    amal, phone = an_appointment(pool, clock)
    service_request = ServiceRequest.objects.get()
    period = service_request.period
    later = (period.lower + timedelta(hours=3), period.upper + timedelta(hours=3))
    moving.move(
        service_request,
        wanted(service_request, period=later),
        by=service_request.posted_by,
        by_coordinator=True,
    )
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Geändert")
    return amal, phone


def number_of(appointment: Assignment) -> int:
    return ReplyNumber.objects.get(about=f"assignment:{appointment.public_id}").number


@pytest.mark.parametrize("asked", [reminded, moved])
@pytest.mark.parametrize("is_bare", [True, False])
def test_a_yes_keeps_the_appointment(
    pool: Pool, clock: MovableClock, asked: object, is_bare: bool
) -> None:
    amal, phone = asked(pool, clock)  # type: ignore[operator]
    number = number_of(phone.assignment())
    assert f"Antwort JA {number} oder NEIN {number}." in phone.text
    assert writes(amal, "ja" if is_bare else f"Ja {number}").verdict == Verdict.YES
    held = phone.assignment()
    assert (held.coming_confirmed_at, held.answer_until) == (now(), None)
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Es bleibt dabei")


@pytest.mark.parametrize("asked", [reminded, moved])
@pytest.mark.parametrize("is_bare", [True, False])
def test_a_no_gives_it_back_and_the_search_goes_on(
    pool: Pool, clock: MovableClock, asked: object, is_bare: bool
) -> None:
    amal, phone = asked(pool, clock)  # type: ignore[operator]
    number = number_of(phone.assignment())
    assert writes(amal, "Nein" if is_bare else f"nein {number}").verdict == Verdict.NO
    ended = Assignment.objects.get()
    assert ended.cancelled_by == "volunteer"
    assert ServiceRequest.objects.get().status == Status.SEARCHING
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Ihre Absage", "ist angekommen").expects_nothing()
    assert writes(amal, f"nein {number}").verdict == Verdict.NO, "again changes nothing"
    assert Assignment.objects.count() == 1


def test_with_an_offer_and_a_question_open_a_bare_word_is_asked_back(
    pool: Pool, clock: MovableClock
) -> None:
    amal, phone = reminded(pool, clock)
    held = phone.assignment()
    builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Dringend")
    offer = Proposal.objects.get(person=amal.person, state=Proposal.State.ASKED)
    of_offer = ReplyNumber.objects.get(about=f"proposal:{offer.public_id}").number
    for word in ("ja", "nein"):
        assert writes(amal, word).verdict == Verdict.ASKED_BACK
    clock.forward(minutes=2)
    heartbeat()
    phone.expects("Welche Anfrage meinen Sie?", f"JA {of_offer} =", f"JA {number_of(held)} =")
    assert phone.assignment().coming_confirmed_at is None
    offer.refresh_from_db()
    assert offer.state == Proposal.State.ASKED
    writes(amal, f"ja {number_of(held)}")
    assert phone.assignment().coming_confirmed_at is not None
    assert writes(amal, "nein").verdict == Verdict.NO, "now only the offer is open"
    offer.refresh_from_db()
    assert offer.state == Proposal.State.DECLINED


def test_a_no_after_she_said_that_she_comes_is_for_the_coordinator(
    pool: Pool, clock: MovableClock
) -> None:
    amal, phone = reminded(pool, clock)
    number = number_of(phone.assignment())
    writes(amal, f"ja {number}")
    assert writes(amal, f"nein {number}").verdict == Verdict.KEPT
    assert writes(amal, "nein").verdict == Verdict.NOTHING_OPEN
    assert phone.assignment().cancelled_at is None


def test_a_no_to_whom_nobody_asked_gives_nothing_back(pool: Pool, clock: MovableClock) -> None:
    amal, phone = an_appointment(pool, clock)
    assert writes(amal, "nein").verdict == Verdict.NOTHING_OPEN
    assert phone.assignment().cancelled_at is None


def test_after_the_beginning_the_answer_changes_nothing(pool: Pool, clock: MovableClock) -> None:
    amal, phone = reminded(pool, clock)
    number = number_of(phone.assignment())
    clock.forward(days=1)
    writes(amal, f"ja {number}")
    assert writes(amal, f"nein {number}").verdict == Verdict.KEPT
    assert phone.assignment().coming_confirmed_at is None
    clock.forward(minutes=2)
    heartbeat()
    assert any("schon vorbei" in text for text in phone.texts())
