"""What must hold when people act at the same moment, on real connections.

Each promise has its control: with the protection taken away the very same steps break it. Else
the test would prove nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from background.clock import now
from matching import replies
from matching.models import Assignment, Proposal
from matching.replies import Kind
from service_requests.models import ServiceRequest
from tests import builders
from tests.at_once import at_once
from tests.matching.offers import a_proposal, offers_of_one_request, yes
from tests.proofs import unprotected
from tests.proofs.arming import armed

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_S = 10


def pausing_for(n: int) -> Callable[[str], None]:
    """Return a hook that holds everybody between look and write until n are there.

    Who never comes is waited for in vain, but not for ever: the answers will say why.
    """
    arrived: list[str] = []
    one_more = threading.Condition()

    def hook(name: str) -> None:
        if name == unprotected.BETWEEN:
            with one_more:
                arrived.append(name)
                one_more.notify_all()
                one_more.wait_for(lambda: len(arrived) >= n, WAIT_S)

    return hook


# ── One request, many yeses ──────────────────────────────────────────────────────────────────────


def active(service_request: ServiceRequest) -> int:
    return Assignment.objects.filter(
        service_request=service_request, cancelled_at__isnull=True
    ).count()


def test_of_ten_simultaneous_yeses_one_gets_it_and_nine_are_told_so() -> None:
    offers = offers_of_one_request(10)
    answers = at_once(*[yes(offer) for offer in offers])
    assert sorted(answers) == [Kind.ACCEPTED] + 9 * [Kind.TAKEN]
    assert active(offers[0].service_request) == 1


def test_control_looking_first_and_writing_afterwards_gives_it_to_everybody() -> None:
    offers = offers_of_one_request(3)
    with (
        unprotected.dropped(unprotected.ONE_ACTIVE_PER_REQUEST),
        unprotected.without("request_guard"),
        armed(pausing_for(3)),
    ):
        assert at_once(*[yes(offer) for offer in offers]) == 3 * [Kind.ACCEPTED]
        assert active(offers[0].service_request) == 3


def test_the_index_alone_keeps_a_second_yes_out() -> None:
    offers = offers_of_one_request(3)
    with unprotected.without("request_guard"), armed(pausing_for(3)):
        answers = at_once(*[yes(offer) for offer in offers])
    assert answers.count(Kind.ACCEPTED) == 1
    assert active(offers[0].service_request) == 1


# ── One person, many yeses ───────────────────────────────────────────────────────────────────────


def overlapping_offers_of_one_person(n: int) -> list[Proposal]:
    """Return n offers for the same hour, in turns from two pools."""
    pools = [builders.a_pool(), builders.a_pool("06534014")]
    first = builders.a_volunteer(pools[0])
    volunteers = [first, builders.a_volunteer(pools[1], person=first.person)]
    organisations = [builders.an_organisation(pool) for pool in pools]
    start = now() + timedelta(days=3)
    return [
        a_proposal(
            builders.a_request(
                organisation=organisations[i % 2], starts_at=start + timedelta(minutes=3 * i)
            ),
            volunteers[i % 2],
        )
        for i in range(n)
    ]


def overlaps() -> int:
    """Return how many pairs of active appointments of one person overlap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM matching_assignment a JOIN matching_assignment b"
            " ON a.person_id = b.person_id AND a.id < b.id AND a.period && b.period"
            " WHERE a.cancelled_at IS NULL AND b.cancelled_at IS NULL"
        )
        return int(cursor.fetchone()[0])


def test_of_ten_simultaneous_yeses_of_one_person_in_two_pools_one_counts() -> None:
    offers = overlapping_offers_of_one_person(10)
    answers = at_once(*[yes(offer) for offer in offers])
    assert sorted(answers) == [Kind.ACCEPTED] + 9 * [Kind.OVERLAP]
    assert overlaps() == 0
    assert Assignment.objects.count() == 1


def test_whoever_loses_to_the_own_other_yes_leaves_that_request_open() -> None:
    offers = overlapping_offers_of_one_person(2)
    at_once(*[yes(offer) for offer in offers])
    statuses = ServiceRequest.objects.values_list("status", flat=True)
    assert sorted(statuses) == ["confirmed", "searching"]


def test_control_without_lock_and_constraint_she_is_in_three_places() -> None:
    offers = overlapping_offers_of_one_person(3)
    with (
        unprotected.dropped(unprotected.NOBODY_IN_TWO_PLACES),
        unprotected.without("person_guard"),
        armed(pausing_for(3)),
    ):
        assert at_once(*[yes(offer) for offer in offers]) == 3 * [Kind.ACCEPTED]
        assert overlaps() == 3


def test_the_constraint_alone_keeps_her_out_of_two_places() -> None:
    offers = overlapping_offers_of_one_person(3)
    with unprotected.without("person_guard"), armed(pausing_for(3)):
        answers = at_once(*[yes(offer) for offer in offers])
    assert sorted(answers) == [Kind.ACCEPTED, Kind.OVERLAP, Kind.OVERLAP]
    assert overlaps() == 0


def test_a_second_appointment_in_the_same_hour_breaks_the_constraint() -> None:
    first, second = overlapping_offers_of_one_person(2)
    assert replies.accept(first, via="link").kind == Kind.ACCEPTED
    held = Assignment.objects.get()
    with pytest.raises(IntegrityError, match=unprotected.NOBODY_IN_TWO_PLACES):
        Assignment.objects.create(
            pool=second.pool,
            service_request=second.service_request,
            volunteer=second.volunteer,
            volunteer_pool=second.volunteer_pool,
            person=second.person,
            language=second.language,
            proposal=second,
            period=held.period,
            mode="on_site",
            accepted_via="page",
            undo_until=now(),
        )
