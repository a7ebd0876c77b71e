"""A second provider: within a minute it takes over, and nothing is sent by both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from notifications import outbox
from notifications.arrivals import Carrier
from notifications.channels.base import DeliveryError, Unclear
from notifications.channels.gateway import GatewayChannel
from notifications.models import Channel, Message, MessageState
from pools.models import User
from tests.builders import a_contact, a_person, a_pool
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider.gateway import FakeGateway
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]
TO = "+491713920001"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[FakeGateway]:
    """A second provider beside the first."""
    with FakeGateway() as fake:
        settings.SMS_GATEWAY = fake.settings
        settings.SECOND_CHANNELS = {"sms": "notifications.channels.gateway.GatewayChannel"}
        yield fake


def send() -> str:
    return GatewayChannel().send(to=TO, subject="", text="Dari für Sie & 100 %", reference="our-id")


# --- the gateway by itself ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "GET", "JSON"])
def test_a_message_is_handed_over_in_the_gateways_words(
    gateway: FakeGateway, settings: Settings, method: str
) -> None:
    settings.SMS_GATEWAY["method"] = method
    assert send() == "gw:id1"
    assert gateway.taken == [
        {
            "to": TO,
            "text": "Dari für Sie & 100 %",
            "from": "Lotsenruf",
            "foreign_id": "our-id",
            "json": "1",
        }
    ]
    assert gateway.headers[0]["X-Api-Key"] == "secret"


@pytest.mark.parametrize(
    ("status", "body", "code", "permanent", "provider_fails"),
    [
        (429, "slow down", "429", False, True),
        (401, "who are you", "gateway_401", False, True),
        (402, "no credit", "gateway_402", False, True),
        (302, "moved", "gateway_302", False, True),
        (200, '{"success": "202"}', "gateway_202", True, False),
        (400, '{"success": "305"}', "gateway_305", True, False),
        (422, "no", "gateway_422", True, False),
    ],
)
def test_refusals_are_understood(
    gateway: FakeGateway,
    status: int,
    body: str,
    code: str,
    permanent: bool,
    provider_fails: bool,
) -> None:
    gateway.answers = [(status, body)]
    with pytest.raises(DeliveryError) as error:
        send()
    refusal = error.value
    assert (refusal.code, refusal.permanent, refusal.provider_fails) == (
        code,
        permanent,
        provider_fails,
    )


@pytest.mark.parametrize(
    ("status", "body"), [(500, ""), (503, "x"), (200, "<html>it works</html>"), (200, "\x00\xff")]
)
def test_what_is_not_clear_is_unclear(gateway: FakeGateway, status: int, body: str) -> None:
    gateway.answers = [(status, body or "oops")]
    with pytest.raises(Unclear):
        send()


def test_an_address_that_anybody_can_listen_to_is_refused(settings: Settings) -> None:
    settings.IS_PRODUCTION = True
    settings.SMS_GATEWAY = settings.SMS_GATEWAY | {"url": "http://gateway.example/"}
    with pytest.raises(Exception, match="https"):
        GatewayChannel()


# --- the two together -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["too_many", "error"])
def test_what_the_first_refuses_the_second_takes_at_once(
    amal: User, twilio: FakeTwilio, gateway: FakeGateway, kind: str
) -> None:
    twilio.behave(kind, code=20003)
    message = a_message(amal)
    assert delivered(message) == MessageState.PENDING
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert (len(twilio.messages()), len(gateway.taken)) == (0, 1)


def test_a_provider_that_is_away_is_left_alone_and_tried_again(
    twilio: FakeTwilio, gateway: FakeGateway, clock: MovableClock, settings: Settings
) -> None:
    where = settings.TWILIO_API_URL
    settings.TWILIO_API_URL = "http://127.0.0.1:1"
    people = [a_person() for _ in range(4)]
    for person in people:
        a_contact(person)
    one, two, three, four = (a_message(person) for person in people)
    assert delivered(one) == MessageState.PENDING
    assert one.failure == "no_connection"
    outbox.sweep()
    assert [state_of(each) for each in (one, two)] == [MessageState.ACCEPTED] * 2
    assert len(gateway.taken) == 4
    assert "gateway" in two.carrier
    settings.TWILIO_API_URL = where
    clock.forward(seconds=61)
    last = a_message(people[0], step="2")
    clock.forward(seconds=61)
    assert delivered(last) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1
    assert not Carrier.objects.exists()
    assert {state_of(three), state_of(four)} == {MessageState.ACCEPTED}


def test_a_provider_that_goes_on_failing_is_left_alone_longer_each_time(
    amal: User, gateway: FakeGateway, clock: MovableClock
) -> None:
    from notifications import carriers

    rests = []
    for _ in range(6):
        began = clock()
        carriers.leave_alone("x")
        carriers.leave_alone("x")  # many at once are one failure
        rests.append((Carrier.objects.get().left_until - began).total_seconds())
        clock.set(Carrier.objects.get().left_until)
    assert rests == [60, 120, 240, 480, 600, 600]


@pytest.mark.parametrize("kind", ["takes_and_fails", "takes_and_cuts", "takes_and_garbage"])
def test_what_is_unclear_at_the_first_is_never_sent_by_the_second(
    amal: User, twilio: FakeTwilio, gateway: FakeGateway, clock: MovableClock, kind: str
) -> None:
    twilio.behave(kind)
    twilio.lookups_fail(times=5)
    message = a_message(amal)
    assert delivered(message) == MessageState.UNKNOWN
    for _ in range(30):
        clock.forward(seconds=10)
        outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert (len(twilio.messages()), len(gateway.taken)) == (1, 0)


def test_what_the_first_certainly_does_not_have_the_second_takes_within_a_minute(
    amal: User, twilio: FakeTwilio, gateway: FakeGateway, clock: MovableClock
) -> None:
    twilio.behave("fails", times=100)
    message = a_message(amal)
    delivered(message)
    for _ in range(6):
        clock.forward(seconds=10)
        outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED
    assert (len(twilio.messages()), len(gateway.taken)) == (0, 1)


def test_over_a_line_that_takes_no_answers_none_is_asked_for(
    amal: User, twilio: FakeTwilio, gateway: FakeGateway
) -> None:
    pool = a_pool(sms_number="+4917604069001")
    twilio.behave("too_many")
    message = a_message(amal, pool=pool, can_be_answered=True)
    delivered(message)
    outbox.sweep()
    [taken] = gateway.taken
    assert "Antwort JA" not in taken["text"]
    assert taken["from"] == "Lotsenruf"


def test_an_unclear_answer_of_the_gateway_is_not_repeated_but_goes_to_the_next_address(
    amal: User, gateway: FakeGateway, clock: MovableClock, settings: Settings
) -> None:
    mail = a_contact(amal, channel=Channel.EMAIL, rank=2)
    path = settings.SECOND_CHANNELS["sms"]
    settings.NOTIFICATION_CHANNELS = settings.NOTIFICATION_CHANNELS | {"sms": path}
    settings.SECOND_CHANNELS = {}
    gateway.answers = [(500, "oops")]
    message = a_message(amal)
    assert delivered(message) == MessageState.UNKNOWN
    for _ in range(5):
        clock.forward(seconds=10)
        outbox.sweep()
    assert state_of(message) == MessageState.FAILED
    assert message.failure == "unclear"
    again = Message.objects.get(instead_of=message)
    assert (again.contact, again.state) == (mail, MessageState.ACCEPTED)
    assert len(gateway.headers) == 1
