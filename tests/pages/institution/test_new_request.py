"""«Neue Anfrage»: one page, what is refused stands at its field, nothing is posted twice."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from pools.memberships import join_organisation
from pools.models import Organisation, Rule, User
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.institution.forms import NEW, typed

pytestmark = pytest.mark.django_db


def refused(response: Any, said: str) -> None:
    """Check that the page says why, keeps what was typed, and nothing was stored."""
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Das hat noch nicht geklappt" in page
    assert not ServiceRequest.objects.exists()


def test_the_form_knows_the_place_and_the_contact(client: Client, caseworker: User) -> None:
    page = client.get(NEW).content.decode()
    for text in ('value="35390"', "Musterweg 1", "Klara Winter", "069 90009 100", "Elterngespräch"):
        assert text in page


def test_a_request_is_posted_and_searched_for(
    client: Client, caseworker: User, school: Organisation
) -> None:
    response = client.post(NEW, typed(), follow=True)
    posted = ServiceRequest.objects.get()
    assert response.redirect_chain == [(f"/anfragen/{posted.public_id}/", 303)]
    assert "Ihre Anfrage ist gesendet" in response.content.decode()
    assert posted.status == Status.SEARCHING
    assert (posted.organisation, posted.posted_by) == (school, caseworker)
    assert posted.period.lower == datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
    assert posted.language is not None
    assert posted.language.code == "prs"
    assert posted.professional_present


def test_everything_optional_is_kept(client: Client, caseworker: User) -> None:
    client.post(
        NEW,
        typed(
            modes=["on_site", "video"],
            alternative_1_day="2.12.",
            alternative_1_time="9 Uhr",
            alternative_2_day="3.12.",
            alternative_2_time="10.30",
            variety="Herat",
            gender_wish="f",
            gender_must="on",
            minors_present="on",
            note="Bitte am Haupteingang klingeln.",
            case_code="K-17",
            bridge_languages=["fa"],
        ),
    )
    posted = ServiceRequest.objects.get()
    assert posted.modes == ["on_site", "video"]
    assert [slot.period.lower.day for slot in posted.alternatives.order_by("period")] == [2, 3]
    assert (posted.variety, posted.gender_wish, posted.gender_must) == ("Herat", "f", True)
    assert posted.minors_present
    assert posted.note == "Bitte am Haupteingang klingeln."
    assert len(posted.case_digest) == 64
    assert [language.code for language in posted.bridge_languages.all()] == ["fa"]


def test_another_language_is_asked_about_on_a_second_page(client: Client, caseworker: User) -> None:
    first = typed(bridges_for="")
    response = client.post(NEW, first)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Ist auch eine andere Sprache in Ordnung?" in page
    assert "Iranisches Persisch" in page
    assert not ServiceRequest.objects.exists()
    hidden = {name: value for name, value in response.context["carried"] if name != "modes"}
    assert hidden["submission"] == first["submission"]
    sent = {**hidden, "modes": ["on_site"], "bridges_for": response.context["bridges_for"]}
    client.post(NEW, {**sent, "bridge_languages": ["fa", "tr"], "step": "send"})
    posted = ServiceRequest.objects.get()
    assert [language.code for language in posted.bridge_languages.all()] == ["fa"]


def test_from_the_second_page_one_can_go_back(client: Client, caseworker: User) -> None:
    response = client.post(NEW, typed(step="back"))
    assert response.status_code == 200
    assert 'value="14:00"' in response.content.decode()
    assert not ServiceRequest.objects.exists()


def test_a_language_without_near_ones_asks_nothing(client: Client, caseworker: User) -> None:
    client.post(NEW, typed(language="vi", bridges_for=""))
    assert ServiceRequest.objects.count() == 1


def test_kurdish_asks_which(client: Client, caseworker: User) -> None:
    response = client.post(NEW, typed(language="", language_typed="Kurdisch", bridges_for=""))
    refused(response, "Welches Kurdisch")
    response = client.post(
        NEW,
        typed(
            language="",
            language_typed="Kurdisch",
            language_meant="kmr",
            bridges_for="kmr/everyday",
        ),
    )
    posted = ServiceRequest.objects.get()
    assert posted.language is not None
    assert posted.language.code == "kmr"


def test_guides_may_leave_the_language_empty(client: Client, caseworker: User) -> None:
    client.post(NEW, typed(kind="guide", language="", topic="school_enrolment", bridges_for=""))
    posted = ServiceRequest.objects.get()
    assert (posted.kind, posted.language) == ("guide", None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"language": ""}, "Wählen Sie eine Sprache"),
        ({"language": "", "language_typed": "Klingonisch"}, "Sprache finden wir nicht"),
        ({"day": "1.11.2026"}, "liegt in der Vergangenheit"),
        ({"day": "31.2.2027"}, "Diesen Tag gibt es nicht"),
        ({"day": "bald"}, "Schreiben Sie den Tag so"),
        ({"time": "25:99"}, "Schreiben Sie die Uhrzeit so"),
        ({"minutes": "5"}, "Wählen Sie eine Möglichkeit aus"),
        ({"postcode": "99999"}, "Postleitzahl kennen wir nicht"),
        ({"postcode": "abc"}, "Postleitzahl kennen wir nicht"),
        ({"modes": []}, "mindestens eine Möglichkeit"),
        ({"topic": ""}, "Wählen Sie eine Möglichkeit aus"),
        ({"topic": "debt_overview"}, "passt nicht zu dieser Stelle"),
        ({"contact_phone": "12"}, "zu kurz"),
        ({"contact_name": ""}, "Füllen Sie dieses Feld aus"),
        ({"gender_must": "on"}, "Wählen Sie, wer kommen soll"),
        ({"setting": "police", "topic": "other_topic"}, "Polizei"),
        ({"note": "Bitte 0171 1234567 anrufen"}, "Telefonnummer"),
        ({"note": "geb. 1.2.1990"}, "Geburtsdatum"),
        ({"note": "x" * 501}, "höchstens 500 Zeichen"),
        ({"alternative_1_day": "2.12."}, "Hier fehlt noch etwas"),
        (
            {"alternative_1_day": "1.12.2026", "alternative_1_time": "14:00"},
            "Dieselbe Zeit steht zweimal da",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: Client, caseworker: User, wrong: dict[str, Any], said: str
) -> None:
    sent = typed(address="Lindenstraße 99", **wrong)
    response = client.post(NEW, sent)
    refused(response, said)
    assert "Lindenstraße 99" in response.content.decode()
    assert str(sent["submission"]) in response.content.decode()


def test_a_postcode_in_two_areas_asks_which(client: Client, caseworker: User) -> None:
    response = client.post(NEW, typed(postcode="35094"))
    refused(response, "Welcher Ort?")


def test_what_looks_like_a_name_can_be_sent_anyway(client: Client, caseworker: User) -> None:
    sent = typed(note="Es geht um Frau Ahmadi.")
    response = client.post(NEW, sent)
    refused(response, "vielleicht der Name")
    assert "Trotzdem senden" in response.content.decode()
    client.post(NEW, {**sent, "name_warning_accepted": "on"})
    assert ServiceRequest.objects.get().sent_despite_name_warning


def test_the_hour_that_does_not_exist_is_refused(client: Client, caseworker: User) -> None:
    response = client.post(NEW, typed(day="28.3.2027", time="2:30"))
    refused(response, "gibt es 02:30 Uhr nicht")


def test_the_hour_that_comes_twice_is_asked_about(
    client: Client, caseworker: User, clock: MovableClock
) -> None:
    sent = typed(day="31.10.2027", time="2:30")
    response = client.post(NEW, sent)
    refused(response, "zweimal")
    assert "Winterzeit" in response.content.decode()
    client.post(NEW, {**sent, "fold": "1"})
    assert ServiceRequest.objects.get().period.lower == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    page = client.get(f"/anfragen/{sent['submission']}/").content.decode()
    assert "02:30 (Winterzeit)" in page


def test_the_pools_own_refusal_is_shown(
    client: Client, caseworker: User, school: Organisation
) -> None:
    Rule.objects.create(
        pool=school.pool,
        name="setting.school.interpreting",
        value="refused",
        valid=(date(2020, 1, 1), None),
    )
    refused(client.post(NEW, typed()), "Für «Schule» vermitteln wir hier")


def test_where_a_coordinator_decides_the_request_waits(client: Client, caseworker: User) -> None:
    response = client.post(
        NEW,
        typed(setting="jobcenter", topic="benefit_talk", bridges_for="prs/official"),
        follow=True,
    )
    assert ServiceRequest.objects.get().status == Status.SUBMITTED
    assert "Die Koordination prüft" in response.content.decode()


def test_the_same_form_twice_is_one_request(client: Client, caseworker: User) -> None:
    sent = typed()
    first, second = client.post(NEW, sent), client.post(NEW, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1


def test_two_browsers_with_the_same_form_make_one_request(client: Client, caseworker: User) -> None:
    sent = typed()
    other = Client()
    other.force_login(caseworker)
    client.post(NEW, sent)
    other.post(NEW, {**sent, "time": "15:00"})
    assert ServiceRequest.objects.count() == 1


def test_the_same_again_from_a_new_form_is_asked_about(client: Client, caseworker: User) -> None:
    client.post(NEW, typed())
    again = typed()
    response = client.post(NEW, again)
    assert response.status_code == 422
    assert "schon eine Anfrage gesendet" in response.content.decode()
    client.post(NEW, {**again, "second_request": "on"})
    assert ServiceRequest.objects.count() == 2


def test_a_form_without_its_key_is_posted_all_the_same(client: Client, caseworker: User) -> None:
    client.post(NEW, typed(submission="kaputt"))
    assert ServiceRequest.objects.count() == 1


def test_the_key_of_somebody_elses_request_opens_nothing(client: Client, caseworker: User) -> None:
    foreign = builders.a_request(builders.a_pool())
    response = client.post(NEW, typed(submission=str(foreign.public_id)))
    assert response.status_code == 422
    assert "Öffnen Sie ein neues" in response.content.decode()


def test_copying_fills_in_everything_but_the_day(client: Client, caseworker: User) -> None:
    sent = typed(case_code="K-17", note="Zweiter Stock")
    client.post(NEW, sent)
    response = client.get(f"{NEW}?wie={sent['submission']}")
    page = response.content.decode()
    assert '<option value="prs" selected>' in page
    assert "Zweiter Stock" in page
    assert "K-17" not in page
    assert "1.12.2026" not in page
    assert str(response.context["form"]["submission"].value()) != sent["submission"]


def test_nobody_copies_what_she_may_not_see(client: Client, caseworker: User) -> None:
    foreign = builders.a_request(builders.a_pool())
    assert client.get(f"{NEW}?wie={foreign.public_id}").status_code == 404
    assert client.get(f"{NEW}?wie={uuid.uuid4()}").status_code == 404
    assert client.get(f"{NEW}?wie=quatsch").status_code == 404


def test_nobody_posts_for_an_institution_of_another_pool(client: Client, caseworker: User) -> None:
    foreign = builders.an_organisation(builders.a_pool())
    assert client.get(f"{NEW}?organisation={foreign.public_id}").status_code == 404
    assert client.post(f"{NEW}?organisation={foreign.public_id}", typed()).status_code == 404
    assert not ServiceRequest.objects.exists()


def test_who_is_not_approved_yet_is_told_so(client: Client, clock: MovableClock) -> None:
    waiting = builders.an_organisation(builders.a_pool(), status=Organisation.Status.REGISTERED)
    client.force_login(builders.a_caseworker(waiting))
    assert "noch nicht freigegeben" in client.get(NEW).content.decode()
    client.post(NEW, typed())
    assert not ServiceRequest.objects.exists()


def test_a_volunteer_posts_nothing(client: Client, clock: MovableClock) -> None:
    client.force_login(builders.a_volunteer(builders.a_pool()).person)
    assert client.get(NEW).status_code == 403


def test_who_works_for_several_chooses_one(
    client: Client, caseworker: User, school: Organisation
) -> None:
    second = builders.an_organisation(school.pool, name="Zweite Schule")
    join_organisation(second, person=caseworker)
    assert "Für welche Stelle?" in client.get(NEW).content.decode()
    client.post(f"{NEW}?organisation={second.public_id}", typed())
    assert ServiceRequest.objects.get().organisation == second


def test_a_coordinator_enters_what_came_by_telephone(
    client: Client, school: Organisation, settings: Any
) -> None:
    settings.MFA_REQUIRED_ROLES = frozenset()
    coordinator = builders.a_coordinator(school.pool)
    client.force_login(coordinator)
    page = client.get(f"{NEW}?organisation={school.public_id}").content.decode()
    assert "Sie tragen die Anfrage ein für" in page
    client.post(
        f"{NEW}?organisation={school.public_id}",
        typed(setting="jobcenter", topic="benefit_talk", bridges_for="prs/official"),
    )
    posted = ServiceRequest.objects.get()
    assert (posted.organisation, posted.posted_by) == (school, coordinator)
    assert posted.status == Status.SEARCHING  # who posts as a coordinator has decided


@pytest.mark.parametrize("text", ["\x00", "a" * 600_000])
def test_nul_bytes_and_a_flood_of_text_are_a_page_not_a_crash(
    client: Client, caseworker: User, text: str
) -> None:
    response = client.post(NEW, typed(note=text))
    assert response.status_code in (400, 413)
    assert not ServiceRequest.objects.exists()
