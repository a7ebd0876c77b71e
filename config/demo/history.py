"""What happened before today, written as rows with the times it had (verbs only ever act now).

Who was asked and who came is found by the engine's own question, asked as of then, so that the
past obeys the same rules as the present: language, distance, records, nobody in two places.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from config.demo.calendar import at, today, workday
from config.demo.tables import pairs
from matching import candidates, filters, telling
from matching.models import Assignment, Proposal, Wave
from matching.ranking import rank
from matching.reading import need_of
from notifications.models import Message, MessageClass, MessageState
from pools.models import Organisation, Pool, User
from pools.rules import required_records
from reference.models import Language, Reason, Setting, Topic
from service_requests.models import Event, ServiceRequest, Status
from service_requests.slots import inform_at

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
NOT_THEN = filters.COORDINATOR_MAY_RELAX | {"paused", "absent"}
"""What is true of people today and was not necessarily true then."""


def facts_of(row: dict[str, str], organisation: Organisation) -> dict[str, Any]:
    """Return what a line of the table says, in the words of ServiceRequest and post_request."""
    more = pairs(row["more"])
    start = at(workday(int(row["day"])), row["time"])
    end = start + int(row["minutes"]) * MINUTE
    return {
        "kind": row["kind"],
        "language": Language.objects.get(code=row["language"]) if row["language"] else None,
        "variety": more.get("variety", ""),
        "modes": row["modes"].split(";"),
        "period": (start, end),
        "setting": organisation.setting,
        "topic": Topic.objects.get(code=row["topic"]),
        "gender_wish": more.get("gender", ""),
        "gender_must": more.get("must") == "yes",
        "minors_present": more.get("minors") == "yes",
        "urgency_reason": more.get("urgency", ""),
    }


def write_request(
    row: dict[str, str],
    organisation: Organisation,
    *,
    posted_by: User,
    posted_at: dt.datetime,
    status: Status,
) -> ServiceRequest:
    """Write a request that was posted then, with the event of it."""
    facts = facts_of(row, organisation)
    start = facts["period"][0]
    service_request = ServiceRequest.objects.create(
        pool=organisation.pool,
        organisation=organisation,
        posted_by=posted_by,
        status=status,
        postcode=organisation.postcode,
        municipality=organisation.municipality,
        point=organisation.point,
        address=organisation.address,
        contact_name=str(posted_by),
        contact_phone=organisation.phone,
        is_hidden_place=organisation.is_hidden_place,
        required_records=_required(
            organisation.pool, facts["kind"], organisation.setting, facts["minors_present"]
        ),
        inform_at=inform_at(start, posted_at),
        created_at=posted_at,
        **facts,
    )
    service_request.refresh_from_db()
    if status != Status.DRAFT:
        event(service_request, "posted", posted_at, by=posted_by, after=Status.SEARCHING)
    return service_request


@cache
def _required(pool: Pool, kind: str, setting: Setting, minors_present: bool) -> list[list[str]]:
    """Return what today's rules ask for; they have not changed since then."""
    return required_records(
        pool, kind=kind, setting=setting, minors_present=minors_present, on=today()
    )


def event(
    service_request: ServiceRequest,
    kind: str,
    happened_at: dt.datetime,
    *,
    by: User | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    **detail: Any,
) -> None:
    """Write an event of then."""
    Event.objects.create(
        service_request=service_request,
        kind=kind,
        from_status=before,
        to_status=after,
        by=by,
        reason=Reason.objects.get(code=reason) if reason else None,
        detail=detail,
        at=happened_at,
    )


