"""What institutions and coordinators do to requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from background.clock import now
from matching import assignments, changes, moving, proposals
from matching.models import Assignment, Proposal
from reference.models import Reason
from reference.places import resolve
from reporting import records
from reporting.models import Confirmation, Record
from service_requests import posting
from service_requests.changing import Change
from service_requests.models import ServiceRequest
from tests import builders
from tests.proofs.histories import world
from tests.proofs.histories.snapshot import Request
from tests.proofs.histories.stage import FATES, NTH, Stage, pick

MOST_REQUESTS = 6
HOURS = st.sampled_from(world.IN_HOURS)
OUTCOMES = st.sampled_from([*[Confirmation.Outcome.TOOK_PLACE] * 2, *Confirmation.Outcome.values])
WHAT = st.sampled_from(["time", "time", "place", "contact"])


def a_request(one: Request) -> ServiceRequest:
    """Return the request itself, as a page would load it."""
    return ServiceRequest.objects.select_related("pool", "organisation", "posted_by").get(pk=one.pk)


class Offices(Stage):
    """Institutions: post, change, withdraw, cancel. Coordinators: everything else."""

    def _people(self, one: Request, *, by_office: bool) -> Any:
        office = self.office_of(one.pool)
        return office.caseworker if by_office else office.coordinator

    @precondition(lambda self: len(self.after.requests) < MOST_REQUESTS)
    @rule(nth=NTH, hours=HOURS, by_office=st.booleans(), checked=st.booleans(), fate=FATES)
    def an_office_posts(
        self, nth: int, hours: int, by_office: bool, checked: bool, fate: int
    ) -> None:
        office = pick(self.world.offices, nth)
        starts_at, setting = now() + timedelta(hours=hours), "doctor" if checked else "school"
        more = {} if by_office else {"posted_by": office.coordinator, "by_coordinator": True}
        self.do(
            "an_office_posts",
            lambda: world.post(office, starts_at, setting, **more),
            fate=max(fate, -1),
        )

    @precondition(lambda self: len(self.after.requests) < MOST_REQUESTS - 1)
    @rule(hours=HOURS, fate=FATES)
    def an_office_needs_two(self, hours: int, fate: int) -> None:
        office = self.world.offices[0]
        wish = world.wish(office, now() + timedelta(hours=hours), "school")
        self.do("an_office_needs_two", lambda: posting.post_pair(**wish), fate=max(fate, -1))

    @precondition(lambda self: self.requests("submitted", "searching", "confirmed"))
    @rule(nth=NTH, what=WHAT, hours=st.sampled_from([-3, 1, 4, 30]), fate=FATES)
    def a_request_changes(self, nth: int, what: str, hours: int, fate: int) -> None:
        one = pick(self.requests("submitted", "searching", "confirmed"), nth)
        office = self.office_of(one.pool)
        by = timedelta(hours=hours if what == "time" else 0)
        postcode = builders.WETTENBERG if what == "place" else builders.GIESSEN
        wanted = Change(
            period=(one.starts_at + by, one.ends_at + by),
            place=resolve(postcode, None, one.starts_at.date()),
            address="Musterweg 1",
            contact_name="Frau Winter" if what == "contact" else "Frau Sommer",
            contact_phone="069 90009 100",
        )
        self.do(
            "a_request_changes",
            lambda: moving.move(a_request(one), wanted, by=office.coordinator, by_coordinator=True),
            fate=fate,
            is_done=bool,
        )

    @precondition(lambda self: self.requests("submitted", "searching"))
    @rule(nth=NTH, by_office=st.booleans(), fate=FATES)
    def a_request_is_withdrawn(self, nth: int, by_office: bool, fate: int) -> None:
        one = pick(self.requests("submitted", "searching"), nth)
        by = self._people(one, by_office=by_office)
        self.do(
            "a_request_is_withdrawn", lambda: changes.withdraw(a_request(one), by=by), fate=fate
        )

    @precondition(lambda self: self.requests("confirmed"))
    @rule(nth=NTH, by_office=st.booleans(), fate=FATES)
    def an_office_cancels(self, nth: int, by_office: bool, fate: int) -> None:
        one = pick(self.requests("confirmed"), nth)
        by = self._people(one, by_office=by_office)
        self.do(
            "an_office_cancels", lambda: changes.cancel_by_office(a_request(one), by=by), fate=fate
        )

    @precondition(lambda self: self.requests("submitted"))
    @rule(nth=NTH, good=st.booleans(), fate=FATES)
    def a_held_back_request_is_decided(self, nth: int, good: bool, fate: int) -> None:
        one = pick(self.requests("submitted"), nth)
        by = self.office_of(one.pool).coordinator
        reason = Reason.objects.filter(kind="reject_request").order_by("code")[0]
        self.do(
            f"a_held_back_request_is_decided ({'released' if good else 'rejected'})",
            lambda: (
                posting.release(a_request(one), by=by)
                if good
                else posting.reject(a_request(one), by=by, reason=reason)
            ),
            fate=fate,
        )

    @precondition(lambda self: self.requests("searching"))
    @rule(nth=NTH, whom=NTH, fate=FATES)
    def a_coordinator_asks_somebody(self, nth: int, whom: int, fate: int) -> None:
        one, volunteer = pick(self.requests("searching"), nth), pick(self.world.volunteers, whom)
        by = self.office_of(one.pool).coordinator
        self.do(
            "a_coordinator_asks_somebody",
            lambda: proposals.ask(a_request(one), volunteer, by=by),
            fate=fate,
        )

    @precondition(lambda self: self.requests("searching"))
    @rule(nth=NTH, fate=FATES)
    def a_coordinator_asks_the_next(self, nth: int, fate: int) -> None:
        one = pick(self.requests("searching"), nth)
        by = self.office_of(one.pool).coordinator
        self.do(
            "a_coordinator_asks_the_next",
            lambda: proposals.ask_next(a_request(one), by=by, at_most=2),
            fate=fate,
        )

    @precondition(lambda self: self.offers("asked"))
    @rule(nth=NTH, fate=FATES)
    def a_coordinator_takes_an_offer_back(self, nth: int, fate: int) -> None:
        one = pick(self.offers("asked"), nth)
        by = self.office_of(self.after.request(one.request).pool).coordinator
        self.do(
            "a_coordinator_takes_an_offer_back",
            lambda: proposals.retract(Proposal.objects.get(pk=one.pk), by=by),
            fate=fate,
        )

    @precondition(lambda self: self.requests("searching"))
    @rule(nth=NTH, whom=NTH, fate=FATES)
    def a_yes_comes_by_telephone(self, nth: int, whom: int, fate: int) -> None:
        one, volunteer = pick(self.requests("searching"), nth), pick(self.world.volunteers, whom)
        by = self.office_of(one.pool).coordinator
        self.do(
            "a_yes_comes_by_telephone",
            lambda: assignments.assign_by_telephone(a_request(one), volunteer=volunteer, by=by),
            fate=fate,
            is_done=lambda answer: answer.assignment is not None,
        )

    @precondition(lambda self: self.held(is_over=False))
    @rule(nth=NTH, is_asked_for=st.booleans(), fate=FATES)
    def a_coordinator_lets_somebody_go(self, nth: int, is_asked_for: bool, fate: int) -> None:
        one = pick(self.held(is_over=False), nth)
        by = self.office_of(self.after.request(one.request).pool).coordinator
        self.do(
            "a_coordinator_lets_somebody_go",
            lambda: assignments.release(
                Assignment.objects.get(pk=one.pk), by=by, is_asked_for=is_asked_for
            ),
            fate=fate,
        )

    @precondition(lambda self: self.requests("searching"))
    @rule(nth=NTH, fate=FATES)
    def a_coordinator_gives_up(self, nth: int, fate: int) -> None:
        one = pick(self.requests("searching"), nth)
        by, reason = (
            self.office_of(one.pool).coordinator,
            Reason.objects.get(code="unfilled_no_reply"),
        )
        self.do(
            "a_coordinator_gives_up",
            lambda: changes.give_up(a_request(one), by=by, reason=reason),
            fate=fate,
        )

    @precondition(lambda self: self.held(is_over=True))
    @rule(nth=NTH, side=st.sampled_from(Confirmation.Side.values), outcome=OUTCOMES, fate=FATES)
    def one_side_says_how_it_went(self, nth: int, side: str, outcome: str, fate: int) -> None:
        one = pick(self.held(is_over=True), nth)

        def confirm() -> Confirmation:
            held = Assignment.objects.select_related("service_request").get(pk=one.pk)
            by = held.person if side == "volunteer" else held.service_request.posted_by
            return records.confirm(held, side=side, outcome=outcome, said_by=by, minutes=50)

        self.do("one_side_says_how_it_went", confirm, fate=fate)

    @precondition(lambda self: Record.objects.disputed().exists())
    @rule(nth=NTH, outcome=OUTCOMES, fate=FATES)
    def a_dispute_is_decided(self, nth: int, outcome: str, fate: int) -> None:
        record = pick(list(Record.objects.disputed().order_by("pk")), nth)
        by = self.office_of(record.pool_id).coordinator
        self.do(
            "a_dispute_is_decided",
            lambda: records.decide(Record.objects.get(pk=record.pk), outcome=outcome, by=by),
            fate=fate,
        )
