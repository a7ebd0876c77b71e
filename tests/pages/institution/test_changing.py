"""«Zeit oder Ort ändern»: with the form filled in, and mistakes at their fields."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from background.clock import now
from matching import replies
from matching.models import Assignment
from pools.models import User
from service_requests.models import ServiceRequest
from tests import builders
from tests.clock import MovableClock
from tests.matching.offers import a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def service_request(db: None, clock: MovableClock) -> ServiceRequest:
    return builders.a_request(starts_at=now() + timedelta(days=10))


@pytest.fixture
def office(client: Client, service_request: ServiceRequest) -> Client:
    client.force_login(service_request.posted_by)
    return client


def url(service_request: ServiceRequest) -> str:
    return f"/anfragen/{service_request.public_id}/aendern/"


def typed(service_request: ServiceRequest, **changes: str) -> dict[str, str]:
    start = service_request.period.lower.astimezone(service_request.pool.zone)
    return {
        "day": start.strftime("%d.%m.%Y"),
        "time": start.strftime("%H:%M"),
        "minutes": "60",
        "postcode": service_request.postcode_id,
        "address": service_request.address,
        "contact_name": service_request.contact_name,
        "contact_phone": service_request.contact_phone,
    } | changes


def test_the_form_shows_what_is_there(office: Client, service_request: ServiceRequest) -> None:
    page = office.get(url(service_request)).content.decode()
    for value in typed(service_request).values():
        assert value in page


def test_a_new_time_is_kept_and_said(office: Client, service_request: ServiceRequest) -> None:
    page = office.post(url(service_request), typed(service_request, time="16 Uhr"), follow=True)
    assert "Wir suchen für die neue Zeit." in page.content.decode()
    changed = ServiceRequest.objects.get().period.lower.astimezone(service_request.pool.zone)
    assert changed.hour == 16


def test_who_holds_it_is_asked(office: Client, service_request: ServiceRequest) -> None:
    volunteer = builders.a_volunteer(service_request.pool)
    replies.accept(a_proposal(service_request, volunteer), via="link")
    page = office.post(url(service_request), typed(service_request, time="16:15"), follow=True)
    assert "sagt, ob es ihr noch passt" in page.content.decode()
    assert Assignment.objects.get().answer_until is not None


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("day", "31.2.2027", "Diesen Tag gibt es nicht"),
        ("day", "01.01.2020", "Vergangenheit"),
        ("time", "25:99", "Schreiben Sie die Uhrzeit so"),
        ("postcode", "99999", "Diese Postleitzahl kennen wir nicht"),
        ("minutes", "7", "Wählen Sie eine Möglichkeit aus"),
        ("contact_name", "", "Füllen Sie dieses Feld aus"),
        ("contact_name", "\0", "Nullzeichen"),
    ],
)
def test_mistakes_stand_at_their_field_and_change_nothing(
    office: Client, service_request: ServiceRequest, field: str, value: str, says: str
) -> None:
    response = office.post(url(service_request), typed(service_request, **{field: value}))
    assert response.status_code in (200, 400, 422)
    if response.status_code != 400:
        assert says in response.content.decode()
    assert ServiceRequest.objects.get().period == service_request.period
    assert not service_request.events.filter(kind="changed").exists()


def test_the_hour_the_clocks_change_is_asked_about(
    office: Client, service_request: ServiceRequest
) -> None:
    there_is_none = typed(service_request, day="28.3.2027", time="2:30")
    assert "gibt es" in office.post(url(service_request), there_is_none).content.decode()


def test_nobody_else_may(client: Client, service_request: ServiceRequest) -> None:
    strangers: list[User] = [
        builders.a_caseworker(builders.an_organisation(builders.a_pool("06534014"))),
        builders.a_caseworker(builders.an_organisation(service_request.pool)),
        builders.a_volunteer(service_request.pool).person,
    ]
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(url(service_request)).status_code in (403, 404)
        assert client.post(url(service_request), typed(service_request, time="9")).status_code in (
            403,
            404,
        )
    assert ServiceRequest.objects.get().period == service_request.period


def test_what_was_withdrawn_meanwhile_says_so(
    office: Client, service_request: ServiceRequest
) -> None:
    ServiceRequest.objects.update(status="withdrawn")
    page = office.post(url(service_request), typed(service_request, time="9 Uhr"))
    assert "lässt sich nicht mehr ändern" in page.content.decode()
