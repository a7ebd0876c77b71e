"""Where all histories begin: two pools, eight people, seven requests, offers in their hands.

Built once and committed; each history runs in a transaction of its own that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import override_settings

from background.clock import now
from background.heartbeat import sweep
from matching import proposals, replies
from notifications.models import Channel
from pools.models import Organisation, Pool, User
from reference.models import Language, Setting
from reference.places import resolve
from reporting import records
from service_requests.models import ServiceRequest, Status
from service_requests.posting import post_request
from tests import builders
from tests.clock import MovableClock, movable_clock
from tests.proofs.histories import network
from volunteers import approval, availability, qualifications
from volunteers.models import Volunteer

T0 = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
"""A Tuesday; all histories begin a little later."""
IN_HOURS = (2, 5, 20, 30, 51, 75)
MOST_JOBS = 8
OURS = "+4917604069001"


@dataclass(frozen=True)
class Office:
    """An institution, who posts for it, and who coordinates its pool."""

    pool: Pool
    organisation: Organisation
    caseworker: User
    coordinator: User


@dataclass(frozen=True)
class World:
    """Who there is."""

    offices: list[Office]
    volunteers: list[Volunteer]


def wish(office: Office, starts_at: datetime, setting: str, **more: Any) -> dict[str, Any]:
    """Return what the office asks for; a doctor's is looked at by the coordinator first."""
    return {
        "organisation": office.organisation,
        "posted_by": office.caseworker,
        "kind": "interpret",
        "language": Language.objects.get(code="prs"),
        "modes": ["on_site"],
        "period": (starts_at, starts_at + timedelta(hours=1)),
        "setting": Setting.objects.get(code=setting),
        "place": resolve(office.organisation.postcode_id, None, starts_at.date()),
        **more,
    }


def post(office: Office, starts_at: datetime, setting: str, **more: Any) -> ServiceRequest:
    """Post it."""
    return post_request(**wish(office, starts_at, setting, **more))


def build() -> World:
    """Write the world down; the clock is ours already."""
    offices = [_office("06531", sms_number=OURS), _office("06534014")]
    first, second = (office.pool for office in offices)
    opening = [*builders.ORDINARY_RECORDS, "module_health"]
    people = [builders.a_volunteer(first, records=opening) for _ in range(5)]
    both = builders.a_volunteer(first, records=opening)
    people += [both, builders.a_volunteer(second, person=both.person)]
    people.append(_whose_record_runs_out(first))
    people.append(builders.a_volunteer(second, messages_per_week=1))
    for volunteer in people:
        if not volunteer.person.contacts.filter(channel=Channel.EMAIL).exists():
            builders.a_contact(volunteer.person, channel=Channel.EMAIL, rank=2)
    return World(offices, people)


def live_a_little(world: World, clock: MovableClock) -> None:
    """Let things happen, so that short histories begin in the midst of life.

    One appointment is over and one is held; one search is planned, one urgent, one in the other
    pool; one request waits for its coordinator.
    """
    first, second = world.offices
    _not_all_may_be_asked(world)
    _filled(world, -3, clock)
    _filled(world, 51, clock)
    disputed = _filled(world, -6, clock).assignments.get()
    for office, hours, setting in [
        (first, 75, "school"),
        (first, 5, "school"),
        (second, 75.5, "school"),
        (first, 30, "doctor"),
    ]:
        post(office, T0 + timedelta(hours=hours), setting)
    clock.set(T0 - timedelta(minutes=4))
    for _ in range(2):
        clock.forward(minutes=2)
        sweep()
    for side, outcome in [("volunteer", "took_place"), ("requester", "office_absent")]:
        records.confirm(disputed, side=side, outcome=outcome, said_by=first.caseworker)
    planned = ServiceRequest.objects.get(period__startswith=T0 + timedelta(hours=75))
    _ask_one_more(world, planned)  # its message is still here


def _not_all_may_be_asked(world: World) -> None:
    """Lock one, revoke a record of another, send a third away for some days."""
    locked, revoked, away = world.volunteers[:3]
    by = world.offices[0].coordinator
    approval.lock(locked, role="interpret", by=by)
    qualifications.revoke(revoked.qualifications.get(type="basic_interpreting"), by=by)
    availability.add_absence(away.person.profile, T0.date(), T0.date() + timedelta(days=9))


def _ask_one_more(world: World, service_request: ServiceRequest) -> None:
    """Let the coordinator ask somebody whom the search has not asked."""
    for volunteer in world.volunteers:
        try:
            proposals.ask(service_request, volunteer, by=world.offices[0].coordinator)
        except ValidationError:
            continue
        return
    raise AssertionError("nobody is left to ask")


def _filled(world: World, hours: float, clock: MovableClock) -> ServiceRequest:
    """Post a request and let somebody say yes to it; another, who was asked too, hears so."""
    posted = post(world.offices[0], T0 + timedelta(hours=hours), "school")
    for _ in range(2):
        clock.forward(minutes=2)
        sweep()
    _ask_one_more(world, posted)
    clock.forward(minutes=2)
    sweep()
    replies.accept(posted.proposals.order_by("pk")[0], via="link")
    clock.forward(minutes=15)
    sweep()
    posted.refresh_from_db()
    assert posted.status == Status.CONFIRMED
    return posted


def _office(key: str, **fields: Any) -> Office:
    pool = builders.a_pool(key, **fields)
    organisation = builders.an_organisation(pool)
    return Office(
        pool, organisation, builders.a_caseworker(organisation), builders.a_coordinator(pool)
    )


def _whose_record_runs_out(pool: Pool) -> Volunteer:
    without = [code for code in builders.ORDINARY_RECORDS if code != "basic_interpreting"]
    volunteer = builders.a_volunteer(pool, records=without)
    until = (now() + timedelta(days=2)).date()
    builders.a_record(volunteer, "basic_interpreting", valid_until=until)
    return volunteer


def _is_inside_another_transaction() -> bool:
    return len(connection.savepoint_ids) > 0


@contextmanager
def stage() -> Iterator[tuple[World, list[tuple[str, Any]]]]:
    """Build the world in an empty database; yield it and what its queue holds.

    The histories alone move in it: clock, network and queue are theirs.
    """
    with (
        movable_clock(T0 - timedelta(days=1)) as clock,
        override_settings(
            NOTIFICATION_CHANNELS={"sms": network.SMS, "email": network.MAIL}, SECOND_CHANNELS={}
        ),
        mock.patch("notifications.sending._pause", return_value=timedelta(seconds=15)),
    ):
        world = build()
        # Each history is one transaction, so that it can be rolled back; that one does not count.
        with mock.patch(
            "notifications.channels.base.is_inside_transaction",
            _is_inside_another_transaction,
        ):
            jobs: list[tuple[str, Any]] = []
            with mock.patch(
                "background.waking.async_task", lambda _work, *job: jobs.append(job[:2])
            ):
                live_a_little(world, clock)
            yield world, jobs[-MOST_JOBS:]
