"""A receiver in the open internet: what it was told, and how it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from webhooks import sending


class Receiver:
    """Stands in for webhooks.reaching.post."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[int | Exception] = []
        self.calls: list[tuple[str, bytes, Mapping[str, str]]] = []
        monkeypatch.setattr(sending, "post", self)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Take one delivery."""
        self.calls.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer

    def told(self) -> list[str]:
        """Return the types of what was told."""
        return [json.loads(body)["type"] for _, body, _ in self.calls]

    def last(self) -> Any:
        """Return the last body."""
        return json.loads(self.calls[-1][1])


def beat() -> None:
    """Let the heartbeat note what is new and the worker send what is due."""
    from webhooks.models import Delivery

    sending.sweep()
    for public_id in Delivery.objects.values_list("public_id", flat=True).order_by("event"):
        sending.deliver(str(public_id))
