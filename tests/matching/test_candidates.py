"""Who may be asked: every hard filter keeps somebody out, and only that somebody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from background.clock import now
from matching import candidates, proposals
from matching.models import Candidate as CandidateRow
from matching.models import RequestVolunteer
from matching.ranking import rank
from matching.reading import need_of
from notifications.models import Message
from reference.models import Language, Municipality, Setting
from service_requests.models import ServiceRequest
from tests import builders
from tests.clock import MovableClock
from volunteers.models import Absence, Volunteer
from volunteers.week import week_of

pytestmark = pytest.mark.django_db


def people(service_request: ServiceRequest, **how: Any) -> set[int]:
    """Return the ids of the volunteers found for a request."""
    found = candidates.find(need_of(service_request, now()), now(), **how)
    assert len({one.person_id for one in found}) == len(found)
    return {one.volunteer_id for one in found}


@pytest.fixture
def pool(clock: MovableClock) -> Any:
    return builders.a_pool()


@pytest.fixture
def volunteer(pool: Any) -> Volunteer:
    return builders.a_volunteer(pool, speaks="prs")


@pytest.fixture
def service_request(pool: Any, volunteer: Volunteer) -> ServiceRequest:
    return builders.a_request(pool, language="prs")


def test_a_qualified_neighbour_is_found(
    service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    assert people(service_request) == {volunteer.pk}


def test_another_language_is_not_found(pool: Any, volunteer: Volunteer) -> None:
    assert people(builders.a_request(pool, language="ti")) == set()


def test_a_language_the_requester_agreed_to_is_found(pool: Any, volunteer: Volunteer) -> None:
    service_request = builders.a_request(pool, language="fa")
    assert people(service_request) == set()
    service_request.bridge_languages.add(Language.objects.get(code="prs"))
    assert people(service_request) == {volunteer.pk}


def test_a_guide_is_found_without_a_language(pool: Any, volunteer: Volunteer) -> None:
    service_request = builders.a_request(
        pool, language=None, kind="guide", required_records=[["basic_guide"]]
    )
    assert people(service_request) == {volunteer.pk}


def test_another_pool_is_never_asked(service_request: ServiceRequest) -> None:
    builders.a_volunteer(builders.a_pool("06534"), speaks="prs")
    assert len(people(service_request)) == 1


def test_too_far_is_too_far(pool: Any, service_request: ServiceRequest) -> None:
    far = builders.a_volunteer(pool, speaks="prs", postcode=builders.MARBURG, radius_km=10)
    near = builders.a_volunteer(pool, speaks="prs", postcode=builders.MARBURG, radius_km=60)
    assert far.pk not in people(service_request)
    assert near.pk in people(service_request)


def test_an_extra_municipality_reaches_further_than_the_radius(
    pool: Any, service_request: ServiceRequest
) -> None:
    far = builders.a_volunteer(pool, speaks="prs", postcode=builders.MARBURG, radius_km=1)
    assert far.pk not in people(service_request)
    far.person.profile.extra_municipalities.add(Municipality.objects.get(ags="06531005"))
    found = candidates.find(need_of(service_request, now()), now())
    [one] = [one for one in found if one.volunteer_id == far.pk]
    assert one.distance_m > 20_000, "distance is always from home"


def test_by_telephone_distance_does_not_matter(pool: Any, volunteer: Volunteer) -> None:
    far = builders.a_volunteer(pool, speaks="prs", postcode=builders.BERLIN_MITTE, phone=True)
    silent = builders.a_volunteer(pool, speaks="prs", phone=False)
    found = people(builders.a_request(pool, language="prs", modes=["phone"]))
    assert far.pk in found
    assert silent.pk not in found


def _revoke(volunteer: Volunteer) -> None:
    volunteer.qualifications.filter(type_id="german_b1").update(revoked_at=now())


def _expire(volunteer: Volunteer) -> None:
    # valid today, not on the day of the appointment
    volunteer.qualifications.filter(type_id="german_b1").update(
        valid=(date(2025, 1, 1), now().date() + timedelta(days=2))
    )


def _pause(volunteer: Volunteer) -> None:
    volunteer.person.profile.is_paused = True
    volunteer.person.profile.save()


def _pause_until_later(volunteer: Volunteer) -> None:
    volunteer.person.profile.paused_until = now().date() + timedelta(days=1)
    volunteer.person.profile.save()


def _be_away(volunteer: Volunteer) -> None:
    day = (now() + timedelta(days=3)).date()
    Absence.objects.create(profile=volunteer.person.profile, days=(day, day + timedelta(days=1)))


def _not_that_hour(volunteer: Volunteer) -> None:
    profile = volunteer.person.profile
    profile.week = week_of({(6, 3)})
    profile.save()


def _opt_out(volunteer: Volunteer) -> None:
    volunteer.person.profile.opted_out_settings.add(Setting.objects.get(code="school"))


def _stop(volunteer: Volunteer) -> None:
    volunteer.person.contacts.update(stopped_at=now())


def _leave(volunteer: Volunteer) -> None:
    Volunteer.objects.filter(pk=volunteer.pk).update(
        status=Volunteer.Status.LEFT, interpreting_unlocked_at=None, guiding_unlocked_at=None
    )


def _lock(volunteer: Volunteer) -> None:
    Volunteer.objects.filter(pk=volunteer.pk).update(interpreting_unlocked_at=None)


def _weekly_cap(volunteer: Volunteer) -> None:
    profile = volunteer.person.profile
    profile.assignments_per_week = 0
    profile.save()


def _budget_used(volunteer: Volunteer) -> None:
    contact = volunteer.person.contacts.get()
    for number in range(3):
        Message.objects.create(
            person=volunteer.person,
            contact=contact,
            pool=volunteer.pool,
            dedupe_key=f"{volunteer.pk}-{number}",
            message_class="offer",
            template="offer",
            state="delivered",
            created_at=now() - timedelta(days=number),
            not_before=now(),
            not_after=now(),
        )


@pytest.mark.parametrize(
    "change",
    [
        _revoke,
        _expire,
        _pause,
        _pause_until_later,
        _be_away,
        _not_that_hour,
        _opt_out,
        _stop,
        _leave,
        _lock,
        _weekly_cap,
        _budget_used,
    ],
)
def test_each_filter_keeps_out_the_one_it_is_about(
    change: Any, pool: Any, service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    other = builders.a_volunteer(pool, speaks="prs")
    assert people(service_request) == {volunteer.pk, other.pk}
    change(volunteer)
    assert people(service_request) == {other.pk}


def test_a_pause_that_is_over_does_not_count(
    service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    volunteer.person.profile.paused_until = now().date()
    volunteer.person.profile.save()
    assert people(service_request) == {volunteer.pk}


def test_conflicts_of_interest_count(
    pool: Any, service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    colleague = builders.a_volunteer(
        pool, person=builders.a_caseworker(service_request.organisation), speaks="prs"
    )
    excluded = builders.a_volunteer(pool, speaks="prs")
    RequestVolunteer.objects.create(
        pool=pool, service_request=service_request, volunteer=excluded, wish="excluded"
    )
    volunteer.person.profile.avoided_organisations.add(service_request.organisation)
    assert colleague.pk not in people(service_request)
    assert people(service_request) == set()


def test_a_gender_that_is_a_must_is_a_filter(pool: Any) -> None:
    woman = builders.a_volunteer(pool, speaks="prs", gender="f")
    builders.a_volunteer(pool, speaks="prs", gender="m")
    builders.a_volunteer(pool, speaks="prs")
    must = builders.a_request(pool, language="prs", gender_wish="f", gender_must=True)
    wish = builders.a_request(pool, language="prs", gender_wish="f")
    assert people(must) == {woman.pk}
    assert len(people(wish)) == 3


def test_a_hundred_percent_relaxed_filter_lets_in(
    service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    _budget_used(volunteer)
    assert people(service_request) == set()
    assert people(service_request, relaxed={"budget"}) == {volunteer.pk}


def test_a_pair_is_two_different_people(pool: Any, volunteer: Volunteer) -> None:
    first = builders.a_request(pool, language="prs")
    second = builders.a_request(organisation=first.organisation, language="prs", pair=first)
    ServiceRequest.objects.filter(pk=first.pk).update(pair=second)
    [ranked] = rank(need_of(first, now()), candidates.find(need_of(first, now()), now()), now())
    assert people(second) == {volunteer.pk}
    proposals.create(first, ranked, wave=1)
    assert people(second) == set()


def test_the_record_must_be_for_the_language_spoken(pool: Any) -> None:
    volunteer = builders.a_volunteer(pool, speaks=["prs", "ps"])
    volunteer.qualifications.filter(type_id="language_fluent", language__code="ps").delete()
    needed = [["language_fluent"]]
    assert people(builders.a_request(pool, language="prs", required_records=needed))
    assert not people(builders.a_request(pool, language="ps", required_records=needed))


def test_an_unapproved_volunteer_has_no_candidate_row(pool: Any) -> None:
    volunteer = builders.a_volunteer(
        pool, status="registered", interpreting_unlocked_at=None, guiding_unlocked_at=None
    )
    assert not CandidateRow.objects.filter(volunteer=volunteer).exists()


def test_without_consent_to_be_written_to_nobody_is_asked(
    service_request: ServiceRequest, volunteer: Volunteer
) -> None:
    volunteer.person.contacts.update(consented_at=None)
    assert people(service_request) == set()
