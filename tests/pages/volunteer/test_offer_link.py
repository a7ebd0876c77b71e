"""The link in an offer: what it shows, what it keeps to itself, that opening it changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from matching import replies, telling
from notifications import contacts, links
from notifications.models import LinkPurpose
from reference.models import Language, Setting, Topic
from service_requests import lifecycle
from service_requests.models import AlternativeSlot, Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.volunteer.offers import an_offer, asked, link_to

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of ours, to compare."""
    ours = (
        "pools",
        "notifications",
        "volunteers",
        "requests",
        "matching",
        "reporting",
        "sessions",
        "django_q",
    )
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in ours
        for model in apps.get_app_config(label).get_models()
    }


def test_it_shows_what_a_volunteer_needs_to_decide(client: Client, clock: MovableClock) -> None:
    offer = an_offer(topic=Topic.objects.get(code="parent_talk"))
    page = offer.get(client)
    for text in (
        "Dolmetschen: Dari",
        "Freitag, 27. November, 10:00 bis 11:00 Uhr",
        "(60 Minuten)",
        "Gießen",
        "≈ 6 km",
        "Schule",
        "Elterngespräch",
        "20 Euro pauschal",
        "Ja, ich komme",
        "Nein, diesmal nicht",
    ):
        assert text in page


def test_it_asks_whether_you_are_the_person_with_first_name_and_three_digits(
    client: Client,
) -> None:
    offer = an_offer()
    number = contacts.usable(offer.volunteer.person)[0].address
    page = offer.get(client)
    assert f"Sind Sie Amina (…{number[-3:]})?" in page
    assert number not in page
    assert "Yilmaz" not in page


def test_it_shows_no_address_before_the_yes(client: Client) -> None:
    offer = an_offer()
    page = offer.get(client)
    assert "Musterweg" not in page
    assert "Frau Sommer" not in page
    assert "069 90009 100" not in page


def test_alternative_slots_are_shown(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    start = offer.service_request.period.lower + timedelta(days=1)
    AlternativeSlot.objects.create(
        service_request=offer.service_request, period=(start, start + timedelta(hours=1))
    )
    assert "Samstag, 28. November, 10:00 bis 11:00 Uhr" in offer.get(client)


def test_a_hidden_place_shows_the_area_and_neither_town_nor_distance_nor_kind(
    client: Client,
) -> None:
    pool = builders.a_pool()
    shelter = builders.an_organisation(
        pool, setting="womens_shelter", postcode=builders.WETTENBERG, is_hidden_place=True
    )
    page = an_offer(
        service_request=builders.a_request(organisation=shelter, setting="womens_shelter")
    ).get(client)
    assert "Gießen" in page  # the area
    assert "Beratung" in page
    for secret in ("Wettenberg", "Frauenhaus", "km)", "35435", shelter.name):
        assert secret not in page


def test_a_hidden_place_outside_hesse_shows_no_town_either(client: Client) -> None:
    offer = an_offer(is_hidden_place=True, municipality=None, postcode=builders.WETTENBERG)
    page = offer.get(client)
    assert "Deutschland" in page
    assert "Wettenberg" not in page
    assert telling.place_for_messages(offer.service_request) == "Deutschland"


def test_a_sensitive_setting_has_its_neutral_label(client: Client) -> None:
    offer = an_offer(setting="pregnancy_advice")
    page = offer.get(client)
    assert Setting.objects.get(code="pregnancy_advice").label_de not in page
    assert "Beratung" in page


def test_on_the_telephone_the_button_says_i_do_it(client: Client) -> None:
    offer = an_offer()
    offer.proposal.mode = "phone"
    offer.proposal.save()
    page = offer.get(client)
    assert "Ja, ich mache es" in page
    assert "am Telefon" in page
    assert "km)" not in page


def test_a_thousand_fetches_change_nothing(client: Client) -> None:
    offer = an_offer()
    before = everything()
    for number in range(1000):
        fetch = client.head if number % 3 == 0 else client.get
        assert fetch(offer.url).status_code == 200
    assert everything() == before


def test_it_is_kept_out_of_caches_search_engines_and_referrers(client: Client) -> None:
    response = client.get(an_offer().url)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] in ("no-referrer", "same-origin")


