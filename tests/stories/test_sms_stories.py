"""Volunteers who answer by SMS: what they write arrives once, in order, and is never guessed."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from background.clock import now
from matching import answers_by_sms, replies, sms_words
from matching.models import Assignment, Proposal
from notifications import inbound
from notifications.arrivals import Reply, ReplyNumber, Verdict
from notifications.channels import sms
from notifications.models import Channel, Contact, DemoMessage, Message
from pools.models import Pool
from service_requests.models import Status
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat
from volunteers.models import Volunteer

pytestmark = pytest.mark.usefixtures("messages_go_out")
OURS = "+4917604069001"
_ids = itertools.count(1)


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool(sms_number=OURS)


def writes(who: Volunteer | str, text: str, *, to: str = OURS) -> Reply:
    """Let an SMS arrive, and the worker read it."""
    sender = who if isinstance(who, str) else Phone(who).person.contacts.get(channel="sms").address
    reference = f"SM{next(_ids)}"
    assert inbound.take(
        sms.PATH, provider_reference=reference, sender=sender, receiver=to, text=text
    )
    reply = Reply.objects.get(provider_reference=reference)
    answers_by_sms.work_off(reply.pk)
    reply.refresh_from_db()
    return reply


def later(clock: MovableClock) -> None:
    """Let the minute between two SMS to one number pass."""
    clock.forward(minutes=2)
    heartbeat()


def number_of(volunteer: Volunteer) -> int:
    address = volunteer.person.contacts.get(channel="sms").address
    return ReplyNumber.objects.filter(address=address).latest("issued_at", "pk").number


def test_a_yes_by_sms_gets_the_appointment(pool: Pool, clock: MovableClock) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool)
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    phone, other = Phone(amal), Phone(boris)
    phone.expects("Dari", f"Antwort JA {number_of(amal)} oder NEIN {number_of(amal)}.", "/a/")
    other.expects("Antwort JA")
    assert writes(amal, f"ja{number_of(amal)}").verdict == Verdict.YES
    assignment = service_request.assignments.get()
    assert (assignment.volunteer, assignment.accepted_via) == (amal, "sms")
    assert writes(boris, f"JA {number_of(boris)}").verdict == Verdict.YES
    later(clock)
    phone.expects("Sie sind dabei")
    assert "schon besetzt" in " ".join(other.texts())
    assert Assignment.objects.count() == 1


def test_a_bare_yes_is_enough_when_only_one_offer_is_open(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    writes(amal, "Ja gerne 👍")
    assert Assignment.objects.get().person == amal.person


def two_open_offers(pool: Pool) -> tuple[Volunteer, list[Proposal]]:
    amal = builders.a_volunteer(pool)
    first = builders.a_request(pool, starts_at=now() + timedelta(hours=6))
    second = builders.a_request(pool, starts_at=now() + timedelta(hours=9))
    heartbeat()
    offers = list(Proposal.objects.filter(person=amal.person).order_by("service_request__period"))
    assert [offer.service_request for offer in offers] == [first, second]
    return amal, offers


def test_with_several_open_offers_a_bare_yes_is_asked_back(pool: Pool, clock: MovableClock) -> None:
    amal, _ = two_open_offers(pool)
    later(clock)
    assert writes(amal, "ja").verdict == Verdict.ASKED_BACK
    later(clock)
    assert not Assignment.objects.exists()
    question = Phone(amal).texts()[-1]
    numbers = sorted(ReplyNumber.objects.values_list("number", flat=True))
    for number in numbers:
        assert f"JA {number} = Di 24.11." in question
    assert writes(amal, f"JA {numbers[1]}").verdict == Verdict.YES
    assert Assignment.objects.count() == 1


def test_a_no_with_a_number_closes_that_offer_and_no_other(pool: Pool, clock: MovableClock) -> None:
    amal, offers = two_open_offers(pool)
    number = ReplyNumber.objects.get(about=f"proposal:{offers[1].public_id}").number
    writes(amal, f"Nein {number}")
    states = [Proposal.objects.get(pk=offer.pk).state for offer in offers]
    assert states == [Proposal.State.ASKED, Proposal.State.DECLINED]


@pytest.mark.parametrize(
    "text", ["Ja, aber erst ab 15 Uhr", "👍", "", "?", "Ich bin krank. " * 107, "ja oder nein"]
)
def test_whatever_is_not_plainly_an_answer_waits_for_the_coordinator(pool: Pool, text: str) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    reply = writes(amal, text)
    assert reply.verdict == Verdict.KEPT
    assert (reply.person, reply.pool) == (amal.person, pool)
    assert reply.text == text[:1600]
    assert Proposal.objects.get().state == Proposal.State.ASKED


def test_an_answering_machine_is_answered_once_a_day(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    for _ in range(20):
        writes(amal, "Ich bin gerade im Urlaub.")
        later(clock)
    assert len([text for text in Phone(amal).texts() if "Koordination liest" in text]) == 1


def test_somebody_who_writes_yes_all_day_does_not_get_an_sms_each_time(
    pool: Pool, clock: MovableClock
) -> None:
    amal = builders.a_volunteer(pool)
    for _ in range(30):
        writes(amal, "ja")
    for _ in range(40):
        later(clock)
    assert DemoMessage.objects.count() == answers_by_sms.ANSWERS_PER_HOUR


def test_a_no_to_what_one_has_said_yes_to_is_for_the_coordinator(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    number = number_of(amal)
    writes(amal, f"ja {number}")
    assert writes(amal, f"nein {number}").verdict == Verdict.KEPT
    assert Assignment.objects.active().count() == 1


def test_stop_ends_all_messages_to_the_telephone_and_start_begins_them_again(
    pool: Pool, clock: MovableClock
) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_contact(amal.person, channel=Channel.EMAIL, rank=2)
    assert writes(amal, "STOPP").verdict == Verdict.STOP
    contact = amal.person.contacts.get(channel="sms")
    assert contact.stopped_at is not None
    heartbeat()
    assert "Keine SMS mehr" not in "".join(
        DemoMessage.objects.filter(address=contact.address).values_list("text", flat=True)
    )
    assert DemoMessage.objects.get().channel == Channel.EMAIL
    assert writes(amal, "start").verdict == Verdict.START
    assert Contact.objects.get(pk=contact.pk).stopped_at is None
    later(clock)
    assert "wieder Nachrichten" in "".join(Phone(amal).texts())


def test_an_unknown_number_is_kept_for_the_pool_and_not_answered(pool: Pool) -> None:
    reply = writes("+4917139200099", "JA 47")
    assert (reply.verdict, reply.pool, reply.person) == (Verdict.STRANGER, pool, None)
    heartbeat()
    assert not DemoMessage.objects.exists()


def test_an_answer_after_the_end_is_told_so(pool: Pool, clock: MovableClock) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    number = number_of(amal)
    clock.forward(hours=6)
    heartbeat()
    writes(amal, f"ja {number}")
    later(clock)
    assert not Assignment.objects.exists()
    assert "vorbei" in Phone(amal).texts()[-1]
    assert writes(amal, "ja").verdict == Verdict.NOTHING_OPEN


def test_the_same_sms_a_hundred_times_is_read_once(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    reply = writes(amal, "ja")
    for _ in range(100):
        inbound.take(
            sms.PATH,
            provider_reference=reply.provider_reference,
            sender=reply.sender,
            receiver=OURS,
            text="nein",
        )
        answers_by_sms.work_off(reply.pk)
    answers_by_sms.sweep()
    assert Reply.objects.count() == 1
    assert Assignment.objects.active().count() == 1


def test_texts_are_read_in_the_order_in_which_they_were_sent(
    pool: Pool, clock: MovableClock
) -> None:
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    address = amal.person.contacts.get().address
    for minutes, text in ((2, "start"), (1, "stopp")):  # the later one arrives first
        inbound.take(
            sms.PATH,
            provider_reference=text,
            sender=address,
            receiver=OURS,
            text=text,
            sent_at=now() + timedelta(minutes=minutes),
        )
    answers_by_sms.work_off(Reply.objects.get(provider_reference="start").pk)
    assert Contact.objects.get(address=address).stopped_at is None
    assert not Reply.objects.filter(worked_off_at=None).exists()


def test_a_text_that_cannot_be_worked_off_ends_with_the_coordinator(
    pool: Pool, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    amal = builders.a_volunteer(pool)

    def broken(text: str) -> None:
        raise ZeroDivisionError

    inbound.take(
        sms.PATH,
        provider_reference="SMx",
        sender=amal.person.contacts.get().address,
        receiver=OURS,
        text="ja",
    )
    monkeypatch.setattr(sms_words, "read", broken)
    for _ in range(answers_by_sms.TRIES):
        clock.forward(seconds=11)
        answers_by_sms.sweep()
    assert Reply.objects.get().verdict == Verdict.KEPT


def test_two_who_share_a_telephone_have_numbers_of_their_own(
    pool: Pool, clock: MovableClock
) -> None:
    amal, boris = builders.a_volunteer(pool), builders.a_volunteer(pool, contact=False)
    address = amal.person.contacts.get().address
    builders.a_contact(boris.person, address=address, verified_at=None)
    builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    assert Proposal.objects.count() == 2
    assert writes(address, "ja").verdict == Verdict.ASKED_BACK
    offer = Proposal.objects.get(person=boris.person)
    number = ReplyNumber.objects.get(about=f"proposal:{offer.public_id}").number
    writes(address, f"ja {number}")
    assert Assignment.objects.get().person == boris.person


def test_a_pool_without_a_number_sends_the_link_alone(db: None, clock: MovableClock) -> None:
    pool = builders.a_pool()
    amal = builders.a_volunteer(pool)
    builders.a_request(pool)
    heartbeat()
    assert "Antwort JA" not in Phone(amal).expects("Ja oder Nein:").text
    assert not ReplyNumber.objects.exists()


def test_a_number_means_one_thing_even_after_ninety_offers(pool: Pool) -> None:
    from notifications import numbers

    issued = [numbers.issue("+491", f"proposal:{index}") for index in range(200)]
    assert set(issued) == set(range(10, 100))
    assert numbers.issue("+491", "proposal:199") == issued[199]
    assert numbers.meanings("+491")[issued[199]] == "proposal:199"
    assert len(numbers.meanings("+491")) == 90


def test_a_yes_by_sms_and_one_by_link_are_one(pool: Pool) -> None:
    amal = builders.a_volunteer(pool)
    service_request = builders.a_request(pool)
    heartbeat()
    assert Phone(amal).expects("Dari").says_yes().kind == replies.Kind.ACCEPTED
    assert writes(amal, f"ja {number_of(amal)}").verdict == Verdict.YES
    service_request.refresh_from_db()
    assert service_request.status == Status.CONFIRMED
    assert Assignment.objects.count() == 1


def test_a_womens_shelter_has_no_place_in_the_calendar(pool: Pool) -> None:
    organisation = builders.an_organisation(pool, is_hidden_place=True)
    amal = builders.a_volunteer(pool)
    builders.a_request(organisation=organisation)
    heartbeat()
    writes(amal, "ja")
    accepted = Message.objects.get(template="accepted")
    assert accepted.parameters["kalender_ort"] == ""
