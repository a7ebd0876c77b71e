"""«So steht es»: sentences from real data, names only after the yes, nobody else's requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from background.clock import now
from matching import assignments, changes, moving, replies
from matching.models import Proposal
from notifications import contacts
from pages.contact_words import readable
from pages.institution import words
from pools.models import Organisation, User
from reference.models import Reason
from reference.places import resolve
from reporting.models import Confirmation
from service_requests import lifecycle
from service_requests.changing import Change
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.volunteer.offers import asked

pytestmark = pytest.mark.django_db
LIST = "/anfragen/"


@pytest.fixture
def posted(school: Organisation, caseworker: User) -> ServiceRequest:
    """Return a request of the school, in three days."""
    return builders.a_request(organisation=school, posted_by=caseworker)


def page_of(client: Client, service_request: ServiceRequest) -> str:
    response = client.get(f"{LIST}{service_request.public_id}/")
    assert response.status_code == 200
    return response.content.decode()


def said_yes(service_request: ServiceRequest) -> replies.Answer:
    volunteer = builders.a_volunteer(service_request.pool, given_name="Amina", family_name="Yilmaz")
    return replies.accept(asked(service_request, volunteer), via="link")


def test_before_anybody_is_asked(client: Client, posted: ServiceRequest) -> None:
    assert "Gleich fragen wir die ersten Personen" in page_of(client, posted)


def test_how_many_were_asked_and_what_they_said(
    client: Client, posted: ServiceRequest, clock: MovableClock
) -> None:
    offers = [asked(posted, builders.a_volunteer(posted.pool)) for _ in range(3)]
    replies.decline(offers[0])
    ServiceRequest.objects.filter(pk=posted.pk).update(look_again_at=now() + timedelta(minutes=45))
    page = page_of(client, posted)
    assert "Wir haben 3 Personen gefragt." in page
    assert "1 hat abgesagt, 2 haben noch nicht geantwortet." in page
    assert "Heute um 10:45 Uhr schauen wir wieder nach." in page
    assert "spätestens am Do 26.11. um 10:00 Uhr" in page


def test_before_the_yes_there_are_no_names(client: Client, posted: ServiceRequest) -> None:
    volunteer = builders.a_volunteer(posted.pool, given_name="Amina", family_name="Yilmaz")
    asked(posted, volunteer)
    page = page_of(client, posted)
    assert "Amina" not in page
    assert "Yilmaz" not in page


def test_after_the_yes_name_and_contact_are_shown(client: Client, posted: ServiceRequest) -> None:
    answer = said_yes(posted)
    assert answer.assignment is not None
    page = page_of(client, posted)
    assert "Ihre Anfrage ist besetzt." in page
    assert "Amina Yilmaz" in page
    assert readable(contacts.usable(answer.assignment.person)[0]) in page


def test_after_a_cancellation_the_name_is_gone_again(
    client: Client, posted: ServiceRequest
) -> None:
    answer = said_yes(posted)
    assert answer.assignment is not None
    assignments.cancel_by_volunteer(
        answer.assignment, reason=Reason.objects.get(code="vcancel_stressful")
    )
    page = page_of(client, posted)
    assert "Amina" not in page
    assert "Wir suchen neu" in page
    assert "belastet" not in page  # her reason is hers


def test_after_a_mere_change_of_time_nobody_is_said_to_have_dropped_out(
    client: Client, posted: ServiceRequest, caseworker: User
) -> None:
    asked(posted, builders.a_volunteer(posted.pool))
    moving.move(posted, later(posted), by=caseworker, by_coordinator=True)
    posted.refresh_from_db()
    assert posted.search_round == 2
    page = page_of(client, posted)
    assert "Wir haben 1 Person gefragt." in page
    assert "Wir suchen neu" not in page


def test_a_change_after_somebody_dropped_out_begins_anew(
    client: Client, posted: ServiceRequest, caseworker: User
) -> None:
    answer = said_yes(posted)
    assert answer.assignment is not None
    assignments.cancel_by_volunteer(answer.assignment)
    assert "Wir suchen neu" in page_of(client, posted)
    moving.move(posted, later(posted), by=caseworker, by_coordinator=True)
    assert "Wir suchen neu" not in page_of(client, posted)


def later(service_request: ServiceRequest) -> Change:
    hour = timedelta(hours=1)
    return Change(
        period=(service_request.period.lower + hour, service_request.period.upper + hour),
        place=resolve(service_request.postcode_id, service_request.municipality_id, now().date()),
        address=service_request.address,
        contact_name=service_request.contact_name,
        contact_phone=service_request.contact_phone,
    )


def test_the_tour_quotes_the_page() -> None:
    tour = " ".join((settings.BASE_DIR / "docs/tour.md").read_text().split())
    assert f"The request now says «{words.ENDED[Status.RECORD_CONFIRMED]}»" in tour


def test_nobody_left_to_ask_is_said(client: Client, posted: ServiceRequest) -> None:
    lifecycle.write_event(posted, "nobody_left", by=None, detail={"round": 1})
    page = page_of(client, posted)
    assert "Zurzeit finden wir niemanden, der passt" in page


def test_not_filled_says_what_can_be_done(client: Client, posted: ServiceRequest) -> None:
    changes.give_up(posted, by=None, reason=Reason.objects.get(code="unfilled_no_reply"))
    page = page_of(client, posted)
    assert "Leider hat niemand zugesagt" in page
    assert f"?wie={posted.public_id}" in page
    assert "069 90009 001" in page


def test_the_timeline_tells_what_happened(client: Client, posted: ServiceRequest) -> None:
    lifecycle.write_event(posted, "asked", by=None, detail={"asked": 3, "left": 9})
    said_yes(posted)
    page = page_of(client, posted)
    assert "3 Personen gefragt" in page
    assert "Jemand hat zugesagt" in page


def test_a_search_can_be_withdrawn(client: Client, posted: ServiceRequest) -> None:
    url = f"{LIST}{posted.public_id}/zurueckziehen/"
    assert client.get(url).status_code == 405
    response = client.post(url, {"reason": "rcancel_moved"}, follow=True)
    assert response.redirect_chain[0][1] == 303
    assert "Ihre Anfrage ist zurückgezogen" in response.content.decode()
    posted.refresh_from_db()
    assert posted.status == Status.WITHDRAWN
    assert posted.events.get(kind="withdrawn").reason_id == "rcancel_moved"


def test_withdrawing_after_a_yes_withdraws_nothing(client: Client, posted: ServiceRequest) -> None:
    said_yes(posted)
    response = client.post(f"{LIST}{posted.public_id}/zurueckziehen/", follow=True)
    assert "hat sich inzwischen geändert" in response.content.decode()
    posted.refresh_from_db()
    assert posted.status == Status.CONFIRMED


def test_an_appointment_can_be_cancelled(client: Client, posted: ServiceRequest) -> None:
    answer = said_yes(posted)
    assert answer.assignment is not None
    response = client.post(f"{LIST}{posted.public_id}/absagen/", follow=True)
    page = response.content.decode()
    assert "Der Termin ist abgesagt" in page
    assert "Amina" not in page
    answer.assignment.refresh_from_db()
    assert answer.assignment.cancelled_by == "office"


def test_cancelling_twice_is_cancelling_once(client: Client, posted: ServiceRequest) -> None:
    said_yes(posted)
    for _ in range(2):
        assert client.post(f"{LIST}{posted.public_id}/absagen/").status_code == 303
    assert posted.events.filter(kind="cancelled").count() == 1


def test_afterwards_the_office_confirms_from_its_own_page(
    client: Client, posted: ServiceRequest, caseworker: User, clock: MovableClock
) -> None:
    said_yes(posted)
    clock.forward(days=3, hours=2)
    assert "Einsatz bestätigen" in page_of(client, posted)
    assert "Bitte bestätigen" in client.get(f"{LIST}?zeige=vorbei").content.decode()
    url = f"{LIST}{posted.public_id}/bestaetigen/"
    assert client.get(url).status_code == 200
    assert not Confirmation.objects.exists()
    client.post(url, {"outcome": "took_place", "minutes": "50"})
    said = Confirmation.objects.get()
    assert (said.side, said.minutes, said.said_by) == ("requester", 50, caseworker)
    assert "Sie haben gesagt: Hat stattgefunden, 50 Minuten" in page_of(client, posted)


def test_without_a_yes_there_is_nothing_to_confirm(client: Client, posted: ServiceRequest) -> None:
    assert client.get(f"{LIST}{posted.public_id}/bestaetigen/").status_code == 404


def test_the_first_visit_says_how_long_it_takes(client: Client, caseworker: User) -> None:
    assert (
        "Noch keine Anfrage. Die erste dauert etwa 1 Minute." in client.get(LIST).content.decode()
    )


def test_open_filled_and_past_are_lists_of_their_own(
    client: Client, posted: ServiceRequest, school: Organisation, clock: MovableClock
) -> None:
    filled = builders.a_request(organisation=school, language="ar")
    said = asked(filled, builders.a_volunteer(school.pool, speaks="ar"))
    replies.accept(said, via="link")
    gone = builders.a_request(organisation=school, language="ti", status=Status.WITHDRAWN)
    lists = {
        "offen": posted,
        "besetzt": filled,
        "vorbei": gone,
    }
    for tab, expected in lists.items():
        page = client.get(f"{LIST}?zeige={tab}").content.decode()
        shown = {one.public_id for one in lists.values() if str(one.public_id) in page}
        assert shown == {expected.public_id}
    assert str(posted.public_id) in client.get(f"{LIST}?zeige=quatsch").content.decode()


@pytest.mark.parametrize("kind", ["other pool", "other institution of the same pool", "volunteer"])
def test_nobody_else_sees_or_touches_it(
    client: Client, posted: ServiceRequest, school: Organisation, kind: str
) -> None:
    said_yes(posted)
    if kind == "volunteer":
        client.force_login(builders.a_volunteer(school.pool).person)
        expected = 403
    else:
        pool = builders.a_pool() if kind == "other pool" else school.pool
        client.force_login(builders.a_caseworker(builders.an_organisation(pool)))
        expected = 404
    base = f"{LIST}{posted.public_id}/"
    assert client.get(base).status_code == expected
    assert client.get(f"{base}bestaetigen/").status_code == expected
    for action in ("zurueckziehen", "absagen", "bestaetigen"):
        assert client.post(f"{base}{action}/").status_code == expected
    posted.refresh_from_db()
    assert posted.status == Status.CONFIRMED
    if kind != "volunteer":
        assert str(posted.public_id) not in client.get(LIST).content.decode()


def test_a_coordinator_of_another_pool_sees_nothing(
    client: Client, posted: ServiceRequest, settings: Any
) -> None:
    settings.MFA_REQUIRED_ROLES = frozenset()
    client.force_login(builders.a_coordinator(builders.a_pool()))
    assert client.get(f"{LIST}{posted.public_id}/").status_code == 404


def test_who_was_asked_is_never_listed_for_the_institution(
    client: Client, posted: ServiceRequest
) -> None:
    offers = [asked(posted, builders.a_volunteer(posted.pool)) for _ in range(2)]
    page = page_of(client, posted)
    for offer in Proposal.objects.filter(pk__in=[offer.pk for offer in offers]):
        assert offer.person.family_name not in page
        assert str(offer.public_id) not in page
