"""The fake provider as other processes use it (the proofs do)."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from notifications.channels.base import DeliveryError
from notifications.channels.sms import SmsChannel
from tests.provider.exchange import ACCOUNT, TOKEN


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a provider that runs as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provider.twilio"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


def test_it_can_be_steered_and_read_from_outside(url: str, settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = ACCOUNT, TOKEN
    settings.TWILIO_SENDER, settings.TWILIO_API_URL = "+4915735980000", url
    wish = {"plans": [{"kind": "error", "code": 21614}], "first_status": "queued"}
    urllib.request.urlopen(  # noqa: S310 - http on this machine
        urllib.request.Request(f"{url}/fake/behave", json.dumps(wish).encode())  # noqa: S310
    ).close()
    message = {"to": "+491713920001", "subject": "", "text": "Dari", "reference": "x"}
    with pytest.raises(DeliveryError, match="21614"):
        SmsChannel().send(**message)
    sid = SmsChannel().send(**message)
    with urllib.request.urlopen(f"{url}/fake/messages") as answer:  # noqa: S310
        [taken] = json.load(answer)
    assert (taken["sid"], taken["body"], taken["status"]) == (sid, "Dari", "queued")
