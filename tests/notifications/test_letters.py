"""What an e-mail carries: text and HTML alike, the appointment, and a way out that works."""

from __future__ import annotations

from email.message import Message as Mail

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from notifications import letters
from notifications.calendar_entry import entry
from notifications.models import MessageClass
from pools.models import User
from tests.builders import a_pool
from tests.notifications.builders import START, a_message, delivered
from tests.provider.smtp import FakeSmtp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


def parts(mail: Mail) -> dict[str, str]:
    """Return the text of each part by its type."""
    found = {}
    for part in mail.walk():
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            found[part.get_content_type()] = body.decode()
    return found


def test_an_offer_goes_out_as_text_and_html_with_the_pools_address(
    berta: User, smtp: FakeSmtp
) -> None:
    delivered(a_message(berta, pool=a_pool(), parameters={"thema": "<b>Eltern & Kind</b>"}))
    [mail] = smtp.mails
    found = parts(mail)
    assert mail["Reply-To"] == "zentrum@example.org"
    assert "Thema: <b>Eltern & Kind</b>" in found["text/plain"]
    assert "&lt;b&gt;Eltern &amp; Kind&lt;/b&gt;" in found["text/html"]
    assert '<a href="https://lotsen.example/a/' in found["text/html"]
    for fetched in ("<img", "<style", "<script", "src="):
        assert fetched not in found["text/html"]
    assert "text/calendar" not in found


def test_only_offers_carry_the_way_out_and_it_works_by_one_post(
    berta: User, smtp: FakeSmtp, settings: Settings
) -> None:
    delivered(a_message(berta, pool=a_pool()))
    delivered(a_message(berta, pool=a_pool(), step="2", message_class=MessageClass.NEWS))
    offer, news = smtp.mails
    assert news["List-Unsubscribe"] is None
    assert offer["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = "".join(offer["List-Unsubscribe"].split()).strip("<>")
    path = address.removeprefix(settings.PUBLIC_URL)
    visitor = Client(enforce_csrf_checks=True)
    assert "E-Mails abbestellen" in visitor.get(path).content.decode()
    assert berta.contacts.get().stopped_at is None, "scanners open addresses too"
    for _ in range(3):
        assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert berta.contacts.get().stopped_at is not None


def test_an_address_that_was_not_signed_by_us_stops_nobody(berta: User) -> None:
    contact = berta.contacts.get()
    path = letters.unsubscribe_address(contact).partition("/webhooks/")[2]
    for wrong in (f"abmelden/{contact.public_id}/", path[:-3] + "xx/", "abmelden/x:y/"):
        assert Client().post(f"/webhooks/{wrong}").status_code == 404
    assert berta.contacts.get().stopped_at is None


def test_a_yes_brings_the_appointment_for_the_calendar(berta: User, smtp: FakeSmtp) -> None:
    delivered(
        a_message(
            berta,
            pool=a_pool(),
            template="accepted",
            message_class=MessageClass.NEWS,
            parameters={"kalender_ort": "Gießen"},
        )
    )
    [mail] = smtp.mails
    file = parts(mail)["text/calendar"]
    for line in ("DTSTART:20261124T130000Z", "DTEND:20261124T140000Z", "SUMMARY:Einsatz: Dari"):
        assert f"{line}\r\n" in file
    assert "LOCATION:Gießen\r\n" in file
    assert "/a/" not in file, "calendars are copied to who knows where; the link is a key"


def test_an_entry_without_a_place_names_none_and_long_lines_are_folded() -> None:
    file = entry(
        uid="a,b;c\\d",
        written_at=START,
        starts_at=START,
        minutes=90,
        title="Größe " * 40,
        place="",
        notes="eins\nzwei",
    )
    assert "LOCATION" not in file
    assert "UID:a\\,b\\;c\\\\d\r\n" in file
    assert "DESCRIPTION:eins zwei\r\n" in file
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    assert ("Größe " * 40).strip() in file.replace("\r\n ", "")


def test_the_hour_that_comes_twice_is_counted_once() -> None:
    night = START.replace(month=10, day=25, hour=1, minute=30)
    file = entry(
        uid="x", written_at=night, starts_at=night, minutes=120, title="x", place="x", notes=""
    )
    assert "DTSTART:20261024T233000Z" in file
    assert "DTEND:20261025T013000Z" in file
