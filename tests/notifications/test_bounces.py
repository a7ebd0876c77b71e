"""E-mails that come back later: reports as Postfix, Exchange and Gmail write them."""

from __future__ import annotations

import io
import mailbox
import sys
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from background.clock import now
from notifications import bounces, receipts
from notifications.arrivals import Receipt
from notifications.bounces import Outcome
from notifications.channels.email import PATH
from notifications.models import Channel, Message, MessageState
from pools.models import User
from tests.builders import a_contact
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider.smtp import FakeSmtp

SAMPLES = Path(__file__).parent / "bounces"
OURS = UUID("5d3b1a52-7f0e-4a3c-9d7e-2c1b0a998877")
SERVERS = ("postfix", "exchange", "gmail")


def report(server: str, **changes: str) -> bytes:
    text = (SAMPLES / f"{server}.eml").read_text()
    for old, new in changes.items():
        text = text.replace(old.replace("_", "."), new)
    return text.encode()


@pytest.fixture
def sent(berta: User) -> Message:
    """An e-mail that our server took."""
    message = a_message(berta)
    Message.objects.filter(pk=message.pk).update(
        id=OURS,
        state=MessageState.ACCEPTED,
        accepted_at=now(),
        provider_reference=f"<{OURS}@example.org>",
        carrier=PATH,
        spare=message.parameters,
    )
    return Message.objects.get(pk=OURS)


def work_off() -> None:
    for receipt in Receipt.objects.all():
        receipts.work_off(receipt.pk)


@pytest.mark.parametrize("server", SERVERS)
def test_a_report_names_our_message_and_what_is_wrong(server: str) -> None:
    read = bounces.read(report(server))
    assert read is not None
    assert (read.message_id, read.action, read.code) == (OURS, "failed", "bounce_no_mailbox")
    assert read.is_hard


@pytest.mark.parametrize("server", SERVERS)
def test_a_mailbox_that_is_not_there_is_closed_and_the_next_address_used(
    sent: Message, server: str
) -> None:
    other = a_contact(sent.person, rank=2)
    assert [bounces.take(report(server)) for _ in range(3)] == [Outcome.TAKEN] * 3
    work_off()
    sent.refresh_from_db()
    assert (sent.state, sent.failure) == (MessageState.FAILED, "bounce_no_mailbox")
    sent.contact.refresh_from_db()
    assert sent.contact.closed_at is not None
    assert Message.objects.get(instead_of=sent).contact == other
    assert bounces.take(report(server)) == Outcome.TAKEN
    work_off()
    assert Receipt.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("status", "code"),
    [("5.2.2", "bounce_full"), ("5.7.1", "bounce_refused"), ("5.3.4", "bounce_refused")],
)
def test_a_full_mailbox_or_a_text_that_is_not_liked_closes_nothing(
    sent: Message, status: str, code: str
) -> None:
    assert bounces.take(report("postfix", **{"5_1_1": status})) == Outcome.TAKEN
    work_off()
    sent.refresh_from_db()
    sent.contact.refresh_from_db()
    assert (sent.state, sent.failure) == (MessageState.FAILED, code)
    assert sent.contact.closed_at is None


def test_what_the_far_server_said_is_more_exact(sent: Message) -> None:
    vague = report("postfix").replace(b"Status: 5.1.1", b"Status: 5.0.0")
    read = bounces.read(vague)
    assert read is not None
    assert read.code == "bounce_no_mailbox"


@pytest.mark.parametrize(
    "changes",
    [
        {"Action: failed": "Action: delayed", "Status: 5.1.1": "Status: 4.4.1"},
        {"Status: 5.1.1": "Status: 4.2.2", "550 5.1.1": "452 4.2.2"},
        {"Action: failed": "Action: relayed", "Status: 5.1.1": "Status: 2.0.0"},
    ],
)
def test_a_delay_changes_nothing(sent: Message, changes: dict[str, str]) -> None:
    text = report("postfix").decode()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    assert bounces.take(text.encode()) == Outcome.SOFT
    assert not Receipt.objects.exists()


def test_what_is_not_about_a_message_of_ours_is_counted_and_left(sent: Message) -> None:
    foreign = report("gmail").replace(str(OURS).encode(), b"00000000-0000-4000-8000-000000000000")
    out_of_office = b"From: x@example.org\nIn-Reply-To: <%a@x>\n\nIch bin im Urlaub." % str(OURS)
    for raw in (foreign, out_of_office, b"", b"\xff\x00" * 50):
        assert bounces.take(raw) == Outcome.UNKNOWN
    assert not Receipt.objects.exists()


def test_a_report_about_an_sms_is_not_ours(sent: Message, amal: User) -> None:
    Message.objects.filter(pk=OURS).update(contact=amal.contacts.get(channel=Channel.SMS))
    assert bounces.take(report("postfix")) == Outcome.UNKNOWN


@given(st.binary(max_size=300))
def test_any_mail_is_read_without_an_error(noise: bytes) -> None:
    bounces.read(noise)
    bounces.read(report("postfix").replace(b"multipart/report", noise))
    bounces.read(report("exchange").replace(b"Action: failed", b"Action: " + noise))


@pytest.mark.usefixtures("messages_go_out")
def test_the_envelope_names_the_message_the_letterhead_does_not(
    berta: User, smtp: FakeSmtp, settings: Settings
) -> None:
    settings.BOUNCE_ADDRESS = "bounces@lotsen.example"
    message = a_message(berta)
    assert delivered(message) == MessageState.ACCEPTED
    [mail] = smtp.mails
    assert smtp.envelopes == [f"bounces+{message.pk}@lotsen.example"]
    assert mail["From"] == settings.DEFAULT_FROM_EMAIL


def test_one_mail_comes_by_a_pipe(
    sent: Message, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = SimpleNamespace(buffer=io.BytesIO(report("postfix")))
    monkeypatch.setattr(sys, "stdin", pipe)
    call_command("read_bounces")
    assert capsys.readouterr().out == "taken 1, soft 0, unknown 0\n"
    receipts.work_off(Receipt.objects.get().pk)
    assert state_of(sent) == MessageState.FAILED


# Anybody may write to the address: parsed, it can't even be written again.
NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)
)


def test_a_mailbox_is_read_once(
    sent: Message, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = mailbox.Maildir(str(tmp_path / "bounces"))
    for server in SERVERS:
        folder.add(report(server))
    folder.add(b"Subject: Werbung\n\nKaufen Sie.")
    folder.add(NESTED)
    for expected in ("taken 3, soft 0, unknown 2\n", "taken 0, soft 0, unknown 0\n"):
        call_command("read_bounces", maildir=str(tmp_path / "bounces"))
        assert capsys.readouterr().out == expected
    assert len(folder) == 5
    assert Receipt.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("read_bounces", maildir=str(tmp_path / "elsewhere"))
