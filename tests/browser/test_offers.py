"""An offer on a telephone: taken by two at once, twice, too late, or by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from background.clock import now
from matching.models import Assignment, Proposal
from notifications.models import Message
from service_requests.models import Event, ServiceRequest
from tests import builders
from tests.browser.chromium import PHONE
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat
from volunteers.models import Volunteer

pytestmark = pytest.mark.browser
STREET = "Licher Straße 74"
YES, NO = "Ja, ich komme", "Nein, diesmal nicht"
THANKS = "Sie haben zugesagt. Danke!"


@dataclass
class Asked:
    """A volunteer who holds an offer, and the browser of her telephone."""

    volunteer: Volunteer
    sms: Phone
    screen: Visitor

    @property
    def link(self) -> str:
        """Return the link of the message read last."""
        return self.sms.path()


@pytest.fixture
def service_request(db: None, clock: MovableClock) -> ServiceRequest:
    """Return a request for this afternoon, for which two people can come."""
    pool = builders.a_pool()
    office = builders.an_organisation(pool, address=STREET)
    found = builders.a_request(
        organisation=office, starts_at=now() + timedelta(hours=5), address=STREET
    )
    for _ in range(2):
        builders.a_volunteer(pool)
    heartbeat()
    return found


@pytest.fixture
def asked(service_request: ServiceRequest, visitor: NewVisitor) -> tuple[Asked, Asked]:
    """Return both people who were asked, each with the link open on the telephone."""
    first, second = (
        Asked(
            volunteer,
            Phone(volunteer).expects("Dari"),
            visitor(size=PHONE, java_script_enabled=False),
        )
        for volunteer in Volunteer.objects.order_by("pk")
    )
    for one in (first, second):
        one.screen.opens("/").opens(one.link).sees("Haben Sie Zeit?").sees_no(STREET)
    return first, second


def test_of_two_who_press_yes_one_gets_it_and_the_other_may_stay_as_a_reserve(
    asked: tuple[Asked, Asked],
) -> None:
    first, second = asked
    first.screen.presses(YES).sees(THANKS, STREET)
    second.screen.presses(YES).sees("Dieser Einsatz ist schon vergeben").sees_no(STREET)
    second.screen.presses("Als Reserve merken").sees("Sie stehen als Reserve bereit.")
    assert Assignment.objects.get().volunteer == first.volunteer
    assert Proposal.objects.get(volunteer=second.volunteer).state == Proposal.State.STAND_BY


def test_the_back_button_after_a_yes_shows_the_yes(asked: tuple[Asked, Asked]) -> None:
    screen = asked[0].screen.presses(YES).sees(THANKS)
    screen.goes_back()
    if screen.path() == "/":  # the yes took the place of the offer in the history
        screen.opens(asked[0].link)
    screen.sees(THANKS, STREET)
    screen.reloads().sees(THANKS)
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_double_click_on_yes_is_one_yes_and_shows_the_address(
    asked: tuple[Asked, Asked], visitor: NewVisitor, javascript: bool
) -> None:
    screen = visitor(size=PHONE, java_script_enabled=javascript).opens(asked[0].link)
    screen.presses_twice(YES).sees(THANKS, STREET)
    screen.reloads().sees(THANKS, STREET)
    assert Assignment.objects.count() == 1


def test_an_accidental_yes_can_be_taken_back_and_given_again(
    asked: tuple[Asked, Asked], service_request: ServiceRequest
) -> None:
    screen = asked[0].screen.presses(YES).sees("Das geht bis 10:10 Uhr ohne Folgen.")
    screen.presses("Zusage rückgängig machen").sees("Haben Sie Zeit?").sees_no(STREET)
    service_request.refresh_from_db()
    assert service_request.status == "searching"
    screen.presses(YES).sees(THANKS, STREET)


def test_a_no_takes_one_press_and_its_reason_another(asked: tuple[Asked, Asked]) -> None:
    screen = asked[0].screen.presses(NO).sees("Sie haben Nein gesagt. Das ist kein Problem.")
    screen.presses("Zu weit").sees("Danke, Ihr Grund ist angekommen.")
    reason = Proposal.objects.get(volunteer=asked[0].volunteer).decline_reason
    assert reason is not None
    assert reason.code == "decline_too_far"
    screen.presses("Ich kann doch kommen").sees(THANKS, STREET)


def test_opening_the_link_twenty_times_changes_nothing(asked: tuple[Asked, Asked]) -> None:
    def everything() -> list[object]:
        rows = Proposal.objects.order_by("pk").values_list("state", "answered_at")
        return [*rows, Event.objects.count(), Message.objects.count(), Assignment.objects.count()]

    before, screen = everything(), asked[0].screen
    for _ in range(20):
        assert screen.context.request.get(asked[0].link).status == 200
    assert everything() == before
    screen.reloads().sees("Haben Sie Zeit?").presses(YES).sees(THANKS)


def test_an_expired_link_says_so_and_whom_to_ring_up(
    asked: tuple[Asked, Asked], clock: MovableClock
) -> None:
    asked[0].screen.presses(YES)
    clock.forward(hours=31)
    screen = asked[0].screen.reloads()
    assert screen.status == 410
    screen.sees("Dieser Link ist abgelaufen", "069 90009 001").sees_no(STREET)
    screen.follows("Mit Code anmelden").is_at("/anmelden/")


def test_a_forwarded_link_says_for_whom_it_is_and_never_shows_the_address(
    asked: tuple[Asked, Asked], visitor: NewVisitor
) -> None:
    amal, somebody = asked[0], visitor(size=PHONE, java_script_enabled=False)
    hint = f"Sind Sie {amal.volunteer.person.given_name} (…"
    somebody.opens(amal.link).sees(hint, "Dieser Link ist nur für Sie.").sees_no(STREET)
    amal.screen.presses(YES).sees(STREET)
    somebody.reloads().sees(THANKS, hint, "Mit Code anmelden").sees_no(STREET, "Frau Sommer")


def test_a_link_with_a_missing_letter_is_explained(asked: tuple[Asked, Asked]) -> None:
    screen = asked[0].screen.opens(asked[0].link[:-1])
    assert screen.status == 404
    screen.sees("Diesen Link kennen wir nicht", "Vielleicht fehlt am Ende ein Zeichen.")
