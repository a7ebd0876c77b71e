"""SMS to us: by the webhook, and by the provider's list when the webhook was down."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from background.models import Heartbeat
from notifications import inbound
from notifications.arrivals import Reply
from pools.models import User
from tests.builders import a_pool
from tests.clock import MovableClock
from tests.provider import callbacks
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]
PATH = "/webhooks/twilio/replies/"
OURS = "+4915735980000"
THEIRS = "+491713920001"


def form(sid: str, body: str) -> dict[str, str]:
    return {"MessageSid": sid, "From": THEIRS, "To": OURS, "Body": body}


def test_an_sms_is_kept_as_it_came_and_answered_with_nothing(twilio: FakeTwilio) -> None:
    text = " JA 47 – Grüße, ça va? 👍\n"
    response = callbacks.post(PATH, form("SM1", text))
    assert (response.status_code, response.content) == (200, b"<Response/>")
    reply = Reply.objects.get()
    assert (reply.text, reply.sender, reply.receiver) == (text, THEIRS, OURS)
    assert reply.worked_off_at is None


def test_the_same_sms_a_hundred_times_is_one_row(twilio: FakeTwilio) -> None:
    for _ in range(100):
        assert callbacks.post(PATH, form("SM1", "JA")).status_code == 200
    assert Reply.objects.count() == 1


def test_a_forged_sms_is_refused(twilio: FakeTwilio) -> None:
    assert callbacks.post(PATH, form("SM1", "JA"), token="wrong").status_code == 403
    assert Client().post(PATH, form("SM1", "JA")).status_code == 403
    assert not Reply.objects.exists()


@pytest.mark.parametrize("body", ["", "x" * 1600, "x" * 5000, "👍" * 1600, "\ud7ff\x07"])
def test_any_text_is_taken(twilio: FakeTwilio, body: str) -> None:
    assert callbacks.post(PATH, form("SM1", body)).status_code == 200
    assert Reply.objects.get().text == body[:1600]


def test_what_came_while_we_were_down_is_found_in_the_list_once(
    twilio: FakeTwilio, clock: MovableClock
) -> None:
    inbound.sweep()
    sids = []
    for index in range(30):
        sids.append(twilio.exchange.receive(sender=THEIRS, to=OURS, body=f"JA {index}").sid)
        clock.forward(seconds=10)
    callbacks.post(PATH, form(sids[0], "JA 0"))
    for _ in range(3):
        inbound.sweep()
        clock.forward(minutes=3)
    found = list(Reply.objects.order_by("sent_at", "pk").values_list("text", flat=True))
    assert sorted(found) == sorted(f"JA {index}" for index in range(30))
    assert Reply.objects.count() == 30
    sent = Reply.objects.exclude(provider_reference=sids[0]).order_by("sent_at")
    assert [reply.provider_reference for reply in sent] == sids[1:]


def test_every_number_of_ours_is_asked_for_and_our_own_messages_are_not_answers(
    twilio: FakeTwilio, clock: MovableClock, amal: User
) -> None:
    a_pool(sms_number="+4917604069001")
    twilio.exchange.receive(sender=THEIRS, to="+4917604069001", body="JA")
    twilio.exchange.take({"To": OURS, "From": "+4917604069001", "Body": "an uns selbst"})
    inbound.sweep()
    assert Reply.objects.get().receiver == "+4917604069001"


def test_the_list_is_asked_for_every_three_minutes_only(
    twilio: FakeTwilio, clock: MovableClock
) -> None:
    for _ in range(60):
        inbound.sweep()
        clock.forward(seconds=10)
    asked = [request for request in twilio.requests if request.startswith("GET")]
    assert 3 <= len(asked) <= 4


def test_a_list_that_cannot_be_had_is_asked_for_again_and_nothing_is_lost(
    twilio: FakeTwilio, clock: MovableClock
) -> None:
    inbound.sweep()
    twilio.exchange.receive(sender=THEIRS, to=OURS, body="JA")
    clock.forward(hours=2)
    twilio.lookups_fail(times=2)
    inbound.sweep()
    inbound.sweep()
    assert not Reply.objects.exists()
    inbound.sweep()
    assert Reply.objects.count() == 1


def test_a_channel_without_a_list_is_not_asked(clock: MovableClock, db: None) -> None:
    inbound.sweep()
    assert not Heartbeat.objects.filter(name=inbound.POLL).exists()


def test_pools_own_numbers_are_their_senders(
    twilio: FakeTwilio, amal: User, settings: Settings
) -> None:
    from tests.notifications.builders import a_message, delivered

    delivered(a_message(amal, pool=a_pool(sms_number="+4917604069001")))
    assert twilio.messages()[0].sender == "+4917604069001"
