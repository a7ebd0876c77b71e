"""The e-mail channel against a mail server that can be told to misbehave."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from notifications import contacts, failures, outbox
from notifications.channels.base import DeliveryError, Extras, Unclear
from notifications.channels.email import EmailChannel
from notifications.models import MessageState
from pools.models import User
from tests.builders import a_contact, a_pool
from tests.notifications.builders import a_message, delivered, state_of
from tests.provider.smtp import FakeSmtp

REFERENCE = "5d3b1a52-7f0e-4a3c-9d7e-2c1b0a998877"


def send(to: str = "amal@example.org") -> str:
    return EmailChannel().send(
        to=to,
        subject="Dari am Di 24.11.: haben Sie Zeit?",
        text="Guten Tag Çiğdem,\n\nja oder nein?\n",
        reference=REFERENCE,
        extras=Extras(reply_to="zentrum@example.org"),
    )


def test_a_mail_carries_our_id_and_the_pools_address(smtp: FakeSmtp) -> None:
    message_id = send()
    [mail] = smtp.mails
    assert message_id == f"<{REFERENCE}@example.org>" == mail["Message-ID"]
    assert mail["Reply-To"] == "zentrum@example.org"
    assert mail["To"] == "amal@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "Guten Tag Çiğdem," in body.decode()


def test_a_mailbox_that_does_not_exist_is_dead(smtp: FakeSmtp) -> None:
    smtp.answers("RCPT", "550 5.1.1 no such user")
    with pytest.raises(DeliveryError) as error:
        send()
    assert (error.value.code, error.value.permanent) == ("smtp_550", True)
    assert failures.of(error.value.code).is_dead


@pytest.mark.parametrize(
    ("verb", "line", "permanent"),
    [
        ("RCPT", "451 greylisted", False),
        ("RCPT", "552 mailbox full", True),
        ("MAIL", "550 sender unknown", False),
        ("DATA", "451 try later", False),
        ("end", "554 looks like spam", True),
        ("end", "550 looks like spam", True),
        ("end", "452 no space", False),
    ],
)
def test_other_refusals_say_whether_they_may_pass(
    smtp: FakeSmtp, verb: str, line: str, permanent: bool
) -> None:
    smtp.answers(verb, line)
    with pytest.raises(DeliveryError) as error:
        send()
    assert error.value.permanent == permanent
    assert not failures.of(error.value.code).is_dead
    assert not smtp.mails


def test_a_server_that_is_away_has_certainly_taken_nothing(settings: Settings) -> None:
    with FakeSmtp() as gone:
        for name, value in gone.settings.items():
            setattr(settings, name, value)
    with pytest.raises(DeliveryError) as error:
        send()
    assert not error.value.permanent


def test_a_connection_lost_at_the_end_is_unclear(smtp: FakeSmtp) -> None:
    smtp.takes_and_drops()
    with pytest.raises(Unclear):
        send()
    assert len(smtp.mails) == 1


def test_there_is_nothing_to_look_up() -> None:
    channel = EmailChannel()
    assert not channel.has_lookup
    assert channel.lookup(to="", text="", sent_after=None, reference="") == []  # type: ignore[arg-type]
    assert channel.state_of("<x@example.org>") is None


@pytest.mark.django_db
@pytest.mark.usefixtures("clock", "messages_go_out")
class TestThroughTheOutbox:
    """What the outbox makes of it."""

    def test_an_unclear_mail_is_sent_again_once_under_the_same_id(
        self, smtp: FakeSmtp, berta: User
    ) -> None:
        message = a_message(berta, pool=a_pool())
        smtp.takes_and_drops()
        assert delivered(message) == MessageState.UNKNOWN
        outbox.sweep()
        assert state_of(message) == MessageState.ACCEPTED
        assert len(smtp.mails) == 2
        assert len({mail["Message-ID"] for mail in smtp.mails}) == 1

    def test_twice_unclear_is_left_alone(self, smtp: FakeSmtp, berta: User) -> None:
        message = a_message(berta)
        smtp.takes_and_drops(times=2)
        for _ in range(4):
            outbox.sweep()
        assert state_of(message) == MessageState.FAILED
        assert message.failure == "unclear"
        assert len(smtp.mails) == 2

    def test_a_hard_bounce_closes_the_address(self, smtp: FakeSmtp, berta: User) -> None:
        message = a_message(berta)
        smtp.answers("RCPT", "550 5.1.1 no such user")
        assert delivered(message) == MessageState.FAILED
        assert berta.contacts.get().closed_at is not None
        assert contacts.usable(berta) == []

    def test_after_a_hard_bounce_the_telephone_is_used(self, smtp: FakeSmtp, berta: User) -> None:
        phone = a_contact(berta, rank=2)
        message = a_message(berta)
        smtp.answers("RCPT", "550 5.1.1 no such user")
        delivered(message)
        assert delivered(message) == MessageState.ACCEPTED
        assert message.contact == phone
