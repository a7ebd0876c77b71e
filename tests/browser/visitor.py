"""Somebody in front of a browser, told in what one sees and presses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Response

from tests.browser.chromium import Watch

AS_LONG_AS_MS = 8_000


class Visitor:
    """One person with one browser profile; every press is a whole page, as without JavaScript."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.watch = Watch(context)
        self.page = context.new_page()
        self.page.set_default_timeout(AS_LONG_AS_MS)
        self.status = 0

    def opens(self, path: str) -> Visitor:
        """Go to an address of ours."""
        return self._arrived(self.page.goto(path))

    def reloads(self) -> Visitor:
        """Press the browser's own button."""
        return self._arrived(self.page.reload())

    def goes_back(self) -> Visitor:
        """Press the browser's back button."""
        self.page.go_back()
        return self

    def presses(self, name: str) -> Visitor:
        """Press a button and wait for the page it leads to."""
        button = self.page.get_by_role("button", name=name, exact=True)
        return self._leads_on(self._there(button, name))

    def presses_twice(self, name: str) -> Visitor:
        """Press a button as a trembling finger does, and wait until a page without it stands."""
        button = self.page.get_by_role("button", name=name, exact=True)
        self._there(button, name).click(click_count=2, delay=30)
        button.wait_for(state="detached")
        self.page.wait_for_load_state()
        return self

    def follows(self, name: str) -> Visitor:
        """Press a link and wait for the page it leads to."""
        link = self.page.get_by_role("link", name=name, exact=True)
        return self._leads_on(self._there(link, name).first)

    def fills(self, fields: dict[str, str]) -> Visitor:
        """Type into the fields with these labels."""
        for label, text in fields.items():
            self.field(label).fill(text)
        return self

    def chooses(self, fields: dict[str, str]) -> Visitor:
        """Pick from the lists with these labels."""
        for label, option in fields.items():
            self.field(label).select_option(label=option)
        return self

    def ticks(self, *labels: str) -> Visitor:
        """Set the tick boxes and radio buttons with these labels."""
        for label in labels:
            self.field(label).check()
        return self

    def unfolds(self, name: str) -> Visitor:
        """Open what is folded away."""
        self.page.locator("summary").filter(has_text=name).click()
        return self

    def field(self, label: str) -> Locator:
        """Return the one field with this label, marked as optional or not."""
        pattern = re.compile(rf"^\s*{re.escape(label)}\s*(\(freiwillig\)\s*)?$")
        return self._there(self.page.get_by_label(pattern), label)

    def sees(self, *texts: str) -> Visitor:
        """Read these words on the page."""
        shown = self.text()
        for text in texts:
            assert text in shown, f"«{text}» is not on {self.page.url}:\n{shown}"
        return self

    def sees_no(self, *texts: str) -> Visitor:
        """Read the page in vain for these words, in its source as well."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"«{text}» is on {self.page.url}"
        return self

    def is_at(self, path: str) -> Visitor:
        """Be on that page."""
        assert self.path() == path, self.page.url
        return self

    def path(self) -> str:
        """Return where the person is."""
        return urlsplit(self.page.url).path

    def text(self) -> str:
        """Return what can be read: nothing that is folded away, each run of spaces as one."""
        return " ".join(self.page.locator("body").inner_text().split())

    def title(self) -> str:
        """Return what stands on the tab."""
        return self.page.title()

    def error_at(self, label: str) -> str:
        """Return what is said at a field, found as a screen reader finds it."""
        field = self.field(label)
        described = field.get_attribute("aria-describedby") or ""
        assert field.get_attribute("aria-invalid") == "true", f"«{label}» is not marked"
        said = [self.page.locator(f"#{one}").inner_text() for one in described.split()]
        return " ".join(said)

    def _there(self, target: Locator, name: str) -> Locator:
        # Pages are complete when they have loaded: what is not there now never comes.
        assert target.count(), f"no «{name}» on {self.page.url}:\n{self.text()}"
        return target

    def _leads_on(self, target: Locator) -> Visitor:
        with self.page.expect_navigation() as arriving:
            target.click()
        return self._arrived(arriving.value)

    def _arrived(self, response: Response | None) -> Visitor:
        assert response is not None
        self.status = response.status
        assert self.status < 500, f"{self.status} at {self.page.url}"
        return self
