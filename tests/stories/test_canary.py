"""Somebody with an unmistakable name goes the whole way; no log and no queue ever heard of her."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from background.clock import now
from matching import search
from notifications.models import Message
from pools.models import User
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("messages_go_out")]
CANARIES = ("Kanarienvogel", "Zeisigmann", "Fregattengasse", "4917139200", "kanari@example.org")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Collect what the handler of the settings would write, from every logger, also DEBUG."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging_settings: dict[str, Any] = settings.LOGGING
    console = logging_settings["handlers"]["console"]
    handler.setFormatter(
        import_string(logging_settings["formatters"][console["formatter"]]["()"])()
    )
    for name in console["filters"]:
        handler.addFilter(import_string(logging_settings["filters"][name]["()"])())
    root = logging.getLogger()
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def test_no_name_number_or_token_reaches_a_log_or_the_queue(
    written: io.StringIO, clock: MovableClock, client: Client
) -> None:
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool, given_name="Kanarienvogel", family_name="Zeisigmann")
    organisation = builders.an_organisation(pool, address="Fregattengasse 1")
    service_request = builders.a_request(organisation=organisation, address="Fregattengasse 1")
    heartbeat()
    phone = Phone(volunteer).expects("Dari")
    token = phone.path().rsplit("/", 1)[1]
    assert client.get(phone.path()).status_code == 200
    client.post(phone.path(), {"action": "yes"})
    assert client.get(f"/a/{token}x").status_code == 404
    stranger = Client(raise_request_exception=False)
    stranger.force_login(User.objects.get(pk=service_request.posted_by_id))
    stranger.get("/koordination/", {"name": "Kanarienvogel"})
    stranger.post("/anfragen/neu/", {"contact_name": "Zeisigmann", "day": "31.2."})
    clock.forward(hours=1)
    heartbeat()
    clock.set(now() + timedelta(days=4))
    heartbeat()
    try:
        raise RuntimeError("Kanarienvogel Zeisigmann +491713920000")
    except RuntimeError:
        logging.getLogger("somewhere").exception("it_failed")
    log = written.getvalue()
    assert "it_failed" in log
    jobs = [SignedPackage.loads(row.payload) for row in OrmQ.objects.all()]
    assert jobs
    queue = str(jobs)
    for canary in (*CANARIES, token):
        assert canary not in log, canary
        assert canary not in queue, canary


def test_control_the_canary_is_in_the_messages_themselves(clock: MovableClock) -> None:
    volunteer = builders.a_volunteer(builders.a_pool(), given_name="Kanarienvogel")
    builders.a_request(volunteer.pool)
    search.sweep()  # no sender: what is sent keeps its words no longer
    assert "Kanarienvogel" in str(list(Message.objects.values_list("parameters", flat=True)))
