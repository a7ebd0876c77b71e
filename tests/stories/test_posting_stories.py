"""Stories of posting: what is asked back, what is refused, what stays hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from background.clock import now
from matching.models import Assignment, Proposal
from notifications.models import DemoMessage
from pools.models import Organisation, Pool
from reference.languages import find_languages
from reference.models import Language, Setting
from reference.places import resolve
from service_requests.models import ServiceRequest, Status
from service_requests.posting import post_request
from tests import builders
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = pytest.mark.usefixtures("messages_go_out")


@pytest.fixture
def pool(db: None, clock: MovableClock) -> Pool:
    return builders.a_pool("06531005", preset="giessen_stadt")


def post(organisation: Organisation, **wish: Any) -> ServiceRequest:
    start = wish.pop("starts_at", now() + timedelta(days=8))
    defaults: dict[str, Any] = {
        "organisation": organisation,
        "posted_by": builders.a_caseworker(organisation),
        "kind": "interpret",
        "language": Language.objects.get(code=wish.pop("speaks", "kmr")),
        "modes": ["on_site"],
        "period": (start, start + timedelta(hours=1)),
        "setting": Setting.objects.get(code=wish.pop("setting_code", "school")),
        "place": resolve(builders.GIESSEN, None, now().date()),
        "contact_name": "Frau Sommer",
        "contact_phone": "069 90009 100",
    }
    return post_request(**(defaults | wish))


def test_kurdish_asks_which_kurdish_and_the_answer_finds_the_right_person(pool: Pool) -> None:
    found = find_languages("Kurdisch")
    assert found.prompt is not None
    assert "Kurmandschi" in found.prompt.question_de
    kurmanji = builders.a_volunteer(pool, speaks="kmr")
    sorani = builders.a_volunteer(pool, speaks="ckb")
    post(builders.an_organisation(pool), speaks="kmr")
    heartbeat()
    Phone(kurmanji).expects("Kurmandschi")
    Phone(sorani).expects_nothing()


def test_a_setting_the_pool_refuses_is_refused_with_its_words_and_nothing_is_stored(
    pool: Pool,
) -> None:
    organisation = builders.an_organisation(pool, setting="court")
    with pytest.raises(ValidationError) as refused:
        post(organisation, setting_code="court")
    text = " ".join(refused.value.messages)
    assert "beeidigte" in text
    assert not ServiceRequest.objects.exists()
    assert not DemoMessage.objects.exists()


def test_a_setting_for_the_coordinator_waits_for_her(pool: Pool) -> None:
    volunteer = builders.a_volunteer(pool, speaks="kmr")
    organisation = builders.an_organisation(pool, setting="public_health_office")
    service_request = post(organisation, setting_code="public_health_office")
    heartbeat()
    assert service_request.status == Status.SUBMITTED
    Phone(volunteer).expects_nothing()


def test_a_request_that_nobody_can_fill_is_told_in_time(pool: Pool, clock: MovableClock) -> None:
    service_request = post(builders.an_organisation(pool), speaks="ti")
    heartbeat()
    assert not Proposal.objects.exists()
    assert service_request.events.filter(kind="nobody_left").count() == 1
    clock.forward(days=7, minutes=5)
    heartbeat()
    Phone(service_request.posted_by).expects("noch hat niemand zugesagt")
    assert not Assignment.objects.exists()


def test_a_case_code_is_kept_only_as_a_digest(pool: Pool) -> None:
    service_request = post(builders.an_organisation(pool), case_code="FALL-77")
    assert len(service_request.case_digest) == 64
    assert "FALL-77" not in str(ServiceRequest.objects.filter(pk=service_request.pk).values())


def test_a_request_that_waited_for_a_coordinator_too_long_is_ended_honestly(
    pool: Pool, clock: MovableClock
) -> None:
    organisation = builders.an_organisation(pool, setting="public_health_office")
    service_request = post(organisation, setting_code="public_health_office")
    heartbeat()
    Phone(service_request.posted_by).expects("Ihre Anfrage ist da")
    clock.set(service_request.period.lower + timedelta(minutes=1))
    heartbeat()
    service_request.refresh_from_db()
    assert service_request.status == Status.NOT_FILLED
    assert service_request.events.filter(reason="unfilled_too_late").exists()
    assert "leider hat niemand zugesagt" in Phone(service_request.posted_by).texts()[-1]
