"""Providers and people for the tests of the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from background import failpoints
from notifications.models import Channel
from pools.models import User
from tests.builders import a_contact, a_person
from tests.provider.smtp import FakeSmtp
from tests.provider.twilio import FakeTwilio


@pytest.fixture
def amal(db: None) -> User:
    """A person with a telephone."""
    person = a_person(given_name="Amal")
    a_contact(person)
    return person


@pytest.fixture
def berta(db: None) -> User:
    """A person with a mailbox."""
    person = a_person(given_name="Berta")
    a_contact(person, channel=Channel.EMAIL)
    return person


@pytest.fixture
def twilio(settings: Settings) -> Iterator[FakeTwilio]:
    """A provider of SMS to which our channel is connected."""
    with FakeTwilio() as fake:
        for name, value in fake.settings.items():
            setattr(settings, name, value)
        yield fake


@pytest.fixture
def smtp(settings: Settings) -> Iterator[FakeSmtp]:
    """A mail server to which our channel is connected."""
    with FakeSmtp() as fake:
        for name, value in fake.settings.items():
            setattr(settings, name, value)
        yield fake


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Let the program die at a failpoint, once; the list tells which points were passed."""

    def arm(name: str) -> list[str]:
        passed: list[str] = []

        def hook(here: str) -> None:
            passed.append(here)
            if here == name and passed.count(name) == 1:
                raise Crash(name)

        monkeypatch.setattr(failpoints, "armed", hook)
        return passed

    return arm


class Crash(BaseException):
    """Stands for kill -9: nothing may catch it."""
