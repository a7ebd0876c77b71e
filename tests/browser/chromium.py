"""The machine's own Chromium: how it is started, and what nobody should ever see in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    Response,
    sync_playwright,
)

PATH = Path(os.environ.get("CHROMIUM_PATH") or "/usr/bin/chromium")
OURS = "localhost"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page asks of another host fails, even where the machine could reach it.
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {OURS}",
)
PHONE, SMALLEST, DESK = (360, 740), (320, 640), (1280, 900)
SERVER_ERROR = 500


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start Chromium once; each person gets a context of their own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=list(FLAGS))
        yield browser
        browser.close()


def new_context(
    browser: Browser, address: str, size: tuple[int, int], **more: Any
) -> BrowserContext:
    """Return a fresh browser profile of somebody in Germany."""
    width, height = size
    return browser.new_context(
        **{
            "base_url": address,
            "locale": "de-DE",
            "timezone_id": "Europe/Berlin",
            "viewport": {"width": width, "height": height},
        }
        | more
    )


class Watch:
    """Notes what must not happen behind the pages of one profile."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy arrive here too.
        if message.type not in ("error", "warning"):
            return
        if message.text.startswith("Failed to load resource"):
            return  # told better by _response
        self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != OURS:
            self.complaints.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= SERVER_ERROR or (response.status >= 400 and not is_page):
            self.complaints.append(f"{response.status}: {response.url}")
