"""A browser without JavaScript in somebody's hand: opens a link, presses a button, reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.proofs.history import Word

PATIENCE_S = 60
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HEADLINE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
YES = "Sie haben zugesagt"
TAKEN = "vergeben"


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    location: str = ""

    @property
    def word(self) -> Word:
        """Return what the page tells its reader about the appointment."""
        if self.status != 200:
            return Word.UNKNOWN
        headline = " ".join(_HEADLINE.findall(self.text))
        if YES in headline:
            return Word.OK
        return Word.TAKEN if TAKEN in headline else Word.REFUSED


class Phone:
    """One browser with its own cookies; every request on a connection of its own."""

    def __init__(self, port: int, *, host: str = "127.0.0.1") -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}

    def open(self, path: str) -> Page:
        """Open an address; changes nothing at the other end."""
        return self._ask("GET", path, {})

    def press(self, path: str, page: Page, **fields: str) -> Page:
        """Press a button of a form on the page, and read where it leads."""
        found = _CSRF.search(page.text)
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        answer = self._ask("POST", path, token | fields)
        return self.open(answer.location) if answer.location else answer

    def _ask(self, method: str, path: str, form: dict[str, str]) -> Page:
        connection = HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        headers = {"Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
            for header in response.headers.get_all("Set-Cookie", []):
                for name, cookie in SimpleCookie(header).items():
                    self.cookies[name] = cookie.value
            location = response.getheader("Location", "") if 300 <= response.status < 400 else ""
            return Page(response.status, text, location)
        finally:
            connection.close()
