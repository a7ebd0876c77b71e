"""Receipts as Twilio calls them in: signed or refused, and harmless in any order and number."""

from __future__ import annotations

import itertools
import logging
import random
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from notifications import outbox, receipts
from notifications.arrivals import Receipt
from notifications.channels import sms
from notifications.models import Channel, Link, LinkPurpose, Message, MessageClass, MessageState
from pools.models import User
from tests.builders import a_contact, a_pool
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider import callbacks
from tests.provider.twilio import FakeTwilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]

HISTORY = ("queued", "sending", "sent", "delivered")


def sent_to(person: User, **changes: object) -> Message:
    message = a_message(person, **changes)
    assert delivered(message) == MessageState.ACCEPTED
    return message


def tell(message: Message, status: str, code: str = "", sid: str = "") -> None:
    """Let Twilio tell it, and the worker work it off."""
    sid = sid or message.provider_reference
    assert callbacks.receipt(message.pk, sid, status, code=code).status_code == 204
    for pk in Receipt.objects.filter(worked_off_at=None).values_list("pk", flat=True):
        receipts.work_off(pk)


# --- the door -------------------------------------------------------------------------------------


def test_a_signed_receipt_is_kept_as_it_came_and_not_worked_off_in_the_request(
    amal: User, twilio: FakeTwilio
) -> None:
    message = sent_to(amal)
    response = callbacks.receipt(message.pk, message.provider_reference, "delivered")
    assert response.status_code == 204
    kept = Receipt.objects.get()
    assert (kept.status, kept.message_id) == ("delivered", message.pk)
    assert state_of(message) == MessageState.ACCEPTED


@pytest.mark.parametrize("wrong", ["", "AAAA", "ü" * 28, "x" * 10_000])
def test_a_forged_receipt_is_refused_and_its_body_stands_in_no_log(
    amal: User, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    caplog.set_level(logging.DEBUG)
    response = Client().post(
        f"/webhooks/twilio/receipts/{uuid4()}/",
        {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+491713920099"},
        headers={"X-Twilio-Signature": wrong.encode().decode("latin-1")},
    )
    assert response.status_code == 403
    assert not Receipt.objects.exists()
    assert "+491713920099" not in caplog.text


def test_a_signature_counts_for_its_own_address_form_and_key_only(
    amal: User, twilio: FakeTwilio, settings: Settings
) -> None:
    path = f"/webhooks/twilio/receipts/{uuid4()}/"
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signed = callbacks.signature(f"{settings.PUBLIC_URL}{path}", form)
    for other_path, other_form in (
        (f"/webhooks/twilio/receipts/{uuid4()}/", form),
        (f"{path}?x=1", form),
        (path, form | {"MessageStatus": "failed"}),
        (path, form | {"Extra": "1"}),
    ):
        response = Client().post(other_path, other_form, headers={"X-Twilio-Signature": signed})
        assert response.status_code == 403
    assert callbacks.post(path, form, token="another").status_code == 403
    assert callbacks.post(path, form).status_code == 204


def test_without_a_key_of_ours_nobody_is_let_in(twilio: FakeTwilio, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    path = f"/webhooks/twilio/receipts/{uuid4()}/"
    signed = callbacks.signature(f"{settings.PUBLIC_URL}{path}", form)
    assert Client().post(path, form, headers={"X-Twilio-Signature": signed}).status_code == 403


def test_the_address_counts_as_the_public_sees_it(twilio: FakeTwilio, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lotsen.example"
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}
    assert callbacks.post(f"/webhooks/twilio/receipts/{uuid4()}/", form).status_code == 204


@pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "ROT13"])
def test_a_newer_way_of_signing_is_understood_an_unknown_one_refused(
    twilio: FakeTwilio, settings: Settings, algorithm: str
) -> None:
    from twilio.request_validator import RequestValidator

    path, form = (
        f"/webhooks/twilio/receipts/{uuid4()}/",
        {"MessageSid": "SM1", "MessageStatus": "x"},
    )
    known = algorithm == "HMAC_SHA256"
    signed = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(
        f"{settings.PUBLIC_URL}{path}", form, algorithm if known else None
    )
    headers = {
        "X-Twilio-Signature": signed,
        "X-Twilio-Webhooks-Signature-Settings": f"key=k1,algorithm={algorithm}",
    }
    expected = 204 if known else 403
    assert Client().post(path, form, headers=headers).status_code == expected


def test_more_than_64_kilobytes_are_not_read(twilio: FakeTwilio) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "delivered", "Body": "x" * 70_000}
    assert callbacks.post(f"/webhooks/twilio/receipts/{uuid4()}/", form).status_code == 413


