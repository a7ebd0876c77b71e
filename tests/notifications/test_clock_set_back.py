"""The clock of the server is set back by five minutes: nothing is lost, nothing is sent twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching.models import Assignment
from notifications import outbox
from notifications.models import Message, MessageState
from pools.models import Pool, User
from service_requests.models import Status
from tests import builders
from tests.clock import MovableClock
from tests.notifications.builders import a_message, state_of
from tests.phone import Phone, heartbeat
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]
BACK = -5


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool()


def beats(clock: MovableClock, many: int, seconds: int = 30) -> None:
    for _ in range(many):
        clock.forward(seconds=seconds)
        heartbeat(1)


def test_an_appointment_is_found_held_and_reminded_of_once(pool: Pool, clock: MovableClock) -> None:
    phones = [Phone(builders.a_volunteer(pool)) for _ in range(3)]
    service_request = builders.a_request(pool, starts_at=now() + timedelta(hours=30))
    heartbeat()
    clock.forward(minutes=BACK)
    beats(clock, 14)
    asked = [phone for phone in phones if phone.texts()]
    assert asked
    assert [len(phone.texts()) for phone in asked] == [1] * len(asked)
    assert asked[0].expects("Dari").says_yes().kind == "accepted"
    clock.forward(minutes=BACK)
    assert asked[0].says_yes().kind == "already_yours"
    beats(clock, 60)
    asked[0].expects("Sie sind dabei").expects_nothing()
    clock.forward(hours=6)
    beats(clock, 2)
    clock.forward(minutes=BACK)
    beats(clock, 14)
    service_request.refresh_from_db()
    assert service_request.status == Status.CONFIRMED
    assert Assignment.objects.count() == 1
    keys = list(Message.objects.values_list("template", "person", "about"))
    assert len(keys) == len({(template, person, *about) for template, person, about in keys})


@pytest.mark.parametrize("kind", ["takes_and_fails", "fails", "takes_and_cuts"])
def test_what_is_in_doubt_stays_one_message(
    amal: User, clock: MovableClock, twilio: FakeTwilio, kind: str
) -> None:
    message = a_message(amal)
    twilio.behave(kind)
    outbox.sweep()
    assert state_of(message) == MessageState.UNKNOWN
    clock.forward(minutes=BACK)
    for _ in range(20):
        clock.forward(seconds=30)
        outbox.sweep()
    assert state_of(message) in (MessageState.ACCEPTED, MessageState.DELIVERED)
    assert len(twilio.messages()) == 1
