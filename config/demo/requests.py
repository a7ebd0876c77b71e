"""60 requests in every state: the table says which story each of them has."""

from __future__ import annotations

from collections.abc import Callable

from background.clock import now
from config.demo import history, tables
from config.demo.calendar import at, workday
from config.demo.history import HOUR, MINUTE
from config.demo.lines import ASKED, Line, confirmed, end
from config.demo.outcomes import did_not_take_place, disputed, took_place, until
from matching.models import Assignment, Proposal, RequestVolunteer
from notifications.models import Message, MessageState
from pools.models import Membership, Organisation, User
from reference.places import Place
from service_requests.models import ServiceRequest, Status
from service_requests.posting import post_request
from volunteers.models import Volunteer


def make_requests(
    organisations: dict[str, Organisation], coordinators: dict[int, User], amina: Volunteer
) -> None:
    """Tell every story of the table, the oldest appointments first."""
    rows = sorted(tables.rows("requests"), key=lambda row: int(row["day"]))
    for row in rows:
        organisation = organisations[row["organisation"]]
        caseworker = Membership.objects.get(organisation=organisation).person
        coordinator = coordinators[organisation.pool_id]
        STORIES[row["story"]](Line(row, organisation, caseworker, coordinator, amina))


def _live(line: Line) -> None:
    """Post it just now, by the verb: the worker finds it and asks."""
    organisation = line.organisation
    place = Place(organisation.postcode, organisation.municipality, None, organisation.point)
    facts = history.facts_of(line.row, organisation)
    service_request = post_request(
        organisation=organisation, posted_by=line.caseworker, place=place, **facts
    )
    if line.more.get("preferred") == "amina":
        RequestVolunteer.objects.create(
            pool=organisation.pool,
            service_request=service_request,
            volunteer=line.amina,
            wish=RequestVolunteer.Wish.PREFERRED,
        )


def _draft(line: Line) -> None:
    line.write(Status.DRAFT)


def _asked(line: Line) -> None:
    """Some were asked yesterday, one said no, one message did not arrive; the search goes on."""
    service_request = line.write(Status.SEARCHING)
    first, *rest = history.ask(service_request, at(workday(-1), "10:05"), ASKED)
    history.answer(
        first, Proposal.State.DECLINED, at(workday(-1), "10:40"), reason="decline_no_time"
    )
    if rest:
        Message.objects.filter(about__contains=[f"proposal:{rest[-1].public_id}"]).update(
            state=MessageState.FAILED, failure="30003", delivered_at=None
        )
    ServiceRequest.objects.filter(pk=service_request.pk).update(look_again_at=now())


def _confirm_only(line: Line) -> None:
    confirmed(line)


def _reopened(line: Line) -> None:
    """Somebody had said yes and fell ill; the search begins anew now."""
    service_request, assignment = confirmed(line)
    ill_at = at(workday(-1), "18:10")
    Assignment.objects.filter(pk=assignment.pk).update(
        cancelled_at=ill_at, cancelled_by="volunteer", cancel_reason="vcancel_prevented"
    )
    ServiceRequest.objects.filter(pk=service_request.pk).update(
        status=Status.SEARCHING, search_round=2, look_again_at=now()
    )
    history.event(
        service_request,
        "reopened",
        ill_at,
        by=assignment.person,
        before=Status.CONFIRMED,
        after=Status.SEARCHING,
        reason="vcancel_prevented",
        round=2,
    )


def _rejected(line: Line) -> None:
    service_request = line.write(Status.SUBMITTED)
    end(service_request, line, line.posted_at + 5 * HOUR, "rejected", Status.SUBMITTED)


def _withdrawn(line: Line) -> None:
    service_request = line.write(Status.SEARCHING)
    _nobody_says_yes(service_request, line)
    end(service_request, line, line.posted_at + 6 * HOUR, "withdrawn", Status.SEARCHING)


def _not_filled(line: Line) -> None:
    service_request = line.write(Status.SEARCHING)
    _nobody_says_yes(service_request, line)
    told_at = service_request.period.lower - 24 * HOUR
    end(service_request, line, told_at, "not_filled", Status.SEARCHING)


def _nobody_says_yes(service_request: ServiceRequest, line: Line) -> None:
    for proposal in history.ask(service_request, line.posted_at + MINUTE, ASKED):
        history.answer(proposal, Proposal.State.CLOSED, line.posted_at + 6 * HOUR)


def _cancelled(line: Line) -> None:
    service_request, assignment = confirmed(line)
    cancelled_at = line.posted_at + 30 * HOUR
    Assignment.objects.filter(pk=assignment.pk).update(
        cancelled_at=cancelled_at, cancelled_by="office", cancel_reason=line.more["reason"]
    )
    end(service_request, line, cancelled_at, "cancelled", Status.CONFIRMED)


STORIES: dict[str, Callable[[Line], None]] = {
    "fresh": _live,
    "nobody": _live,
    "submitted": _live,
    "draft": _draft,
    "asked": _asked,
    "reopened": _reopened,
    "confirmed": _confirm_only,
    "over": _confirm_only,
    "took_place": took_place,
    "disputed": disputed,
    "record_confirmed": until("record_confirmed"),
    "settled": until("record_confirmed", "settled"),
    "closed": until("record_confirmed", "settled", "closed"),
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "not_filled": _not_filled,
    "cancelled": _cancelled,
    "did_not_take_place": did_not_take_place,
}
