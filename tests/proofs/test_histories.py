"""Random lives of requests, always the same five hundred ones: nothing may ever be wrong."""

from __future__ import annotations

import pytest

from tests.proofs import unprotected
from tests.proofs.histories.life import machine, tell

EXAMPLES = 500
STEPS = 5
"""Few, and they begin in the midst of life (world.py): a minute is what the suite can spare."""
SELDOM = {
    "a_coordinator_asks_the_next",
    "a_role_is_locked (unlocked)",
    "an_office_needs_two",
    "an_office_posts",
    "somebody_takes_her_yes_back",
}
"""What need not succeed in so few steps; `script/prove histories` asks for every rule."""


@pytest.mark.no_cover  # three times as slow while lines are counted
@pytest.mark.django_db(transaction=True)
def test_five_hundred_lives_of_requests_are_well() -> None:
    with machine() as life:
        told = tell(life, examples=EXAMPLES, steps=STEPS, seed=None, shrink=True)
    assert not told.broken, told.broken[0]
    assert told.examples >= EXAMPLES
    assert set(told.never_fired) <= SELDOM


@pytest.mark.no_cover  # three times as slow while lines are counted
@pytest.mark.django_db(transaction=True)
def test_control_without_closing_offers_a_history_is_found_that_is_not_well() -> None:
    with unprotected.without("close_offers"), machine() as life:
        told = tell(life, examples=60, steps=STEPS, seed=1)
    assert "open offer of a request that is not searched" in told.broken[0]
