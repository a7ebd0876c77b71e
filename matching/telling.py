"""What is told to whom when something happens to a request: rows of the outbox, nothing else.

Called inside the transaction of the cause. Every text speaks of `request:<uuid>`; an offer also of
`proposal:<uuid>`, so that closing either supersedes what is still unsent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from background.clock import now
from matching.allowance import allowance_text
from matching.models import Assignment, Proposal
from matching.need import SETTING_OFF
from matching.ranking import travel_minutes
from notifications import outbox
from notifications.links import LinkSpec
from notifications.models import LinkPurpose, MessageClass
from notifications.wording import language_word, place_parameters, when_parameters
from pools.models import User
from reference import places
from service_requests.models import Kind, ServiceRequest

LINK_OUTLIVES_APPOINTMENT = timedelta(hours=24)
SETS_OFF_WITHIN = timedelta(hours=15)
GUIDE_WORD = "Begleitung"
OFFERS = ("offer", "offer_urgent")
"""The templates that ask somebody for the first time."""
READ_WITH = ("pool", "language", "setting", "topic", "municipality", "postcode")
"""What a text about a request reads besides the request itself."""


def about_request(service_request: ServiceRequest) -> str:
    """Return the name under which messages about a request are found."""
    return f"request:{service_request.public_id}"


def about_proposal(proposal: Proposal) -> str:
    """Return the name under which messages about an offer are found."""
    return f"proposal:{proposal.public_id}"


def about_assignment(assignment: Assignment) -> str:
    """Return the name under which messages about an appointment are found."""
    return f"assignment:{assignment.public_id}"


def place_for_messages(service_request: ServiceRequest) -> str:
    """Return the municipality in at most 22 characters; of a hidden place only the area."""
    municipality = service_request.municipality
    if service_request.is_hidden_place:
        if municipality is None:
            return "Deutschland"  # outside Hesse there are no areas
        area = places.area_of(municipality.ags, service_request.period.lower.date())
        return area.name_sms if area else "Hessen"
    if municipality is None:
        return service_request.postcode.places[:22]
    return municipality.name_sms


def address_of(service_request: ServiceRequest) -> str:
    """Return the address of the request's page; it opens after sign-in only."""
    return f"{settings.PUBLIC_URL}/anfragen/{service_request.public_id}/"


def topic_for_messages(service_request: ServiceRequest) -> str:
    """Return the occasion; of a hidden place none, since it may tell what kind of place it is."""
    if service_request.topic is None or service_request.is_hidden_place:
        return ""
    return service_request.topic.label_de


def appointment(
    service_request: ServiceRequest, person: User, *, mode: str = "on_site"
) -> dict[str, Any]:
    """Return the parameters every text about an appointment may use; no address, no name of it."""
    language = service_request.language
    pool = service_request.pool
    is_guide = service_request.kind == Kind.GUIDE
    place = place_parameters(mode=mode, place=place_for_messages(service_request))
    name = language.name_de if language else ""
    return {
        "vorname": person.given_name,
        "sprache": language_word(language.name_sms if language else "", is_guide=is_guide),
        "sprache_lang": f"{GUIDE_WORD} {name}".strip() if is_guide else name,
        **place,
        "kalender_ort": "" if service_request.is_hidden_place else place["ort"],
        "art": service_request.setting.label_sms,
        "thema": topic_for_messages(service_request),
        "tel": pool.phone,
        **when_parameters((service_request.period.lower, service_request.period.upper), pool.zone),
    }


def offer(proposal: Proposal, *, again: str = "") -> None:
    """Ask the volunteer: the offer with a link of its own, worthless once the time is past.

    `again` names why an offer that was taken back before it went out is written once more.
    """
    service_request = proposal.service_request
    starts_at = service_request.period.lower
    urgent = starts_at - now() < timedelta(hours=24)
    parameters = appointment(service_request, proposal.person, mode=proposal.mode)
    if proposal.distance_m is not None and not service_request.is_hidden_place:
        parameters["km"] = max(1, round(proposal.distance_m / 1000))
    day = starts_at.astimezone(service_request.pool.zone).date()
    parameters["pauschale"] = allowance_text(service_request.pool, service_request.kind, day)
    outbox.write(
        proposal.person,
        pool=proposal.volunteer_pool,
        template="offer_urgent" if urgent else "offer",
        parameters=parameters,
        message_class=MessageClass.OFFER,
        about=[about_proposal(proposal), about_request(service_request)],
        step=f"round-{proposal.search_round}{again and f'-{again}'}",
        not_after=starts_at - SETTING_OFF - _travel_to(proposal),
        priority=2 if urgent else 4,
        link=_answer_link(proposal),
        can_be_answered=True,
    )


def _travel_to(proposal: Proposal) -> timedelta:
    return timedelta(
        minutes=travel_minutes(proposal.distance_m) if proposal.distance_m is not None else 0
    )


