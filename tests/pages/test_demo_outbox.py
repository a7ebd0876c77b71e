"""The page on which the demonstration's messages lie."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.models import DemoMessage
from tests.builders import a_contact, a_person

pytestmark = pytest.mark.django_db


def arrived(address: str, text: str) -> None:
    DemoMessage.objects.create(message_id=uuid.uuid4(), channel="sms", address=address, text=text)


def test_outside_the_demonstration_it_is_not_there(client: Client, settings: Settings) -> None:
    settings.IS_DEMO = False
    assert client.get(reverse("demo_outbox")).status_code == 404


def test_messages_lie_there_newest_first_with_links_to_press(
    client: Client, settings: Settings
) -> None:
    settings.IS_DEMO = True
    amina = a_person(given_name="Amina", family_name="Rahimi")
    contact = a_contact(amina)
    arrived(contact.address, "Zuerst")
    arrived(contact.address, "Ja oder Nein: http://127.0.0.1:8000/a/abc")
    page = client.get(reverse("demo_outbox")).content.decode()
    assert page.index("http://127.0.0.1:8000/a/abc") < page.index("Zuerst")
    assert '<a href="http://127.0.0.1:8000/a/abc"' in page
    assert "Amina Rahimi" in page
    assert "Vorführung" in page


def test_they_are_filtered_by_person(client: Client, settings: Settings) -> None:
    settings.IS_DEMO = True
    amina, boris = a_person(), a_person()
    arrived(a_contact(amina).address, "Für Amina")
    arrived(a_contact(boris).address, "Für Boris")
    page = client.get(reverse("demo_outbox"), {"person": str(amina.public_id)}).content.decode()
    assert "Für Amina" in page
    assert "Für Boris" not in page


def test_what_somebody_typed_into_the_address_breaks_nothing(
    client: Client, settings: Settings
) -> None:
    settings.IS_DEMO = True
    response = client.get(reverse("demo_outbox"), {"person": "' OR 1=1", "seite": "abc"})
    assert response.status_code == 200


def test_a_text_cannot_bring_its_own_html(client: Client, settings: Settings) -> None:
    settings.IS_DEMO = True
    arrived("+491713920000", "<script>alert(1)</script>")
    assert "<script>alert" not in client.get(reverse("demo_outbox")).content.decode()
