"""Two searches that see the same free person at the same moment: only one may ask her."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from background.clock import now
from background.failpoints import failpoint
from matching import proposals, search
from matching.models import Proposal, Wave
from service_requests.models import ServiceRequest
from tests import builders
from tests.at_once import at_once
from tests.proofs.arming import armed

pytestmark = pytest.mark.django_db(transaction=True)
SEEN_HER = "proposals.before_people"
WAIT_S = 10


def until_both_have_seen_her() -> Callable[[str], None]:
    """Return a hook that lets neither search write before the other has decided."""
    both = threading.Barrier(2)

    def hook(name: str) -> None:
        if name == SEEN_HER:
            both.wait(WAIT_S)

    return hook


def two_requests(**fields: Any) -> list[ServiceRequest]:
    pool = builders.a_pool()
    builders.a_volunteer(pool, **fields)
    start = now() + timedelta(days=3)
    return [builders.a_request(pool, starts_at=start + timedelta(days=day)) for day in range(2)]


def search_both(requests: Iterable[ServiceRequest]) -> None:
    with armed(until_both_have_seen_her()):
        for answer in at_once(*(lambda pk=one.pk: search.advance(pk) for one in requests)):  # type: ignore[misc]
            assert not isinstance(answer, Exception), answer


def test_she_has_one_open_offer() -> None:
    search_both(two_requests())
    assert Proposal.objects.count() == 1
    assert sorted(Wave.objects.values_list("asked", flat=True)) == [0, 1]


def test_her_budget_is_one_message_a_week() -> None:
    requests = two_requests(messages_per_week=1)
    soon = now() + timedelta(hours=20)  # when it is urgent several offers may be open
    for nth, request in enumerate(requests):
        period = (soon + timedelta(hours=nth), soon + timedelta(hours=nth, minutes=30))
        ServiceRequest.objects.filter(pk=request.pk).update(period=period)
    search_both(requests)
    assert Proposal.objects.count() == 1


def test_control_without_looking_again_both_ask_her(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_first_sight(request: ServiceRequest, chosen: list[Any], relaxed: object) -> list[Any]:
        failpoint(SEEN_HER)
        return chosen

    monkeypatch.setattr(proposals, "_still_to_be_asked", at_first_sight)
    search_both(two_requests())
    assert Proposal.objects.count() == 2
