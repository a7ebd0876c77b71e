"""What a check found in a wish: refused, for the coordinator, or a hint."""

from __future__ import annotations

from dataclasses import dataclass

from pools.rules import Verdict


@dataclass(frozen=True)
class Finding:
    """One thing to say about a wish; with ALLOWED it is only a hint."""

    verdict: Verdict
    field: str
    code: str
    text: str


def refused(field: str, code: str, text: str) -> Finding:
    """Return a finding that stops the request."""
    return Finding(Verdict.REFUSED, field, code, text)


def for_coordinator(field: str, code: str, text: str) -> Finding:
    """Return a finding that a coordinator decides about."""
    return Finding(Verdict.COORDINATOR, field, code, text)


def hint(field: str, code: str, text: str) -> Finding:
    """Return a finding that changes nothing."""
    return Finding(Verdict.ALLOWED, field, code, text)
