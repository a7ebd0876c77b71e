"""Yes, no, undo, stand-by, cancel on the link page; only that browser sees the address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from matching import assignments, changes, replies
from matching.models import Assignment, Proposal
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.clock import MovableClock
from tests.pages.volunteer.offers import Offer, an_offer, link_to

pytestmark = pytest.mark.django_db
ADDRESS = ("Musterweg 1", "Frau Sommer", "069 90009 100")


def shows_address(page: str) -> bool:
    found = [text in page for text in ADDRESS]
    assert all(found) or not any(found)
    return all(found)


def taken_by_another(offer: Offer) -> None:
    other = an_offer(
        service_request=offer.service_request,
        volunteer=builders.a_volunteer(offer.service_request.pool),
    )
    replies.accept(other.proposal, via="link")


def test_the_yes_shows_the_address_in_this_browser(client: Client) -> None:
    offer = an_offer()
    page = offer.press(client, "yes")
    assert "Sie haben zugesagt" in page
    assert shows_address(page)
    assert offer.assignment is not None
    assert offer.assignment.accepted_via == "link"


def test_a_forwarded_link_shows_no_address_in_another_browser(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    page = offer.get(Client())
    assert "Sie haben zugesagt" in page
    assert not shows_address(page)
    assert "Mit Code anmelden" in page


def test_pressing_yes_again_in_another_browser_opens_nothing(
    client: Client, clock: MovableClock
) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    clock.forward(minutes=5)
    stranger = Client()
    assert not shows_address(offer.press(stranger, "yes"))


def test_the_link_of_the_next_message_shows_the_address_in_the_same_browser(
    client: Client,
) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    reminder = link_to(offer.proposal)
    assert shows_address(client.get(reminder).content.decode())


def test_the_cookie_is_signed_and_goes_nowhere_else(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    response = client.post(offer.url, {"action": "yes"})
    (cookie,) = (morsel for name, morsel in response.cookies.items() if "zusage" in name)
    assert cookie["path"] == "/a/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "Sat, 28 Nov 2026 10:00:00" in cookie["expires"]
    forged = Client()
    assert offer.assignment is not None
    forged.cookies[cookie.key] = str(offer.assignment.public_id)
    assert not shows_address(offer.get(forged))


def test_the_cookie_of_one_appointment_opens_no_other(client: Client) -> None:
    first = an_offer()
    first.press(client, "yes")
    second = an_offer(
        service_request=builders.a_request(first.service_request.pool),
        volunteer=builders.a_volunteer(first.service_request.pool),
    )
    second.press(Client(), "yes")
    assert not shows_address(second.get(client))


def test_who_is_signed_in_as_the_person_sees_the_address(client: Client) -> None:
    offer = an_offer()
    offer.press(Client(), "yes")
    client.force_login(offer.volunteer.person)
    assert shows_address(offer.get(client))
    client.force_login(builders.a_person())
    assert not shows_address(offer.get(client))


def test_the_address_stays_open_until_a_day_after_the_appointment(
    client: Client, clock: MovableClock
) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    clock.forward(days=3, hours=2)
    page = offer.get(client)
    assert "Ihr Einsatz ist vorbei" in page
    assert shows_address(page)
    clock.forward(days=1)
    assert client.get(offer.url).status_code == 410


def test_a_double_click_is_one_yes_and_still_shows_the_address() -> None:
    offer = an_offer()
    browser, answer_thrown_away = Client(), Client()
    browser.get(offer.url)
    answer_thrown_away.cookies["csrftoken"] = browser.cookies["csrftoken"].value
    answer_thrown_away.post(offer.url, {"action": "yes"})
    assert shows_address(offer.press(browser, "yes"))
    assert Assignment.objects.count() == 1


def test_the_second_press_may_be_answered_before_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer, browser = an_offer(), Client()
    browser.get(offer.url)
    second = Client()
    second.cookies["csrftoken"] = browser.cookies["csrftoken"].value
    real, pages = replies.accept, []

    def overtaken(*said: Any, **how: Any) -> replies.Answer:
        answered = real(*said, **how)
        monkeypatch.setattr(replies, "accept", real)
        pages.append(offer.press(second, "yes"))
        return answered

    monkeypatch.setattr(replies, "accept", overtaken)
    offer.press(browser, "yes")
    assert shows_address(pages[0])


def test_a_forwarded_link_does_not_become_a_double_click(clock: MovableClock) -> None:
    offer, hers, forwarded = an_offer(), Client(), Client()
    offer.press(hers, "yes")
    for seconds in (30, 40, 60):
        clock.forward(seconds=seconds)
        assert not shows_address(offer.press(forwarded, "yes"))
    offer.press(forwarded, "undo")
    for _ in range(3):
        assert not shows_address(offer.press(forwarded, "yes"))


def test_the_back_button_after_a_yes_shows_that_it_is_yours(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    page = offer.get(client)
    assert "Ja, ich komme" not in page
    assert "Zusage rückgängig machen" in page


def test_whom_the_coordinator_let_go_cannot_come_back_by_an_old_link(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    held = offer.assignment
    assert held is not None
    coordinator = builders.a_coordinator(held.pool)
    assert assignments.release(held, by=coordinator, is_asked_for=False)
    page = offer.press(client, "yes")
    assert "Sie müssen nicht kommen" in page
    assert "Das hat nicht geklappt" not in page
    assert not Assignment.objects.active().exists()
    assert ServiceRequest.objects.get().status == Status.SEARCHING


def test_who_gave_it_back_herself_may_come_after_all(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    offer.press(client, "cancel")
    assert "Sie haben zugesagt" in offer.press(client, "yes")


def test_a_yes_can_be_undone_for_ten_minutes(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    page = offer.press(client, "yes")
    assert "Das geht bis 10:10 Uhr ohne Folgen" in page
    page = offer.press(client, "undo")
    assert "Haben Sie Zeit?" in page
    assert offer.assignment is None
    assert not shows_address(offer.press(client, "no"))


def test_after_ten_minutes_only_cancelling_is_left(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    clock.forward(minutes=11)
    page = offer.press(client, "undo")
    assert "Rückgängig geht nicht mehr" in page
    assert "Absage senden" in page
    assert offer.assignment is not None


def test_a_no_asks_for_a_reason_and_takes_none(client: Client) -> None:
    offer = an_offer()
    page = offer.press(client, "no")
    assert "Sie haben Nein gesagt" in page
    assert "Zu weit" in page
    offer.proposal.refresh_from_db()
    assert offer.proposal.state == Proposal.State.DECLINED
    assert offer.proposal.decline_reason is None


def test_a_reason_is_one_more_tap(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "no")
    page = offer.press(client, "no", reason="decline_too_far")
    assert "Ihr Grund ist angekommen" in page
    offer.proposal.refresh_from_db()
    assert offer.proposal.decline_reason_id == "decline_too_far"


def test_a_reason_of_another_list_is_no_reason(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "no", reason="absent_client")
    offer.proposal.refresh_from_db()
    assert offer.proposal.decline_reason is None


def test_who_said_no_may_still_come_while_nobody_has_said_yes(client: Client) -> None:
    offer = an_offer()
    assert "Ich kann doch kommen" in offer.press(client, "no")
    assert "Sie haben zugesagt" in offer.press(client, "yes")


def test_too_late_is_said_at_once_and_a_reserve_is_noted(client: Client) -> None:
    offer = an_offer()
    taken_by_another(offer)
    page = offer.press(client, "yes")
    assert "schon vergeben" in page
    assert "Gerade hat jemand anderes zugesagt" in page
    page = offer.press(client, "stand_by")
    assert "Sie stehen als Reserve bereit" in page
    offer.proposal.refresh_from_db()
    assert offer.proposal.state == Proposal.State.STAND_BY


def test_cancelling_needs_no_reason_and_searches_again(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    page = offer.press(client, "cancel")
    assert "Danke fürs Bescheidsagen" in page
    offer.service_request.refresh_from_db()
    assert offer.service_request.status == Status.SEARCHING
    assert not shows_address(page)


def test_cancelling_with_a_reason_keeps_it(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    offer.press(client, "cancel", reason="vcancel_travel")
    assert Assignment.objects.get().cancel_reason_id == "vcancel_travel"


def test_cancelling_twice_is_cancelling_once(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    offer.press(client, "cancel")
    offer.service_request.refresh_from_db()
    assert "Danke fürs Bescheidsagen" in offer.press(client, "cancel")
    assert Assignment.objects.count() == 1


def test_on_the_last_day_one_is_asked_to_ring_up_too(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    assert "rufen Sie zusätzlich an" not in offer.press(client, "yes")
    clock.forward(days=2, hours=12)
    assert "rufen Sie zusätzlich an" in offer.get(client)


def test_after_the_start_nothing_can_be_cancelled(client: Client, clock: MovableClock) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    clock.forward(days=3, minutes=5)
    page = offer.press(client, "cancel")
    assert "Der Einsatz hat schon begonnen" in page
    assert offer.assignment is not None


def test_when_the_office_cancels_the_page_says_not_to_go(client: Client) -> None:
    offer = an_offer()
    offer.press(client, "yes")
    changes.cancel_by_office(offer.service_request, by=offer.service_request.posted_by)
    page = offer.get(client)
    assert "Bitte fahren Sie nicht hin" in page
    assert not shows_address(page)


def test_who_was_asked_and_not_needed_is_thanked_when_the_office_cancels(client: Client) -> None:
    offer = an_offer()
    taken_by_another(offer)
    offer.service_request.refresh_from_db()
    changes.cancel_by_office(offer.service_request, by=offer.service_request.posted_by)
    assert "Nicht mehr nötig" in offer.get(client)


def test_a_reserve_is_asked_again_on_the_same_page(client: Client) -> None:
    offer = an_offer()
    other = an_offer(
        service_request=offer.service_request,
        volunteer=builders.a_volunteer(offer.service_request.pool),
    )
    first = replies.accept(other.proposal, via="link").assignment
    assert first is not None
    offer.press(client, "stand_by")
    assignments.cancel_by_volunteer(first)
    assert "Sie haben zugesagt" in offer.press(client, "yes")


def test_another_browser_that_presses_yes_right_after_sees_no_address() -> None:
    offer = an_offer()
    hers, somebody_elses = Client(), Client()
    for browser in (hers, somebody_elses):
        browser.get(offer.url)
    assert shows_address(offer.press(hers, "yes"))
    assert not shows_address(offer.press(somebody_elses, "yes"))


def test_taking_her_yes_back_and_pressing_it_anew_opens_no_address_to_a_stranger() -> None:
    offer = an_offer()
    hers, somebody_elses = Client(), Client()
    assert shows_address(offer.press(hers, "yes"))
    offer.press(somebody_elses, "undo")
    assert not shows_address(offer.press(somebody_elses, "yes"))
    offer.press(hers, "undo")
    assert shows_address(offer.press(hers, "yes"))