def test_the_buttons_need_the_token_of_the_form() -> None:
    offer = an_offer()
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(offer.url, {"action": "yes"}).status_code == 403
    assert offer.assignment is None
    page = careful.get(offer.url)
    token = page.context["csrf_token"]
    sent = careful.post(offer.url, {"action": "yes", "csrfmiddlewaretoken": str(token)})
    assert sent.status_code == 303
    assert offer.assignment is not None


def test_an_expired_link_says_so_and_whom_to_ring_up(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    clock.forward(days=5)
    response = client.get(offer.url)
    assert response.status_code == 410
    assert "abgelaufen" in response.content.decode()
    assert "069 90009 001" in response.content.decode()
    assert client.post(offer.url, {"action": "yes"}).status_code == 410
    assert offer.assignment is None


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAA", "kurz", "ö" * 16, "a" * 5000])
def test_an_unknown_link_is_a_page_with_help(client: Client, token: str) -> None:
    response = client.get(f"/a/{token}")
    assert response.status_code == 404
    assert "Diesen Link kennen wir nicht" in response.content.decode()


def test_a_link_for_confirming_opens_no_offer(client: Client) -> None:
    offer = an_offer()
    token = links.issue(
        LinkPurpose.CONFIRMATION,
        person=offer.volunteer.person,
        pool=offer.proposal.pool,
        target=offer.proposal.public_id,
        expires_at=offer.service_request.period.upper,
    )
    assert client.get(f"/a/{token}").status_code == 404


def test_a_button_nobody_offered_does_nothing(client: Client) -> None:
    offer = an_offer()
    before = everything()
    assert "Haben Sie Zeit?" in offer.press(client, "win")
    assert client.post(offer.url).status_code == 303
    assert everything() == before


def test_when_the_office_withdraws_nobody_is_needed(client: Client) -> None:
    offer = an_offer()
    lifecycle.move(offer.service_request, Status.WITHDRAWN, kind="withdrawn", by=None)
    page = offer.get(client)
    assert "Nicht mehr nötig" in page
    assert "Ja, ich komme" not in page


def test_after_the_start_it_is_over(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    clock.forward(days=3, minutes=1)
    page = offer.get(client)
    assert "schon vorbei" in page
    assert "Ja, ich komme" not in page
    assert "schon vorbei" in offer.press(client, "yes")


def test_an_overlap_names_the_other_appointment(client: Client, clock: MovableClock) -> None:
    first = an_offer(postcode=builders.WETTENBERG)
    replies.accept(first.proposal, via="link")
    second = an_offer(
        service_request=builders.a_request(first.service_request.pool), volunteer=first.volunteer
    )
    page = second.get(client)
    assert "haben Sie schon einen Einsatz in Wettenberg" in page
    assert "Ja, ich komme" not in page
    assert "schon einen Einsatz" in second.press(client, "yes")
    assert second.assignment is None


def test_a_missing_record_is_only_hinted_at(client: Client) -> None:
    offer = an_offer()
    offer.service_request.required_records = [["module_health"]]
    offer.service_request.save(update_fields=["required_records"])
    page = offer.get(client)
    assert "Ein Nachweis fehlt. Ihre Koordination meldet sich." in page
    assert "Ja, ich komme" not in page
    assert "Ein Nachweis fehlt" in offer.press(client, "yes")
    assert offer.assignment is None


def test_another_language_that_is_fine_too_is_said(client: Client) -> None:
    pool = builders.a_pool()
    wanted = builders.a_request(pool, language="haz")
    offer = an_offer(service_request=wanted, volunteer=builders.a_volunteer(pool))
    offer.proposal.language = Language.objects.get(code="prs")
    offer.proposal.save()
    page = offer.get(client)
    assert "Dolmetschen: Dari" in page
    assert "Gewünscht ist Hazaragi" in page


def test_a_guide_for_no_language_in_particular(client: Client) -> None:
    pool = builders.a_pool()
    service_request = builders.a_request(
        pool, language=None, kind="guide", required_records=[["basic_guide"]]
    )
    volunteer = builders.a_volunteer(pool)
    offer_language = Language.objects.get(code="any")
    proposal = asked(service_request, volunteer, language=offer_language)
    page = client.get(link_to(proposal)).content.decode()
    assert "Begleitung. Haben Sie Zeit?" in page
    assert "keine bestimmte Sprache" in page
    assert "5 Euro für jede Stunde" in page
