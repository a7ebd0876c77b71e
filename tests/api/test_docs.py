"""docs/api.md: every example is sent, and answered as it is written there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.api.callers import Caller
from tests.builders import (
    a_caseworker,
    a_coordinator,
    a_pool,
    a_request,
    a_volunteer,
    an_organisation,
)
from tests.matching.offers import a_proposal
from tests.tenancy.api_routes import patterns
from webhooks import endpoints

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"^```http\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"
NOT_SHOWN = frozenset({"api_schema"})


@dataclass(frozen=True)
class Example:
    """A call as it is written, and its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int
    answer: str


def examples() -> Iterator[Example]:
    """Yield the examples in their order: a block that calls, a block that answers."""
    blocks = BLOCK.findall(DOCS.read_text(encoding="utf-8"))
    for call, answer in zip(blocks[::2], blocks[1::2], strict=True):
        head, _, body = call.partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split()
        headers = dict(line.split(": ", 1) for line in lines)
        status, _, told = answer.partition("\n\n")
        yield Example(method, path, headers, body.strip(), int(status), told.strip())


class Scene:
    """Who calls, and what the words in braces stand for."""

    def __init__(self) -> None:
        pool = a_pool()
        school = an_organisation(pool)
        volunteer, other = a_volunteer(pool), a_volunteer(pool)
        wanted = a_request(organisation=school)
        a_request(organisation=school, language="am")  # stays open for the coordinator's list
        self.callers = {
            "caseworker": Caller(a_caseworker(school, given_name="Eva", family_name="Weber")),
            "volunteer": Caller(volunteer.person),
            "other_volunteer": Caller(other.person),
            "coordinator": Caller(a_coordinator(pool)),
        }
        self.words = {
            "organisation": str(school.public_id),
            "pool": str(pool.public_id),
            "offer": str(a_proposal(wanted, volunteer).public_id),
            "other_offer": str(a_proposal(wanted, other).public_id),
        }

    def filled(self, text: str) -> str:
        """Return the text with the words in braces replaced; other braces stay."""
        for word, value in self.words.items():
            text = text.replace("{" + word + "}", value)
        return text

    def answer(self, example: Example) -> Any:
        """Send it."""
        headers = dict(example.headers)
        caller = self.callers[headers.pop("as", "caseworker")]
        sent = {name: self.filled(value) for name, value in headers.items()}
        response = caller.client.generic(
            example.method,
            self.filled(example.path),
            self.filled(example.body).encode(),
            content_type="application/json",
            headers=caller.headers | sent,
        )
        if example.status == 201 and example.path == "/api/v1/requests/":
            self.words["request"] = response.json()["id"]
        if "ETag" in response:
            self.words["etag"] = response["ETag"]
        return response


def _fits(written: Any, told: Any, where: str = "") -> list[str]:
    """Return where the answer differs; objects may hold more than is written."""
    if written == ANYTHING:
        return [] if told not in (None, "") else [where]
    if isinstance(written, dict) and isinstance(told, dict):
        missing = [f"{where}/{name}" for name in written if name not in told]
        return missing + [
            each
            for name in written.keys() & told.keys()
            for each in _fits(written[name], told[name], f"{where}/{name}")
        ]
    if isinstance(written, list) and isinstance(told, list):
        if len(told) < len(written):
            return [where]
        pairs = zip(written, told, strict=False)
        return [each for one, two in pairs for each in _fits(one, two, f"{where}/0")]
    return [] if written == told else [f"{where}: {told!r} instead of {written!r}"]


def test_every_example_is_answered_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "public_address", lambda host, port: "192.0.2.1")
    scene = Scene()
    found = list(examples())
    assert len(found) > 15
    for example in found:
        response = scene.answer(example)
        assert response.status_code == example.status, (example, response.content)
        wrong = _fits(json.loads(scene.filled(example.answer)), response.json())
        assert wrong == [], example


def test_every_part_of_the_api_is_in_the_docs() -> None:
    text = DOCS.read_text(encoding="utf-8")
    parts = {
        address.split("/")[2]
        for address, pattern in patterns()
        if address.startswith("api/v1/") and pattern.name not in NOT_SHOWN
    }
    assert [part for part in sorted(parts) if f"/{part}/" not in text] == []
