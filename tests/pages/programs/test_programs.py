"""A person gives programs access, sees which, and takes it away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.builders import a_coordinator, a_person, a_pool
from tokens.models import Token

pytestmark = pytest.mark.django_db
ADDRESS = "/konto/programme/"
SENT = {
    "name": "Kalender der Schule",
    "permissions": ["requests:read", "requests:write"],
    "days": "90",
}


def test_the_secret_is_shown_once_and_works(client: Client) -> None:
    client.force_login(a_person())
    text = client.post(ADDRESS, SENT).content.decode()
    found = re.search(r"lotse_[\w-]{43}", text)
    assert found
    answer = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {found[0]}"})
    assert answer.json()["permissions"] == ["requests:read", "requests:write"]
    text = client.get(ADDRESS).content.decode()
    assert "Kalender der Schule" in text
    assert "lotse_" not in text


def test_a_revoked_access_is_gone(client: Client) -> None:
    client.force_login(a_person())
    client.post(ADDRESS, SENT)
    token = Token.objects.get()
    client.post(f"{ADDRESS}{token.public_id}/sperren/")
    assert "Kalender der Schule" not in client.get(ADDRESS).content.decode()
    token.refresh_from_db()
    assert token.revoked_at


def test_nobody_elses_access_can_be_revoked(client: Client) -> None:
    client.force_login(a_person())
    client.post(ADDRESS, SENT)
    token = Token.objects.get()
    client.force_login(a_person())
    assert client.post(f"{ADDRESS}{token.public_id}/sperren/").status_code == 404


def test_what_is_missing_is_told(client: Client) -> None:
    client.force_login(a_person())
    response = client.post(ADDRESS, SENT | {"permissions": []})
    assert response.status_code == 422
    assert not Token.objects.exists()


def test_staff_show_the_second_factor_first(client: Client) -> None:
    client.force_login(a_coordinator(a_pool()))
    assert client.get(ADDRESS)["Location"] == "/konto/sicherheit/einrichten/"
