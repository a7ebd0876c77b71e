"""Pages for everybody: on the smallest screen, in the dark, for screen readers, without a mouse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from background.clock import now
from matching.models import Assignment
from tests import builders
from tests.browser.chromium import DESK, PHONE, SMALLEST
from tests.browser.conftest import NewVisitor
from tests.browser.scene import Scene, a_busy_pool
from tests.browser.scripts import BROKEN_RULES, FOCUS_IS_SEEN, STICKING_OUT, UNFOLD
from tests.browser.visitor import Visitor
from tests.clock import MovableClock
from tests.phone import Phone, heartbeat

pytestmark = pytest.mark.browser
ROLES = ["visitor", "volunteer", "caseworker", "coordinator"]
AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def scene(db: None, clock: MovableClock) -> Scene:
    """Return a pool in the middle of its work."""
    return a_busy_pool()


def somebody(visitor: NewVisitor, scene: Scene, role: str, size: tuple[int, int]) -> Visitor:
    """Return a visitor signed in for the role."""
    return visitor(person=getattr(scene, role, None), size=size)


def unfolded(one: Visitor, path: str) -> Page:
    """Open a page and everything that is folded away on it."""
    one.opens(path)
    one.page.evaluate(UNFOLD)
    return one.page


@pytest.mark.parametrize("role", ROLES)
def test_no_page_scrolls_sideways_on_the_smallest_screen(
    visitor: NewVisitor, scene: Scene, role: str
) -> None:
    one = somebody(visitor, scene, role, SMALLEST)
    faults = {path: unfolded(one, path).evaluate(STICKING_OUT) for path in scene.pages[role]}
    assert {path: fault for path, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_no_barrier_in_the_light_or_in_the_dark(
    visitor: NewVisitor, scene: Scene, role: str
) -> None:
    one = somebody(visitor, scene, role, DESK)
    faults: dict[str, Any] = {}
    for path in scene.pages[role]:
        page = unfolded(one, path)
        faults[path] = broken_rules(page)
        faults[f"{path} in the dark"] = broken_rules_in_the_dark(page)
    assert {path: fault for path, fault in faults.items() if fault} == {}


def test_axe_would_find_a_barrier(visitor: NewVisitor, db: None) -> None:
    page = visitor().opens("/").page
    page.evaluate("document.querySelector('h1').style.color = 'silver'")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert [found.split(":")[0] for found in broken_rules(page)] == ["color-contrast", "label"]
    page.evaluate("document.querySelector('h1').style.color = '#333'")
    assert [found.split(":")[0] for found in broken_rules_in_the_dark(page)] == ["color-contrast"]


def broken_rules(page: Page) -> list[str]:
    """Return what axe-core finds on a page, with the elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(BROKEN_RULES, {"type": "tag", "values": RULES})
    return found


def broken_rules_in_the_dark(page: Page) -> list[str]:
    """Return what axe-core finds after dusk, when nothing but colours changes."""
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found: list[str] = page.evaluate(BROKEN_RULES, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def test_forms_with_mistakes_have_no_barrier_either(visitor: NewVisitor, scene: Scene) -> None:
    faults: dict[str, list[str]] = {}
    newcomer, caseworker = visitor(), visitor(person=scene.caseworker)
    for one, path, button in (
        (newcomer, "/mitmachen/eintragen/?wo=35390", "Angaben absenden"),
        (newcomer, "/stelle-anmelden/?wo=35390", "Zugang beantragen"),
        (newcomer, "/anmelden/", "Code schicken"),
        (caseworker, "/anfragen/neu/", "Anfrage senden"),
    ):
        page = one.opens(path).presses(button).sees("Das hat noch nicht geklappt").page
        faults[path] = broken_rules(page)
        faults[f"{path} in the dark"] = broken_rules_in_the_dark(page)
        page.set_viewport_size({"width": SMALLEST[0], "height": SMALLEST[1]})
        faults[f"{path} on the smallest screen"] = page.evaluate(STICKING_OUT)
    assert {path: fault for path, fault in faults.items() if fault} == {}


def test_the_skip_link_comes_first_and_leads_to_the_content(visitor: NewVisitor, db: None) -> None:
    one = visitor().opens("/")
    one.page.keyboard.press("Tab")
    assert focused(one.page) == "Zum Inhalt springen"
    assert is_focus_visible(one.page)
    one.page.keyboard.press("Enter")
    assert one.page.evaluate("document.activeElement.id") == "main"
    one.page.keyboard.press("Tab")
    assert focused(one.page) == "Sprachhilfe anfragen"


def test_an_offer_can_be_taken_with_the_keyboard_alone(
    visitor: NewVisitor, clock: MovableClock
) -> None:
    pool = builders.a_pool()
    amal = builders.a_volunteer(pool)
    builders.a_request(pool, starts_at=now() + timedelta(hours=5))
    heartbeat()
    one = visitor(size=PHONE).opens(Phone(amal).expects("Dari").path())
    keyboard = one.page.keyboard
    walked: list[str] = []
    while not walked or walked[-1] != "Ja, ich komme":
        keyboard.press("Tab")
        walked.append(focused(one.page))
        assert is_focus_visible(one.page), walked[-1]
        assert len(walked) < 30, walked
    with one.page.expect_navigation():
        keyboard.press("Enter")
    one.sees("Sie haben zugesagt. Danke!")
    assert Assignment.objects.get().volunteer == amal


def focused(page: Page) -> str:
    """Return the text of what has the focus."""
    text: str = page.evaluate("document.activeElement.innerText.trim()")
    return text


def is_focus_visible(page: Page) -> bool:
    """Return whether one sees where the focus is, and nothing covers it."""
    seen: bool = page.evaluate(FOCUS_IS_SEEN)
    return seen
