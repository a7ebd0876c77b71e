"""A request is posted: stored whole, searched for at once, or looked at by a coordinator first."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications.models import Message
from pools.models import Organisation
from pools.rule_changes import set_rule
from reference.models import Language, Reason
from service_requests.models import Event, ServiceRequest, Status
from service_requests.notices import notices
from service_requests.posting import check_request, post_pair, post_request, reject, release
from tests.builders import GIESSEN, MARBURG, a_coordinator, a_pool, an_organisation
from tests.clock import MovableClock
from tests.service_requests.wishing import a_school, at, post, refusal, wish

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
Woken = list[tuple[str, int | str]]


def posted_event(service_request: ServiceRequest) -> Event:
    """Return the first event."""
    return Event.objects.get(service_request=service_request, kind="posted")


def test_what_is_allowed_is_searched_for_at_once(woken: Woken, clock: MovableClock) -> None:
    service_request = post()
    assert service_request.status == Status.SEARCHING
    assert woken == [("matching.search.advance", service_request.pk)]
    assert service_request.look_again_at == clock.at


def test_the_whole_wish_is_stored() -> None:
    school = a_school()
    persian = Language.objects.get(code="fa")
    service_request = post(
        school,
        variety="aus Herat",
        bridge_languages=[persian],
        modes=["video", "on_site", "video"],
        alternatives=[at("2026-12-02 10:00"), at("2026-12-03 10:00", 30)],
        topic="parent_talk",
        contact_name="Frau Sommer",
        gender_wish="f",
        gender_must=True,
        minors_present=True,
        urgency_reason="Die Frist endet bald.",
        note="Bitte klingeln.\nZweiter Stock.",
    )
    assert service_request.pool == school.pool
    assert service_request.period.lower == at("2026-12-01 10:00")[0]
    assert service_request.modes == ["video", "on_site"]
    assert list(service_request.bridge_languages.all()) == [persian]
    assert service_request.alternatives.count() == 2
    assert service_request.note == "Bitte klingeln.\nZweiter Stock."
    assert (service_request.gender_wish, service_request.gender_must) == ("f", True)
    assert str(service_request.municipality) == "Wettenberg"


def test_what_is_left_empty_comes_from_the_institution() -> None:
    school = a_school(address="Lindenweg 3", phone="069 90009 222")
    service_request = post(school)
    assert service_request.address == "Lindenweg 3"
    assert service_request.contact_phone == "069 90009 222"
    assert service_request.contact_name == str(service_request.posted_by)


def test_posting_leaves_one_event_without_anything_personal() -> None:
    service_request = post(note="Bitte bei Frau Kaya klingeln.", name_warning_accepted=True)
    event = posted_event(service_request)
    assert event.to_status == Status.SEARCHING
    assert event.by == service_request.posted_by
    assert event.detail == {"checks": [], "hints": ["name_warning"], "by_coordinator": False}
    assert "Kaya" not in json.dumps(event.detail)


def test_the_records_of_the_day_are_kept_with_the_request() -> None:
    school = a_school()
    set_rule(school.pool, name="required.interpreter", value="age_18", since=TODAY)
    set_rule(
        school.pool, name="required.interpreter", value="german_b2", since=dt.date(2026, 12, 5)
    )
    early, late = post(school), post(school, period=at("2026-12-08 10:00"))
    assert early.required_records[0] == ["age_18"]
    assert late.required_records[0] == ["german_b2"]
    assert ["police_certificate_extended"] in early.required_records


def test_a_school_is_told_a_day_before_that_nobody_has_said_yes() -> None:
    service_request = post()
    assert service_request.inform_at == at("2026-11-30 10:00")[0]


def test_a_doctor_is_looked_at_by_the_coordinator_first(woken: Woken) -> None:
    service_request = post(setting="doctor")
    assert service_request.status == Status.SUBMITTED
    assert service_request.look_again_at is None
    assert woken == []
    assert posted_event(service_request).detail["checks"] == ["setting"]
    message = Message.objects.get(template="requester_submitted")
    assert message.person == service_request.posted_by
    assert str(service_request.public_id) in message.parameters["link"]


def test_the_page_says_why_it_waits() -> None:
    assert notices(post(setting="doctor")) == [
        "Bei dieser Art von Stelle entscheidet die Koordination über jede Anfrage."
    ]
    assert notices(post()) == []


def test_a_court_is_refused_with_the_text_of_the_pool() -> None:
    assert "www.justiz-dolmetscher.de" in refusal(setting="court")["setting"][0]


def test_a_coordinator_who_posts_has_decided_but_a_court_stays_refused(woken: Woken) -> None:
    school = a_school()
    by = {"by_coordinator": True, "posted_by": a_coordinator(school.pool)}
    service_request = post(school, setting="doctor", **by)
    assert service_request.status == Status.SEARCHING
    assert len(woken) == 1
    assert posted_event(service_request).detail["hints"] == ["setting"]
    assert "setting" in refusal(school, setting="court", **by)


def test_a_guide_needs_no_language() -> None:
    service_request = post(kind="guide", language=None, setting="daily_life")
    assert service_request.language is None
    assert service_request.status == Status.SEARCHING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": at("2026-11-23 10:00")}, "period"),
        ({"period": (at("2026-12-01 10:00")[1], at("2026-12-01 10:00")[0])}, "period"),
        ({"alternatives": [at("2026-11-23 10:00")]}, "alternatives"),
        ({"kind": "juggle"}, "kind"),
        ({"language": None}, "language"),
        ({"language": "any"}, "language"),
        ({"modes": []}, "modes"),
        ({"modes": ["telepathy"]}, "modes"),
        ({"topic": "parent_talk", "setting": "social_office"}, "topic"),
        ({"topic": "parent_talk", "kind": "guide"}, "topic"),
        ({"professional_present": False}, "professional_present"),
        ({"gender_must": True}, "gender_wish"),
        ({"gender_wish": "x"}, "gender_wish"),
        ({"note": "geb. 14.03.1987"}, "note"),
        ({"note": "Tel. 0641 123456"}, "note"),
        ({"note": "amina@example.org"}, "note"),
        ({"note": "Az. 12 C 345/26"}, "note"),
        ({"note": "Familie Yilmaz"}, "note"),
        ({"note": "x" * 1_000_000}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"urgency_reason": "Frau Yilmaz ruft an: 0641 123456"}, "urgency_reason"),
        ({"variety": "0641 123456"}, "variety"),
        ({"variety": "x" * 61}, "variety"),
        ({"address": "x" * 161}, "address"),
        ({"contact_phone": "12"}, "contact_phone"),
        ({"contact_name": "x" * 81}, "contact_name"),
        ({"contact_name": "www.betrug.example"}, "contact_name"),
        ({"case_code": "x" * 41}, "case_code"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    said = refusal(**changes)
    assert set(said) == {field}
    assert said[field][0].endswith((".", "?"))


def test_everything_wrong_is_said_at_once() -> None:
    said = refusal(period=at("2026-11-23 10:00"), language=None, note="x" * 501, setting="court")
    assert set(said) == {"period", "language", "note", "setting"}


def test_an_appointment_on_site_needs_an_address() -> None:
    school = a_school(address="")
    assert set(refusal(school)) == {"address"}
    assert post(school, modes=["phone"]).address == ""


def test_a_name_may_be_sent_all_the_same_and_that_is_written_down() -> None:
    text = "Frau Kaya holt Sie ab."
    assert "trotzdem" in refusal(note=text)["note"][0]
    assert post(note=text, name_warning_accepted=True).sent_despite_name_warning
    assert not post(note="Bitte klingeln.", name_warning_accepted=True).sent_despite_name_warning


def test_accepting_the_warning_does_not_let_a_birth_date_through() -> None:
    assert "note" in refusal(note="Frau Kaya, geb. 14.03.1987", name_warning_accepted=True)


@pytest.mark.parametrize(
    "status", [each for each in Organisation.Status if each != Organisation.Status.APPROVED]
)
def test_only_an_approved_institution_may_post(status: str) -> None:
    assert set(refusal(a_school(status=status))) == {"__all__"}


def test_a_pool_may_leave_asking_to_its_coordinators() -> None:
    school = a_school()
    set_rule(school.pool, name="who_may_ask.interpreter", value="coordinators", since=TODAY)
    assert set(refusal(school)) == {"__all__"}
    assert post(school, by_coordinator=True).status == Status.SEARCHING


def test_a_pool_may_leave_out_video() -> None:
    school = a_school()
    set_rule(school.pool, name="mode.allowed", value="on_site;phone", since=TODAY)
    assert "per Video" in refusal(school, modes=["video"])["modes"][0]


def test_marburg_asks_for_the_variety_of_arabic() -> None:
    organisation = an_organisation(a_pool("06534", preset="marburg_biedenkopf"))
    changes = {"language": "ar", "postcode": MARBURG}
    assert set(refusal(organisation, **changes)) == {"variety"}
    assert post(organisation, variety="Aleppo", **changes).variety == "Aleppo"


def test_a_place_in_another_area_is_for_the_coordinator() -> None:
    school = a_school()
    a_pool("06531005")
    service_request = post(school, postcode=GIESSEN)
    assert service_request.status == Status.SUBMITTED
    assert service_request.pool == school.pool


def test_a_pool_for_its_own_area_only_says_who_is_responsible() -> None:
    school = a_school(of_pool={"preset": "giessen_stadt"})
    said = refusal(school, postcode=MARBURG)
    assert "Marburg" in said["postcode"][0]


def test_little_time_is_noted_and_nothing_more() -> None:
    service_request = post(period=at("2026-11-24 16:00"))
    assert service_request.status == Status.SEARCHING
    assert notices(service_request) == ["Die Anfrage ist kurzfristig."]
    assert service_request.inform_at == at("2026-11-24 13:00")[0]


def test_a_pool_that_wants_time_gets_it_except_from_its_coordinator() -> None:
    school = a_school()
    set_rule(school.pool, name="lead_time.policy", value="refuse", since=TODAY)
    tomorrow = at("2026-11-25 10:00")
    assert set(refusal(school, period=tomorrow)) == {"period"}
    assert post(school, period=tomorrow, by_coordinator=True).status == Status.SEARCHING


def test_the_sixth_appointment_of_a_case_is_for_the_coordinator() -> None:
    school = a_school()
    posted = [post(school, case_code="K 17") for _ in range(5)]
    assert [each.status for each in posted] == [Status.SEARCHING] * 5
    hints = [posted_event(each).detail["hints"] for each in posted]
    assert hints == [[], [], [], ["case_warn"], ["case_warn"]]
    sixth = post(school, case_code="k-17")
    assert sixth.status == Status.SUBMITTED
    assert posted_event(sixth).detail["checks"] == ["case_cap"]
    assert post(school, case_code="K 18").status == Status.SEARCHING
    assert post(school).status == Status.SEARCHING


def test_what_did_not_take_place_does_not_count_for_the_case() -> None:
    school = a_school()
    for _ in range(5):
        post(school, case_code="K 17")
    ServiceRequest.objects.update(status=Status.CANCELLED)
    assert post(school, case_code="K 17").status == Status.SEARCHING


def test_the_case_code_itself_is_stored_nowhere() -> None:
    service_request = post(case_code="Geheim4711")
    row = ServiceRequest.objects.filter(pk=service_request.pk).values().get()
    assert "geheim4711" not in repr(row).casefold()
    assert len(service_request.case_digest) == 64


def test_a_hidden_place_stays_hidden() -> None:
    assert post(a_school(is_hidden_place=True)).is_hidden_place
    assert not post().is_hidden_place


def test_a_womens_shelter_is_hidden_whoever_asks() -> None:
    assert post(setting="womens_shelter").is_hidden_place


def test_the_same_form_sent_twice_posts_once(woken: Woken) -> None:
    form = wish(submission=uuid.uuid4())
    first, second = post_request(**form), post_request(**form)
    assert first == second
    assert first.public_id == form["submission"]
    assert len(woken) == 1
    assert Event.objects.count() == 1


def test_the_form_of_somebody_else_opens_nothing() -> None:
    submission = uuid.uuid4()
    post(submission=submission)
    other = wish(a_school(), submission=submission)
    with pytest.raises(ValidationError, match="schon gesendet"):
        post_request(**other)


def test_two_people_are_a_pair_of_requests(woken: Woken) -> None:
    form = wish(submission=uuid.uuid4())
    first, second = post_pair(**form)
    second.refresh_from_db()
    assert (first.pair, second.pair) == (second, first)
    assert len(woken) == 2
    assert post_pair(**form) == (first, second)
    assert ServiceRequest.objects.count() == 2


def test_a_pair_is_refused_as_a_whole() -> None:
    form = wish(setting="court")
    with pytest.raises(ValidationError):
        post_pair(**form)
    assert not ServiceRequest.objects.exists()


def test_a_released_request_is_searched_for(woken: Woken, clock: MovableClock) -> None:
    service_request = post(setting="doctor")
    clock.forward(days=6)
    coordinator = a_coordinator(service_request.pool)
    assert release(service_request, by=coordinator)
    assert not release(service_request, by=coordinator)
    assert service_request.status == Status.SEARCHING
    assert service_request.look_again_at == clock.at
    assert service_request.inform_at == clock.at + dt.timedelta(hours=12)
    assert woken == [("matching.search.advance", service_request.pk)]
    assert Event.objects.get(kind="released").by == coordinator


def test_what_is_over_cannot_be_released(clock: MovableClock) -> None:
    service_request = post(setting="doctor")
    clock.forward(days=8)
    with pytest.raises(ValidationError, match="schon vorbei"):
        release(service_request, by=a_coordinator(service_request.pool))


def test_a_rejected_request_says_why() -> None:
    service_request = post(setting="doctor")
    reason = Reason.objects.get(code="reject_sworn_needed")
    coordinator = a_coordinator(service_request.pool)
    assert reject(service_request, by=coordinator, reason=reason, text="Siehe Liste.")
    assert service_request.status == Status.REJECTED
    message = Message.objects.get(template="requester_rejected")
    assert message.parameters["grund"] == reason.label_de
    assert message.parameters["hinweis"] == "Siehe Liste."


def test_a_reason_of_another_kind_is_none() -> None:
    service_request = post(setting="doctor")
    reason = Reason.objects.get(code="unfilled_no_reply")
    with pytest.raises(ValidationError):
        reject(service_request, by=a_coordinator(service_request.pool), reason=reason)


def test_whoever_rejects_what_is_released_comes_too_late() -> None:
    service_request = post(setting="doctor")
    coordinator = a_coordinator(service_request.pool)
    stale = ServiceRequest.objects.get(pk=service_request.pk)
    release(service_request, by=coordinator)
    reason = Reason.objects.get(code="reject_unclear")
    assert not reject(stale, by=coordinator, reason=reason)
    assert not Message.objects.filter(template="requester_rejected").exists()


def test_a_form_can_be_checked_without_being_sent() -> None:
    check_request(**wish())
    form = wish(setting="court")
    with pytest.raises(ValidationError) as refused:
        check_request(**form)
    assert set(refused.value.message_dict) == {"setting"}
    assert not ServiceRequest.objects.exists()


def test_a_cap_may_be_a_mere_hint() -> None:
    school = a_school()
    set_rule(school.pool, name="cap.case_policy", value="hint_only", since=TODAY)
    for _ in range(6):
        last = post(school, case_code="K 17")
    assert last.status == Status.SEARCHING
    assert notices(last) == ["Für diese Fallkennung ist die höchste Zahl an Einsätzen erreicht."]