def _answer_link(proposal: Proposal) -> LinkSpec:
    return LinkSpec(
        LinkPurpose.OFFER,
        proposal.public_id,
        proposal.service_request.period.upper + LINK_OUTLIVES_APPOINTMENT,
    )


def accepted(assignment: Assignment) -> None:
    """Tell the volunteer at once: yours; address, contact and cancelling behind the link.

    Also in quiet hours: she has just pressed the button, so she is awake.
    """
    _tell_volunteer(assignment, "accepted", not_after=assignment.period.upper, may_disturb=True)


def reminder(assignment: Assignment) -> None:
    """Remind the volunteer, once, and ask whether she comes."""
    _tell_volunteer(assignment, "reminder", not_after=assignment.period.lower, can_be_answered=True)


def changed(assignment: Assignment) -> None:
    """Tell the holder the new time or place and ask whether it still suits."""
    until = assignment.answer_until
    assert until is not None  # noqa: S101 - set by the caller
    _tell_volunteer(
        assignment, "changed", not_after=until, step=until.isoformat(), can_be_answered=True
    )


def _tell_volunteer(
    assignment: Assignment,
    template: str,
    *,
    not_after: datetime,
    may_disturb: bool = False,
    can_be_answered: bool = False,
    step: str = "1",
) -> None:
    proposal = assignment.proposal
    outbox.write(
        assignment.person,
        pool=assignment.pool,
        template=template,
        parameters={
            **appointment(assignment.service_request, assignment.person, mode=assignment.mode),
            "may_disturb": may_disturb,
        },
        message_class=MessageClass.NEWS,
        about=[about_assignment(assignment), about_request(assignment.service_request)],
        step=step,
        not_after=not_after,
        priority=3,
        link=_answer_link(proposal) if proposal else None,
        can_be_answered=can_be_answered,
    )


def cancelled_by_office(assignment: Assignment) -> None:
    """Tell the volunteer not to go there; in quiet hours too when she might set off in them."""
    soon = assignment.period.lower - now() < SETS_OFF_WITHIN
    outbox.write(
        assignment.person,
        pool=assignment.pool,
        template="cancelled_by_office",
        parameters={
            **appointment(assignment.service_request, assignment.person, mode=assignment.mode),
            "may_disturb": soon,
        },
        message_class=MessageClass.NEWS,
        about=[about_assignment(assignment)],
        step="1",
        not_after=assignment.period.upper,
        priority=1,
    )


def cancellation_noted(assignment: Assignment) -> None:
    """Confirm a volunteer's cancellation."""
    outbox.write(
        assignment.person,
        pool=assignment.pool,
        template="cancellation_noted",
        parameters=appointment(assignment.service_request, assignment.person, mode=assignment.mode),
        message_class=MessageClass.NEWS,
        about=[about_assignment(assignment)],
        step="1",
        not_after=assignment.period.upper,
    )


def filled(assignment: Assignment, proposals: list[Proposal], *, not_before: datetime) -> None:
    """Thank everybody else who was asked and really got the offer."""
    service_request = assignment.service_request
    for proposal in proposals:
        if not outbox.was_handed_over(about_proposal(proposal)):
            continue
        outbox.write(
            proposal.person,
            pool=proposal.volunteer_pool,
            template="filled",
            parameters=appointment(service_request, proposal.person, mode=proposal.mode),
            message_class=MessageClass.NEWS,
            about=[about_proposal(proposal), about_assignment(assignment)],
            step=f"filled-{assignment.public_id}",
            not_before=not_before,
            not_after=max(not_before, service_request.period.lower),
            priority=6,
        )


def no_longer_needed(proposal: Proposal, service_request: ServiceRequest) -> None:
    """Thank somebody who got an offer that ended without anybody's yes."""
    if not outbox.was_handed_over(about_proposal(proposal)):
        return
    outbox.write(
        proposal.person,
        pool=proposal.volunteer_pool,
        template="no_longer_needed",
        parameters=appointment(service_request, proposal.person, mode=proposal.mode),
        message_class=MessageClass.NEWS,
        about=[about_proposal(proposal)],
        step="closed",
        not_after=max(now(), service_request.period.lower),
        priority=2,  # before a new offer for another time, which it would seem to take back
    )


def requester(
    service_request: ServiceRequest,
    template: str,
    *,
    step: str,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    about: str = "",
    **extra: Any,
) -> None:
    """Tell the person who posted the request how it stands."""
    outbox.write(
        service_request.posted_by,
        pool=service_request.pool,
        template=template,
        parameters={
            **appointment(service_request, service_request.posted_by),
            "link": address_of(service_request),
            **extra,
        },
        message_class=MessageClass.NEWS,
        about=[about or about_request(service_request), about_request(service_request)],
        step=step,
        not_before=not_before,
        not_after=not_after or service_request.period.upper,
        priority=3,
    )
