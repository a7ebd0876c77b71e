"""Who calls in the proof of the API, and what there is to call about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.test import Client
from django.utils.crypto import get_random_string

from background.clock import now
from matching import replies
from pools.models import User
from tests.api.callers import browser
from tests.builders import a_person, a_request, a_volunteer
from tests.matching.offers import a_proposal
from tests.tenancy.scene import Side, a_side
from tokens import access
from tokens.models import Permission
from volunteers import availability
from webhooks.models import Endpoint, Topic

WEBHOOKS = 5  # so that there is room for new ones
READING = tuple(each for each in Permission.values if each.endswith(":read"))
# Of what a token is allowed, what stands first after /api/v1/ is about; the rest by its own name.
AREAS = {"me": "profile", "reference": ""}


@dataclass(frozen=True)
class Caller:
    """Somebody who calls: a browser, a program, or nobody we know."""

    name: str
    role: str
    headers: dict[str, str]
    permissions: tuple[str, ...] | None = None  # of a token; a session may all its person may

    def lacks(self, path: str, method: str) -> bool:
        """Return whether the token was not allowed this, whoever its person is."""
        if self.permissions is None or path in ("/api/v1/me/",):
            return False
        segment = path.split("/")[3]
        area = AREAS.get(segment, segment)
        needed = f"{area}:{'read' if method == 'get' else 'write'}"
        return bool(area) and needed not in self.permissions


@dataclass(frozen=True, repr=False)  # hypothesis prints what it works with, and prints long
class Place:
    """Two pools, the callers of the first, and the public ids of what is there, by kind."""

    here: Side
    there: Side
    callers: list[Caller]
    own: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def foreign(self) -> dict[str, str]:
        """Return the ids of the other pool, by kind."""
        return {
            "request": str(self.there.searching.public_id),
            "proposal": str(self.there.proposal.public_id),
            "assignment": str(self.there.assignment.public_id),
            "absence": str(self.there.absence.public_id),
            "organisation": str(self.there.organisation.public_id),
            "webhook": str(self.there.webhook.public_id),
        }


def a_place(n: int) -> Place:
    """Return a pool with n requests that are searched for, half as many yeses, and a neighbour."""
    here, there = a_side("06531", "Hier"), a_side("06534", "Fremd")
    searching = [here.searching, *(_request(here, day) for day in range(30, 30 + n))]
    confirmed = [_request(here, day) for day in range(400, 400 + n // 2)]
    taken = [_request(here, day) for day in range(700, 700 + n // 4)]
    others = a_volunteer(here.pool)
    missed = [a_proposal(one, here.volunteer) for one in taken]  # she may stand by for these
    for one in taken:
        replies.accept(a_proposal(one, others), via="link")
    held = [replies.accept(a_proposal(one, here.volunteer), via="link") for one in confirmed]
    days = [(now() + timedelta(days=100 + day)).date() for day in range(n // 2)]
    absences = [availability.add_absence(here.volunteer.person.profile, day, day) for day in days]
    for absence in absences:
        absence.refresh_from_db()
    webhooks = [
        Endpoint.objects.create(
            pool=here.pool, url=f"https://198.18.0.{number}/", topics=[Topic.FILLED]
        )
        for number in range(WEBHOOKS)
    ]
    proposals = [
        here.proposal,
        *missed,
        *(a_proposal(one, here.volunteer) for one in searching[1:]),
    ]
    rows: dict[str, list[Any]] = {
        "request": [*searching, *confirmed],
        "proposal": proposals,
        "assignment": [here.assignment, *(answer.assignment for answer in held)],
        "absence": absences,
        "organisation": [here.organisation],
        "webhook": webhooks,
    }
    own = {kind: [str(row.public_id) for row in found] for kind, found in rows.items()}
    return Place(here, there, _callers(here), own)


def _request(side: Side, day: int) -> Any:
    return a_request(
        organisation=side.organisation,
        posted_by=side.caseworker,
        starts_at=now() + timedelta(days=day),
        look_again_at=None,
    )


def _callers(side: Side) -> list[Caller]:
    people = {
        "volunteer": side.volunteer.person,
        "caseworker": side.caseworker,
        "coordinator": side.coordinator,
        "operator": a_person(is_superuser=True, is_staff=True),
    }
    all_of_it = tuple(Permission.values)
    return [
        Caller("anonymous", "anonymous", {}),
        Caller("revoked token", "anonymous", _revoked(side.coordinator)),
        *(Caller(role, role, _session(person)) for role, person in people.items()),
        *(
            Caller(f"{role}'s token", role, _token(people[role], all_of_it), all_of_it)
            for role in ("volunteer", "caseworker", "coordinator")
        ),
        Caller("reading token", "coordinator", _token(side.coordinator, READING), READING),
        Caller(
            "token for offers",
            "volunteer",
            _token(side.volunteer.person, ("offers:read",)),
            ("offers:read",),
        ),
    ]


def _session(person: User) -> dict[str, str]:
    """Return what the browser of somebody who has signed in sends."""
    client: Client = browser(person)
    csrf = get_random_string(32)
    session = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={csrf}", "X-CSRFToken": csrf}


def _token(person: User, permissions: tuple[str, ...]) -> dict[str, str]:
    _, secret = access.issue(person, name="Proof", permissions=permissions)
    return {"Authorization": f"Bearer {secret}"}


def _revoked(person: User) -> dict[str, str]:
    token, secret = access.issue(person, name="Proof", permissions=READING)
    access.revoke(token)
    return {"Authorization": f"Bearer {secret}"}
