"""/healthz and /readyz: for machines, without anything about anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from background.clock import now
from background.models import Heartbeat
from notifications import alarm, outbox
from notifications.models import MessageClass
from tests import builders
from tests.clock import MovableClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating(clock: MovableClock) -> None:
    Heartbeat.objects.create(name="worker", beaten_at=now())


def a_waiting_message() -> None:
    pool = builders.a_pool()
    outbox.write(
        builders.a_caseworker(builders.an_organisation(pool)),
        pool=pool,
        template="organisation_received",
        parameters={"stelle": "Schule"},
        message_class=MessageClass.NEWS,
        about=["organisation:1"],
        step="1",
        not_after=now() + timedelta(days=1),
    )


def test_alive_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready(client: Client, beating: None) -> None:
    a_waiting_message()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert set(response.json()["checks"].values()) == {"ok"}


def test_an_old_outbox_is_said_and_told_to_the_operator_once_an_hour(
    client: Client, beating: None, clock: MovableClock, settings: object
) -> None:
    settings.OPERATOR_EMAIL = "betrieb@example.org"  # type: ignore[attr-defined]
    a_waiting_message()
    alarm.sweep()
    assert mail.outbox == []
    clock.forward(minutes=6)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["outbox"] == "360 s old"
    for _ in range(3):
        alarm.sweep()
    assert [one.to for one in mail.outbox] == [["betrieb@example.org"]]
    assert "seit 6 Minuten" in mail.outbox[0].body


def test_a_stale_heartbeat_and_none_at_all(client: Client, clock: MovableClock) -> None:
    assert client.get("/readyz").json()["checks"]["heartbeat"] == "never"
    Heartbeat.objects.create(name="worker", beaten_at=now())
    clock.forward(minutes=3)
    Heartbeat.objects.create(name="sms-poll", beaten_at=now())  # another one does not count
    assert client.get("/readyz").json()["checks"]["heartbeat"] == "180 s old"


def test_a_missing_migration(client: Client, beating: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reporting'")
    assert client.get("/readyz").json()["checks"]["migrations"].endswith("missing")


def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    ids = {client.get("/healthz")["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
