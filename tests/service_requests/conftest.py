"""Every test here stands still on a Tuesday at ten, and sees which searches were woken."""

from __future__ import annotations

import pytest

from service_requests import posting
from tests.clock import MovableClock


@pytest.fixture(autouse=True)
def _tuesday(clock: MovableClock) -> None:
    """Hold the time."""


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | str]]:
    """Return what the worker was asked to do."""
    calls: list[tuple[str, int | str]] = []
    monkeypatch.setattr(posting, "wake", lambda path, pk: calls.append((path, pk)))
    return calls
