"""Why nobody, why not her: the funnel agrees with the search, person by person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from background.clock import now
from matching import candidates, explain, filters, proposals, verdicts
from matching.funnel import NEVER_RELAXED, STEPS, Verdict, against, funnel_of
from matching.reading import need_of
from pools.models import Pool
from reference.models import Setting
from service_requests.models import ServiceRequest
from tests import builders
from tests.clock import MovableClock
from volunteers.models import Absence, Volunteer

EVERY_CODE = [name for names in STEPS.values() for name in names]


def a_verdict(person: int, *failed: str) -> Verdict:
    return Verdict(person, 10 * person, 0.0, frozenset(failed))


def test_the_funnel_narrows_step_by_step() -> None:
    funnel = funnel_of(
        [a_verdict(1), a_verdict(2, "hours"), a_verdict(3, "reach", "budget"), a_verdict(4, "kind")]
    )
    assert funnel.speak == 4
    assert [step.left for step in funnel.steps] == [3, 2, 1, 1, 1, 1, 1]
    assert funnel.left == 1


def test_a_relaxation_counts_whom_it_alone_would_bring() -> None:
    funnel = funnel_of(
        [
            *(a_verdict(person, "reach") for person in (1, 2)),
            a_verdict(3, "reach", "hours"),
            a_verdict(4, "hours"),
            a_verdict(5, "records"),  # nobody gives way in records
            *(a_verdict(6, "mode"), a_verdict(6)),  # may be asked already, in another mode
            *(a_verdict(7, "mode"), a_verdict(7, "reach")),  # either of two would bring her
        ]
    )
    assert [(one.code, one.more) for one in funnel.relaxations] == [
        ("reach", 3),
        ("hours", 1),
        ("mode", 1),
    ]


def test_of_several_ways_the_one_with_the_least_against_it_counts() -> None:
    assert against([a_verdict(1, "reach", "hours"), a_verdict(1, "budget")]) == ("budget",)
    assert against([a_verdict(1, "budget", "hours")]) == ("hours", "budget")
    assert against([a_verdict(1)]) == ()
    assert against([]) == ("language",)


def test_nobody_speaks_it() -> None:
    funnel = funnel_of([])
    assert (funnel.speak, funnel.left, funnel.relaxations) == (0, 0, ())


def test_every_filter_of_the_search_has_a_step_and_words() -> None:
    of_search = {*filters.FILTERS, "mode", "reach", "busy", "arrives"}
    assert set(EVERY_CODE) == of_search
    assert set(explain.AGAINST) == {*of_search, "language"}
    assert set(explain.STEPS) == set(STEPS)
    assert set(explain.GIVING_WAY) == of_search - NEVER_RELAXED


def _somebody(pool: Pool, quirks: dict[str, Any]) -> Volunteer:
    volunteer = builders.a_volunteer(
        pool,
        postcode=quirks["postcode"],
        radius_km=quirks["radius_km"],
        week=quirks["week"],
        phone=quirks["phone"],
        is_paused=quirks["paused"],
        messages_per_week=1,
        records=None if quirks["records"] else [],
        contact=quirks["contact"],
        guiding_unlocked_at=now() if quirks["guide"] else None,
    )
    if quirks["absent"]:
        today = now().date()
        Absence.objects.create(
            profile=volunteer.person.profile, days=(today, today + timedelta(days=9))
        )
    if quirks["refuses"]:
        volunteer.person.profile.opted_out_settings.add(Setting.objects.get(code="school"))
    return volunteer


quirks = st.fixed_dictionaries(
    {
        "postcode": st.sampled_from([builders.GIESSEN, builders.MARBURG]),
        "radius_km": st.sampled_from([5, 60]),
        "week": st.sampled_from(["0" * 168, "1" + "0" * 167]),
        "phone": st.booleans(),
        **{
            name: st.sampled_from([False, False, True])
            for name in ("paused", "absent", "refuses", "busy")
        },
        **{name: st.sampled_from([True, True, False]) for name in ("records", "contact", "guide")},
    }
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(quirks, min_size=1, max_size=5),
    modes=st.sampled_from([["on_site"], ["phone"], ["on_site", "phone"]]),
    hours=st.sampled_from([2, 20, 72]),
)
def test_what_is_left_and_what_giving_way_brings_is_what_the_search_would_find(
    people: list[dict[str, Any]], modes: list[str], hours: int
) -> None:
    pool = builders.a_pool()
    service_request = builders.a_request(
        pool, modes=modes, starts_at=now() + timedelta(hours=hours)
    )
    for each in people:
        volunteer = _somebody(pool, each)
        if each["busy"]:
            other = builders.a_request(
                pool, starts_at=service_request.period.lower, look_again_at=None
            )
            _hold(other, volunteer)
    need = need_of(service_request, now())
    funnel = funnel_of(verdicts.of_all(need, now()))
    assert funnel.left == len(candidates.find(need, now()))
    counted = {one.code: one.more for one in funnel.relaxations}
    for name in filters.COORDINATOR_MAY_RELAX:
        found = candidates.find(need, now(), relaxed={name})
        assert len(found) - funnel.left == counted.get(name, 0), name


def _hold(service_request: ServiceRequest, volunteer: Volunteer) -> None:
    from matching.models import Assignment

    if not volunteer.qualifications.exists():
        return
    Assignment.objects.create(
        pool=service_request.pool,
        service_request=service_request,
        volunteer=volunteer,
        volunteer_pool=volunteer.pool,
        person=volunteer.person,
        language=service_request.language,
        period=service_request.period,
        mode="on_site",
        undo_until=now(),
    )


@pytest.mark.django_db
def test_it_is_one_pass_however_many_there_are(clock: MovableClock) -> None:
    pool = builders.a_pool()
    service_request = builders.a_request(pool, modes=["on_site", "video"])
    need = need_of(service_request, now())
    for _ in range(3):
        builders.a_volunteer(pool)
    with CaptureQueriesContext(connection) as queries:
        assert len(verdicts.of_all(need, now())) == 6
    assert len(queries) == 1


@pytest.mark.django_db
def test_no_row_of_another_pool_is_counted(clock: MovableClock) -> None:
    pool, other = builders.a_pool(), builders.a_pool("06534014")
    builders.a_volunteer(other)
    stranger = builders.a_volunteer(other)
    service_request = builders.a_request(pool)
    assert explain.why_so_few(service_request, now()).speak == 0
    said = explain.why_not(service_request, now(), [stranger])
    assert said == {stranger.pk: (explain.AGAINST["language"],)}


@pytest.mark.django_db
def test_in_words(clock: MovableClock) -> None:
    pool = builders.a_pool()
    far = builders.a_volunteer(pool, postcode=builders.MARBURG, radius_km=5)
    asked = builders.a_volunteer(pool)
    builders.a_volunteer(
        pool, status="registered", interpreting_unlocked_at=None, guiding_unlocked_at=None
    )
    service_request = builders.a_request(pool)
    proposals.ask(service_request, asked, by=builders.a_coordinator(pool))
    why = explain.why_so_few(service_request, now())
    assert (why.speak, why.not_unlocked) == (2, 1)
    assert dict(why.steps)["kommen an den Ort oder sprechen aus der Ferne"] == 1
    assert why.giving_way == (("wenn der Weg weiter sein darf", 1),)
    said = explain.why_not(service_request, now(), [far, asked])
    assert said[far.pk] == ("der Ort liegt weiter weg als der eigene Umkreis",)
    assert "wurde schon gefragt oder hat abgesagt" in said[asked.pk]
