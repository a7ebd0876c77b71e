"""Receipts of the generic gateway: by who knows the secret, harmless in any order and number."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from notifications import receipts
from notifications.arrivals import Receipt
from notifications.channels import gateway
from notifications.models import Channel, Message, MessageState
from pools.models import User
from tests.builders import a_contact
from tests.notifications.builders import a_message, delivered
from tests.provider.gateway import FakeGateway

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]
URL = "/webhooks/gateway/receipts/"
SECRET = "gateway-secret"


@pytest.fixture
def sent(amal: User, settings: Settings) -> Iterator[Message]:
    """An SMS that the gateway took."""
    with FakeGateway() as fake:
        settings.NOTIFICATION_CHANNELS = settings.NOTIFICATION_CHANNELS | {"sms": gateway.PATH}
        settings.SMS_GATEWAY = fake.settings
        message = a_message(amal)
        assert delivered(message) == MessageState.ACCEPTED
        yield message


def tell(form: dict[str, str], *, secret: str = SECRET) -> Any:
    """Let the gateway tell it, and the worker work it off."""
    response = Client().post(URL, form, headers={"X-Webhook-Secret": secret})
    for pk in Receipt.objects.filter(worked_off_at=None).values_list("pk", flat=True):
        receipts.work_off(pk)
    return response


def by_id(message: Message, status: str, **more: str) -> dict[str, str]:
    return {"msg_id": message.provider_reference.removeprefix("gw:"), "status": status, **more}


def test_what_arrived_is_known_by_its_id_or_by_ours(sent: Message) -> None:
    assert tell({"foreign_id": str(sent.pk), "status": "DELIVERED"}).status_code == 204
    sent.refresh_from_db()
    assert sent.state == MessageState.DELIVERED


def test_what_did_not_arrive_goes_to_the_next_address(sent: Message, amal: User) -> None:
    mail = a_contact(amal, channel=Channel.EMAIL, rank=2)
    tell(by_id(sent, "NOTDELIVERED", error="7"))
    sent.refresh_from_db()
    assert (sent.state, sent.failure) == (MessageState.FAILED, "gateway_7")
    assert Message.objects.get(instead_of=sent).contact == mail


def test_a_gateway_that_told_no_id_when_it_took_it_may_name_its_own_later(sent: Message) -> None:
    Message.objects.update(provider_reference=f"gw:{sent.pk}")
    tell({"foreign_id": str(sent.pk), "msg_id": "12345", "status": "NOTDELIVERED"})
    sent.refresh_from_db()
    assert sent.state == MessageState.FAILED


def test_null_is_not_a_name_and_a_nul_byte_is_left_out(sent: Message) -> None:
    said = {"foreign_id": str(sent.pk), "msg_id": None, "error": None, "status": "DELIV\0ERED"}
    response = Client().post(
        URL, said, content_type="application/json", headers={"X-Webhook-Secret": SECRET}
    )
    assert response.status_code == 204
    told = Receipt.objects.get()
    assert (told.provider_reference, told.status) == (f"gw:{sent.pk}", "DELIVERED")


def test_in_any_order_and_number_the_end_is_the_end(sent: Message) -> None:
    told = ["ACCEPTED", "BUFFERED", "DELIVERED", "ACCEPTED"] * 3
    random.Random(7).shuffle(told)  # noqa: S311 - the same order each time
    for status in told:
        assert tell(by_id(sent, status)).status_code == 204
    tell(by_id(sent, "FAILED", error="9"))
    sent.refresh_from_db()
    assert sent.state == MessageState.DELIVERED
    assert Receipt.objects.count() == 4


def test_json_and_basic_authentication_do_as_well(sent: Message) -> None:
    key = base64.b64encode(b"anybody:gateway-secret").decode()
    response = Client().post(
        URL,
        by_id(sent, "DELIVERED"),
        content_type="application/json",
        headers={"Authorization": f"Basic {key}"},
    )
    assert response.status_code == 204
    assert Receipt.objects.get().status == "DELIVERED"


@pytest.mark.parametrize("secret", ["", "wrong", "ü"])
def test_who_does_not_know_the_secret_is_refused(sent: Message, secret: str) -> None:
    said = by_id(sent, "DELIVERED")
    assert tell(said, secret=secret.encode().decode("latin-1")).status_code == 403
    assert Client().post(URL, said, headers={"Authorization": "Basic !"}).status_code == 403
    assert not Receipt.objects.exists()


def test_without_a_secret_of_ours_nobody_knows_it(sent: Message, settings: Settings) -> None:
    settings.SMS_GATEWAY = settings.SMS_GATEWAY | {"receipt_secret": ""}
    assert tell(by_id(sent, "DELIVERED"), secret="").status_code == 403
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"status": "DELIVERED"}', '{"a":' * 5000])
def test_what_says_nothing_is_told_so(sent: Message, body: str) -> None:
    response = Client().post(
        URL,
        body,
        content_type="application/json",
        headers={"X-Webhook-Secret": "gateway-secret"},
    )
    assert response.status_code == 400
    assert Client().get(URL).status_code == 405
    assert not Receipt.objects.exists()
