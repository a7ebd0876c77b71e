"""The SMS channel, through the real Twilio SDK, against the fake provider."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from background.clock import now
from notifications import failures
from notifications.channels import sms
from notifications.channels.base import DeliveryError, Sighting, Unclear
from notifications.channels.sms import SmsChannel
from tests.provider.twilio import FakeTwilio

TO = "+491713920001"
TEXT = "Dari gesucht: Di 24.11. 14:00 für Sie & Ça + 100 % äöüß"


def send(text: str = TEXT, to: str = TO) -> str:
    return SmsChannel().send(to=to, subject="", text=text, reference=str(uuid4()))


def lookup(text: str = TEXT, to: str = TO) -> list[Sighting]:
    return SmsChannel().lookup(
        to=to, text=text, sent_after=now() - timedelta(minutes=1), reference=str(uuid4())
    )


def test_a_text_arrives_as_it_was_written(twilio: FakeTwilio) -> None:
    sid = send()
    [taken] = twilio.messages()
    assert (taken.sid, taken.to, taken.body) == (sid, TO, TEXT)
    assert taken.sender == "+4915735980000"


def test_a_messaging_service_may_be_the_sender(twilio: FakeTwilio, settings: Settings) -> None:
    settings.TWILIO_SENDER = "MG" + "1" * 32
    send()
    assert twilio.messages()[0].sender == settings.TWILIO_SENDER


@pytest.mark.parametrize(
    ("code", "permanent", "is_dead", "opted_out"),
    [
        (21211, True, True, False),
        (21614, True, True, False),
        (30005, True, True, False),
        (30006, True, True, False),
        (21610, True, False, True),
        (21617, True, False, False),
        (30007, True, False, False),
        (30003, False, False, False),
        (21611, False, False, False),
        (21606, False, False, False),
    ],
)
def test_error_codes_are_understood(
    twilio: FakeTwilio, code: int, permanent: bool, is_dead: bool, opted_out: bool
) -> None:
    twilio.behave("error", code=code)
    with pytest.raises(DeliveryError) as error:
        send()
    refusal = error.value
    assert refusal.code == str(code)
    failure = failures.of(refusal.code)
    assert (refusal.permanent, failure.is_dead, failure.opted_out) == (
        permanent,
        is_dead,
        opted_out,
    )
    assert TO not in str(refusal)


def test_too_many_requests_may_be_tried_again(twilio: FakeTwilio) -> None:
    twilio.behave("too_many")
    with pytest.raises(DeliveryError) as error:
        send()
    assert not error.value.permanent


def test_a_wrong_key_is_the_operators_to_mend(twilio: FakeTwilio, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = "wrong"
    with pytest.raises(DeliveryError) as error:
        send()
    assert not error.value.permanent
    assert error.value.code == "20003"


def test_without_a_key_nothing_is_tried(twilio: FakeTwilio, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    with pytest.raises(ImproperlyConfigured):
        SmsChannel()


def test_a_provider_that_is_away_has_certainly_taken_nothing(settings: Settings) -> None:
    with FakeTwilio() as gone:
        for name, value in gone.settings.items():
            setattr(settings, name, value)
    with pytest.raises(DeliveryError) as error:
        send()
    assert error.value.code == "no_connection"
    assert not error.value.permanent


@pytest.mark.parametrize(
    "kind", ["fails", "takes_and_fails", "takes_and_garbage", "cuts", "takes_and_cuts"]
)
def test_what_may_have_been_taken_is_unclear(twilio: FakeTwilio, kind: str) -> None:
    twilio.behave(kind)
    with pytest.raises(Unclear):
        send()
    assert len(twilio.messages()) == (1 if kind.startswith("takes") else 0)


@pytest.mark.parametrize("kind", ["slow", "takes_and_slow"])
def test_nobody_waits_for_ever(
    twilio: FakeTwilio, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "CALL_TIMEOUT_S", 0.2)
    sms._make_client.cache_clear()
    twilio.behave(kind, seconds=1.0)
    with pytest.raises(Unclear) as error:
        send()
    assert error.value.code == "timeout"
    sms._make_client.cache_clear()


def test_the_connection_is_kept_between_messages(twilio: FakeTwilio) -> None:
    assert SmsChannel().client is SmsChannel().client


@pytest.mark.parametrize("status", ["queued", "sending", "sent"])
def test_a_taken_message_is_found_by_number_and_text(twilio: FakeTwilio, status: str) -> None:
    twilio.starts_as(status)
    sid = send()
    send(text="something else")
    send(to="+491713920002")
    assert lookup() == [Sighting(sid, "accepted")]


def test_the_first_look_up_asks_by_number_and_day(twilio: FakeTwilio) -> None:
    send()
    lookup()
    [asked] = [request for request in twilio.requests if request.startswith("GET")]
    assert "To=%2B491713920001" in asked
    assert "DateSent%3E=" in asked


def test_a_message_that_was_never_taken_is_not_found(twilio: FakeTwilio) -> None:
    assert lookup() == []


def test_of_two_equal_texts_the_older_comes_first(twilio: FakeTwilio) -> None:
    sids = [send(), send()]
    assert [sighting.provider_id for sighting in lookup()] == sids


def test_trial_accounts_put_a_sentence_in_front(twilio: FakeTwilio) -> None:
    sid = send(text="Sent from your Twilio trial account - " + TEXT)
    assert [sighting.provider_id for sighting in lookup()] == [sid]


def test_a_look_up_that_fails_says_so(twilio: FakeTwilio) -> None:
    twilio.lookups_fail(times=2)
    with pytest.raises(Unclear):
        lookup()
    with pytest.raises(Unclear):
        SmsChannel().state_of("SM" + "0" * 32)


@pytest.mark.parametrize(
    ("status", "error_code", "expected"),
    [
        ("queued", None, ("accepted", "")),
        ("sent", None, ("accepted", "")),
        ("delivered", None, ("delivered", "")),
        ("read", None, ("delivered", "")),
        ("undelivered", 30003, ("failed", "30003")),
        ("undelivered", 30006, ("failed", "30006")),
        ("failed", 21610, ("failed", "21610")),
        ("failed", None, ("failed", "failed")),
        ("canceled", None, ("failed", "canceled")),
        ("partially_delivered", None, ("accepted", "")),
    ],
)
def test_states_are_translated(
    twilio: FakeTwilio, status: str, error_code: int | None, expected: tuple[object, ...]
) -> None:
    sid = send()
    twilio.becomes(sid, status, error_code=error_code)
    sighting = SmsChannel().state_of(sid)
    assert sighting == Sighting(sid, *expected)  # type: ignore[arg-type]


def test_an_unknown_sid_is_unknown(twilio: FakeTwilio) -> None:
    assert SmsChannel().state_of("SM" + "0" * 32) is None


def test_no_telephone_number_and_no_text_is_logged(
    twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send()
    lookup()
    twilio.behave("error", code=21211)
    with pytest.raises(DeliveryError):
        send()
    logged = " ".join(record.getMessage() for record in caplog.records)
    for canary in ("3920001", "Dari", "fake-token"):
        assert canary not in logged