def ask(service_request: ServiceRequest, asked_at: dt.datetime, number: int) -> list[Proposal]:
    """Write a wave of then: whom the engine would have asked, and what they were sent."""
    need = need_of(service_request, asked_at)
    found = candidates.find(need, asked_at, relaxed=NOT_THEN)
    ranked = rank(need, found, asked_at)[:number]
    wave = 1 + service_request.waves.filter(search_round=service_request.search_round).count()
    proposals = [
        Proposal.objects.create(
            pool_id=service_request.pool_id,
            service_request=service_request,
            volunteer_id=one.candidate.volunteer_id,
            volunteer_pool_id=one.candidate.pool_id,
            person_id=one.candidate.person_id,
            language_id=one.candidate.language_id,
            search_round=service_request.search_round,
            wave=wave,
            mode=one.candidate.mode,
            distance_m=round(one.candidate.distance_m),
            probability=one.candidate.probability,
            reasons=[list(reason) for reason in one.reasons],
            asked_at=asked_at,
        )
        for one in ranked
    ]
    if not proposals:
        return []
    Wave.objects.create(
        service_request=service_request,
        search_round=service_request.search_round,
        number=wave,
        decided_at=asked_at,
        candidates=len(found),
        asked=len(proposals),
        inputs={"pending": 0, "search_began_at": asked_at.isoformat(), "ranked": []},
    )
    left = len(found) - len(proposals)
    event(service_request, "asked", asked_at, asked=len(proposals), left=left)
    for proposal in proposals:
        about = [telling.about_proposal(proposal), telling.about_request(service_request)]
        sent(service_request, proposal.person, "offer", asked_at, about=about)
    return proposals


def answer(
    proposal: Proposal, state: Proposal.State, answered_at: dt.datetime, reason: str = ""
) -> None:
    """Write what somebody answered then."""
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, answered_at=answered_at, decline_reason=reason or None
    )


def accept(
    service_request: ServiceRequest, proposals: list[Proposal], accepted_at: dt.datetime
) -> Assignment:
    """Let the first of them have said yes then, and tell everybody."""
    if not proposals:
        raise LookupError(f"nobody can have come to {service_request.organisation}")
    taken, *others = proposals
    answer(taken, Proposal.State.ACCEPTED, accepted_at)
    for other in others:
        answer(other, Proposal.State.FILLED, accepted_at)
    start = service_request.period.lower
    assignment = Assignment.objects.create(
        pool_id=service_request.pool_id,
        service_request=service_request,
        volunteer_id=taken.volunteer_id,
        volunteer_pool_id=taken.volunteer_pool_id,
        person_id=taken.person_id,
        language_id=taken.language_id,
        proposal=taken,
        period=service_request.period,
        mode=taken.mode,
        accepted_at=accepted_at,
        accepted_via="link",
        undo_until=accepted_at + 10 * MINUTE,
        reminded_at=start - 24 * HOUR if start < at(workday(1), "00:00") else None,
    )
    event(service_request, "accepted", accepted_at, before=Status.SEARCHING, after=Status.CONFIRMED)
    about = [f"assignment:{assignment.public_id}", telling.about_request(service_request)]
    sent(service_request, taken.person, "accepted", accepted_at, about=about)
    told_at = accepted_at + 10 * MINUTE
    sent(service_request, service_request.posted_by, "requester_filled", told_at, about=about)
    return assignment


def sent(
    service_request: ServiceRequest,
    person: User,
    template: str,
    sent_at: dt.datetime,
    *,
    about: list[str],
) -> None:
    """Write a message that arrived then; what it said is forgotten, as it is in life."""
    is_offer = template == "offer"
    Message.objects.create(
        pool_id=service_request.pool_id,
        person=person,
        contact=person.contacts.earliest("rank"),
        dedupe_key=f"{template}:{about[0]}:{person.public_id}:demo",
        message_class=MessageClass.OFFER if is_offer else MessageClass.NEWS,
        template=template,
        about=about,
        not_before=sent_at,
        not_after=service_request.period.upper,
        state=MessageState.DELIVERED,
        attempts=1,
        created_at=sent_at,
        handed_over_at=sent_at + dt.timedelta(seconds=1),
        accepted_at=sent_at + dt.timedelta(seconds=2),
        delivered_at=sent_at + dt.timedelta(seconds=4),
    )