@pytest.mark.parametrize(
    "form", [{}, {"MessageSid": "SM1"}, {"MessageStatus": "sent"}, {"\ud7ff💥": "\x01"}]
)
def test_signed_nonsense_is_a_mistake_of_the_caller(
    twilio: FakeTwilio, form: dict[str, str]
) -> None:
    assert callbacks.post(f"/webhooks/twilio/receipts/{uuid4()}/", form).status_code == 400


def test_only_forms_that_are_posted_count(twilio: FakeTwilio, client: Client) -> None:
    assert client.get(f"/webhooks/twilio/receipts/{uuid4()}/").status_code in (403, 405)


def test_a_database_that_is_away_is_said_so(
    twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(receipts, "take", away)
    assert callbacks.receipt(uuid4(), "SM1", "sent").status_code == 503


# --- what becomes of the message ------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(HISTORY)))
def test_receipts_in_any_order_end_in_the_same_state(
    amal: User, twilio: FakeTwilio, order: tuple[str, ...]
) -> None:
    message = sent_to(amal)
    for status in order:
        tell(message, status)
    assert state_of(message) == MessageState.DELIVERED


def test_the_same_receipts_a_hundred_times_are_four_rows_and_one_state(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    message = sent_to(amal)
    history = list(HISTORY) * 100
    random.Random(7).shuffle(history)  # noqa: S311 - a fixed disorder
    for status in history:
        callbacks.receipt(message.pk, message.provider_reference, status)
    clock.forward(seconds=11)
    receipts.sweep()
    receipts.sweep()
    assert Receipt.objects.count() == 4
    assert state_of(message) == MessageState.DELIVERED
    assert Message.objects.count() == 1


def test_what_is_delivered_stays_delivered(amal: User, twilio: FakeTwilio) -> None:
    message = sent_to(amal)
    tell(message, "delivered")
    tell(message, "failed", "30005")
    assert state_of(message) == MessageState.DELIVERED
    assert amal.contacts.get().closed_at is None


def test_a_receipt_resolves_what_was_unclear(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    message = a_message(amal)
    twilio.behave("takes_and_fails")
    assert delivered(message) == MessageState.UNKNOWN
    tell(message, "delivered", sid=twilio.messages()[0].sid)
    assert state_of(message) == MessageState.DELIVERED
    for _ in range(10):
        clock.forward(seconds=30)
        outbox.sweep()
    assert len(twilio.messages()) == 1


def test_a_receipt_that_comes_before_our_own_note_waits_for_it(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    message = sent_to(amal)
    reference = message.provider_reference
    Message.objects.update(state=MessageState.SENDING, provider_reference="", lease_until=clock())
    tell(message, "delivered", sid=reference)
    assert state_of(message) == MessageState.SENDING
    Message.objects.update(state=MessageState.ACCEPTED, provider_reference=reference)
    clock.forward(seconds=11)
    receipts.sweep()
    assert state_of(message) == MessageState.DELIVERED


def test_the_failure_of_an_earlier_try_says_nothing_about_the_later_one(
    amal: User, twilio: FakeTwilio
) -> None:
    message = sent_to(amal)
    tell(message, "failed", "30008", sid="SMearlier")
    assert state_of(message) == MessageState.ACCEPTED


def test_a_receipt_about_nobodys_message_is_given_up(clock: MovableClock) -> None:
    receipts.take(sms.PATH, provider_reference="SM1", status="sent", code="")
    clock.forward(minutes=30)
    receipts.sweep()
    assert Receipt.objects.filter(worked_off_at=None).exists()
    clock.forward(minutes=31)
    receipts.sweep()
    assert not Receipt.objects.filter(worked_off_at=None).exists()
    clock.forward(days=31)
    receipts.sweep()
    assert not Receipt.objects.exists()


def test_a_status_nobody_knows_is_left_alone(amal: User, twilio: FakeTwilio) -> None:
    message = sent_to(amal)
    tell(message, "teleported")
    assert state_of(message) == MessageState.ACCEPTED
    assert not Receipt.objects.filter(worked_off_at=None).exists()


# --- what follows from a failure ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "closed", "stopped"),
    [
        ("21610", False, True),
        ("30003", False, False),
        ("30005", True, False),
        ("30006", True, False),
        ("21614", True, False),
        ("21211", True, False),
        ("30007", False, False),
    ],
)
def test_each_code_has_its_consequence_and_the_next_address_is_used(
    amal: User, twilio: FakeTwilio, code: str, closed: bool, stopped: bool
) -> None:
    mail = a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = sent_to(amal)
    tell(message, "undelivered", code)
    assert state_of(message) == MessageState.FAILED
    phone = amal.contacts.get(channel=Channel.SMS)
    assert (phone.closed_at is not None, phone.stopped_at is not None) == (closed, stopped)
    again = Message.objects.exclude(pk=message.pk).get()
    assert again.contact == mail
    assert delivered(again) == MessageState.ACCEPTED
    assert len(twilio.messages()) == 1


def test_the_next_address_gets_it_once_however_often_the_failure_is_told(
    amal: User, twilio: FakeTwilio
) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = sent_to(amal)
    for status in ("undelivered", "failed", "undelivered"):
        tell(message, status, "30005")
    assert Message.objects.count() == 2


def test_the_next_message_carries_a_link_of_its_own_and_the_strangers_one_is_closed(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    spec = outbox.LinkSpec(LinkPurpose.OFFER, uuid4(), clock().replace(year=2027))
    message = sent_to(amal, pool=a_pool(), link=spec)
    assert "/a/" not in str(message.spare)
    tell(message, "undelivered", "30005")
    again = Message.objects.exclude(pk=message.pk).get()
    old, new = Link.objects.order_by("created_at", "revoked_at")
    assert {old.target, new.target} == {spec.target}
    assert [link.revoked_at is not None for link in (old, new)].count(True) == 1
    assert "/a/" in again.parameters["link"]
    assert state_of(message) == MessageState.FAILED
    assert message.spare == {}


def test_what_was_closed_meanwhile_is_not_sent_to_the_next_address(
    amal: User, twilio: FakeTwilio
) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = sent_to(amal, about=["proposal:x"])
    assert outbox.supersede("proposal:x") == 0
    tell(message, "undelivered", "30003")
    assert Message.objects.count() == 1


def test_what_is_too_late_is_not_sent_to_the_next_address(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = sent_to(amal)
    clock.forward(hours=7)
    tell(message, "undelivered", "30003")
    assert Message.objects.count() == 1


def test_a_code_goes_nowhere_else_and_is_kept_nowhere(amal: User, twilio: FakeTwilio) -> None:
    a_contact(amal, channel=Channel.EMAIL, rank=2)
    message = sent_to(
        amal, template="code", parameters={"code": "314159"}, message_class=MessageClass.CODE
    )
    assert message.spare == {}
    tell(message, "undelivered", "30003")
    assert Message.objects.count() == 1


def test_what_is_kept_for_a_second_try_is_forgotten_after_a_day(
    amal: User, twilio: FakeTwilio, clock: MovableClock
) -> None:
    message = sent_to(amal)
    clock.forward(hours=23)
    receipts.sweep()
    message.refresh_from_db()
    assert message.spare != {}
    clock.forward(hours=2)
    receipts.sweep()
    message.refresh_from_db()
    assert message.spare == {}


def test_a_filtered_text_is_an_alarm_for_the_operator(
    amal: User, twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    tell(sent_to(amal), "undelivered", "30007")
    assert "message_filtered" in caplog.text


def test_our_id_stands_in_the_address_for_receipts(
    amal: User, twilio: FakeTwilio, settings: Settings
) -> None:
    sent_to(amal)
    assert twilio.exchange.callbacks == [""]
    settings.TWILIO_CALLBACKS, settings.PUBLIC_URL = True, "https://lotsen.example"
    message = a_message(amal, step="2")
    Message.objects.update(handed_over_at=None)
    assert delivered(message) == MessageState.ACCEPTED
    assert twilio.exchange.callbacks[1] == (
        f"https://lotsen.example/webhooks/twilio/receipts/{message.pk}/"
    )
