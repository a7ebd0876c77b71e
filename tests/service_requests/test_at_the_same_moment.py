"""Two browsers, two colleagues, one moment: nothing is posted twice, no cap is passed."""

from __future__ import annotations

import uuid
from functools import partial

import pytest

from reference.models import Reason
from service_requests.models import Event, ServiceRequest, Status
from service_requests.organisations import approve_organisation
from service_requests.posting import post_request, reject, release
from tests.at_once import at_once
from tests.builders import a_coordinator
from tests.service_requests.wishing import a_school, post, wish

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_from_two_browsers_posts_once() -> None:
    form = wish(submission=uuid.uuid4())
    results = at_once(*[partial(post_request, **form)] * 4)
    assert len(set(results)) == 1
    assert ServiceRequest.objects.count() == 1
    assert Event.objects.count() == 1


def test_two_posts_for_one_case_cannot_both_be_the_fifth() -> None:
    school = a_school()
    for _ in range(4):
        post(school, case_code="K 17")
    form = wish(school, case_code="K 17")
    results = at_once(*[partial(post_request, **form)] * 3)
    assert sorted(each.status for each in results) == [
        Status.SEARCHING,
        Status.SUBMITTED,
        Status.SUBMITTED,
    ]


def test_of_two_coordinators_only_one_decides() -> None:
    service_request = post(setting="doctor")
    coordinator = a_coordinator(service_request.pool)
    reason = Reason.objects.get(code="reject_unclear")
    results = at_once(
        partial(release, service_request, by=coordinator),
        partial(
            reject,
            ServiceRequest.objects.get(pk=service_request.pk),
            by=coordinator,
            reason=reason,
        ),
    )
    assert sorted(results) == [False, True]
    assert Event.objects.exclude(kind="posted").count() == 1


def test_of_two_approvals_one_counts() -> None:
    school = a_school(status="registered")
    coordinator = a_coordinator(school.pool)
    assert sorted(at_once(*[partial(approve_organisation, school, by=coordinator)] * 2)) == [
        False,
        True,
    ]
