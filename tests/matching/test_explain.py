"""Who could come and who was asked, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from background.clock import now
from matching import explain, proposals
from matching.models import Proposal, RequestVolunteer
from notifications.models import Message, MessageState
from reference.models import Language
from service_requests.models import ServiceRequest
from tests.builders import a_coordinator, a_pool, a_request, a_volunteer
from tests.clock import MovableClock

pytestmark = pytest.mark.django_db


def words_for(service_request: ServiceRequest) -> dict[str, str]:
    return {
        one.volunteer.person.family_name: one.text
        for one in explain.suggestions(service_request, now())
    }


def test_the_nearest_stands_first_with_language_distance_and_use(clock: MovableClock) -> None:
    pool = a_pool()
    a_volunteer(pool, family_name="Fern", postcode="35435")
    a_volunteer(pool, family_name="Nah", postcode="35390")
    words = words_for(a_request(pool, postcode="35390"))
    assert list(words) == ["Nah", "Fern"]
    assert (
        words["Nah"] == "spricht Dari als Erstsprache · unter 1 km · noch kein Einsatz diesen Monat"
    )
    assert " 7 km " in words["Fern"]


def test_on_the_telephone_no_distance_is_named(clock: MovableClock) -> None:
    pool = a_pool()
    a_volunteer(pool, family_name="Weit", postcode="35321", phone=True)
    words = words_for(a_request(pool, modes=["phone"], postcode="35390"))
    assert "am Telefon" in words["Weit"]
    assert "km" not in words["Weit"]


def test_guides_are_not_said_to_speak_the_language_any(clock: MovableClock) -> None:
    pool = a_pool()
    a_volunteer(pool, family_name="Lotsin")
    service_request = a_request(pool, language=None, kind="guide", required_records=[])
    assert "spricht" not in words_for(service_request)["Lotsin"]


def test_a_wish_of_the_institution_is_named(clock: MovableClock) -> None:
    pool = a_pool()
    volunteer = a_volunteer(pool, family_name="Wunsch")
    service_request = a_request(pool)
    RequestVolunteer.objects.create(
        pool=pool, service_request=service_request, volunteer=volunteer, wish="preferred"
    )
    assert "von der Stelle gewünscht" in words_for(service_request)["Wunsch"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"postcode": "35321", "radius_km": 5}, "weiter weg als der eigene Umkreis"),
        ({"week": "1" + "0" * 167}, "für diese Zeit keine Stunden"),
    ],
)
def test_whom_the_engine_spares_comes_last_with_the_reason(
    clock: MovableClock, fields: dict[str, object], why: str
) -> None:
    pool = a_pool()
    a_volunteer(pool, family_name="Geschont", **fields)
    a_volunteer(pool, family_name="Gern")
    found = explain.suggestions(a_request(pool, postcode="35390"), now())
    assert [one.volunteer.person.family_name for one in found] == ["Gern", "Geschont"]
    assert found[0].against == ()
    assert len(found[1].against) == 1
    assert why in found[1].against[0]


def test_who_has_been_asked_is_shown_with_the_state_of_the_message(clock: MovableClock) -> None:
    pool = a_pool()
    volunteer = a_volunteer(pool)
    service_request = a_request(pool)
    proposals.ask(service_request, volunteer, by=a_coordinator(pool))
    (one,) = explain.asked(service_request)
    assert (one.message, one.is_unsent) == ("Nachricht wartet", True)
    Message.objects.update(state=MessageState.DELIVERED)
    (one,) = explain.asked(service_request)
    assert (one.message, one.is_unsent) == ("Nachricht angekommen", False)
    assert "spricht Dari als Erstsprache" in one.text


def test_the_risk_counts_who_may_still_be_asked_and_who_is_silent(clock: MovableClock) -> None:
    pool = a_pool()
    volunteer = a_volunteer(pool)
    service_request = a_request(pool, starts_at=clock() + timedelta(days=5))
    assert explain.risk_of(service_request, now()).reason.startswith("Noch 1 Person nicht gefragt")
    proposals.ask(service_request, volunteer, by=a_coordinator(pool))
    assert "1 Antwort steht aus" in explain.risk_of(service_request, now()).reason


def test_every_level_and_count_reads_as_german() -> None:
    dari = Language.objects.get(code="prs")
    said = explain.in_words(
        [
            ("level", 1),
            ("level", 3),
            ("distance_km", 12.4),
            ("assignments_this_month", 2),
            ("messages_this_week", 1),
            ("open_offer", 2),
            ("stand_by", 1),
            ("substitute_language", 1),
            ("mode_video", 1),
            ("messages_this_week", 0),
            ("from_the_future", 1),
        ],
        dari,
    )
    assert said == (
        "spricht Dari (nur mündlich)",
        "spricht Dari auf Niveau B2",
        "12 km",
        "2 Einsätze diesen Monat",
        "1 Anfrage in 7 Tagen",
        "2 andere Anfragen offen",
        "steht als Reserve bereit",
        "als Ersatzsprache",
        "per Video",
    )


def test_taking_back_closes_the_offer_for_this_round(clock: MovableClock) -> None:
    pool = a_pool()
    volunteer, coordinator = a_volunteer(pool), a_coordinator(pool)
    service_request = a_request(pool)
    proposal = proposals.ask(service_request, volunteer, by=coordinator)
    proposals.retract(proposal, by=coordinator)
    assert Proposal.objects.get().state == Proposal.State.CLOSED
    assert explain.suggestions(service_request, now()) == []
