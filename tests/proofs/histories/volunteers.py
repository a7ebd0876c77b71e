"""What volunteers do, and what is done to their records."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from background.clock import now
from matching import assignments, coming, replies, standing, undoing
from matching.models import Assignment, Proposal
from notifications import inbound
from notifications.arrivals import ReplyNumber
from notifications.models import Channel, Contact
from pools.models import User
from tests.proofs.histories.network import SMS
from tests.proofs.histories.stage import FATES, NTH, TWICE, Stage, pick
from tests.proofs.histories.world import OURS
from volunteers import approval, availability, qualifications
from volunteers.consent import withdraw_consent
from volunteers.models import Absence, Qualification, Volunteer

WORDS = st.sampled_from(["JA {}", "ja{}", "NEIN {}", "ja", "nein", "Ja, aber später", "👍" * 9])


class Volunteers(Stage):
    """Volunteers answer, give back, go away; coordinators see to their records."""

    @precondition(lambda self: self.after.proposals)
    @rule(nth=NTH, only_open=st.booleans(), fate=FATES)
    def somebody_says_yes(self, nth: int, only_open: bool, fate: int) -> None:
        offers = (self.offers("asked") if only_open else []) or self.after.proposals
        one = pick(offers, nth)
        offer = Proposal.objects.select_related("service_request__pool").get(pk=one.pk)
        looked = standing.of_offer(offer).kind
        answer = self.do(
            "somebody_says_yes",
            lambda: replies.accept(Proposal.objects.get(pk=one.pk), via="link"),
            fate=fate,
            is_done=lambda answer: answer.kind is replies.Kind.ACCEPTED,
        )
        hers = Assignment.objects.active().filter(service_request=one.request, person=one.person)
        said_yes = answer.kind in (replies.Kind.ACCEPTED, replies.Kind.ALREADY_YOURS)
        assert hers.exists() == said_yes or answer.kind is replies.Kind.OVER, answer
        if looked is standing.Kind.OPEN and not said_yes:
            # The page does not ask whether her role is locked; the yes does.
            assert answer.kind is replies.Kind.RECORD_MISSING, answer
            assert not Volunteer.objects.filter(
                pk=one.volunteer, interpreting_unlocked_at__isnull=False
            ).exists()

    @precondition(lambda self: self.offers("asked", "stand_by"))
    @rule(nth=NTH, fate=FATES)
    def somebody_says_no(self, nth: int, fate: int) -> None:
        one = pick(self.offers("asked", "stand_by"), nth)
        self.do(
            "somebody_says_no",
            lambda: replies.decline(Proposal.objects.get(pk=one.pk)),
            fate=fate,
        )

    @precondition(lambda self: self.held(is_over=False))
    @rule(nth=NTH, fate=FATES)
    def somebody_takes_her_yes_back(self, nth: int, fate: int) -> None:
        one = pick(self.held(is_over=False), nth)
        self.do(
            "somebody_takes_her_yes_back",
            lambda: undoing.undo(Assignment.objects.get(pk=one.pk)),
            fate=fate,
        )

    @precondition(lambda self: self.offers("filled"))
    @rule(nth=NTH, fate=FATES)
    def somebody_stands_by(self, nth: int, fate: int) -> None:
        one = pick(self.offers("filled"), nth)
        self.do(
            "somebody_stands_by",
            lambda: replies.stand_by(Proposal.objects.get(pk=one.pk)),
            fate=fate,
        )

    @precondition(lambda self: self.held(is_over=False))
    @rule(nth=NTH, fate=FATES)
    def somebody_cancels(self, nth: int, fate: int) -> None:
        one = pick(self.held(is_over=False), nth)
        self.do(
            "somebody_cancels",
            lambda: assignments.cancel_by_volunteer(Assignment.objects.get(pk=one.pk)),
            fate=fate,
        )

    @precondition(lambda self: self.held(is_over=False))
    @rule(nth=NTH, fate=FATES)
    def somebody_is_still_coming(self, nth: int, fate: int) -> None:
        one = pick(self.held(is_over=False), nth)
        self.do(
            "somebody_is_still_coming",
            lambda: coming.confirm_coming(Assignment.objects.get(pk=one.pk)),
            fate=fate,
        )

    @rule(nth=NTH, text=WORDS, fate=FATES)
    def somebody_writes(self, nth: int, text: str, fate: int) -> None:
        numbers = list(ReplyNumber.objects.order_by("pk").values_list("address", "number"))
        address, number = pick(numbers, nth)
        self._arrives("somebody_writes", address, text.format(number), fate)

    @rule(nth=NTH, text=st.sampled_from(["STOPP", "START"]), fate=FATES)
    def somebody_stops_or_starts(self, nth: int, text: str, fate: int) -> None:
        person = pick(self.world.volunteers, nth).person
        address = Contact.objects.get(person=person, channel=Channel.SMS).address
        self._arrives(f"somebody_stops_or_starts ({text})", address, text, fate)

    def _arrives(self, rule: str, address: str, text: str, fate: int) -> None:
        reference = f"I{uuid4()}"

        def take() -> bool:
            return inbound.take(
                SMS, provider_reference=reference, sender=address, receiver=OURS, text=text
            )

        # The provider repeats what was not answered; it is kept once.
        self.do(rule, take, fate=fate)
        if fate == TWICE:
            assert not take()

    @rule(nth=NTH, is_back=st.booleans(), fate=FATES)
    def somebody_is_away(self, nth: int, is_back: bool, fate: int) -> None:
        profile = pick(self.world.volunteers, nth).person.profile
        away = Absence.objects.filter(profile=profile).first()
        if is_back and away:
            self.do("somebody_is_away (back)", lambda: availability.remove_absence(away), fate=fate)
            return
        today = now().date()
        until = today + timedelta(days=4)
        self.do(
            "somebody_is_away (now)",
            lambda: availability.add_absence(profile, today, until),
            fate=max(fate, -1),
        )

    @rule(nth=NTH, is_back=st.booleans())
    def somebody_pauses(self, nth: int, is_back: bool) -> None:
        profile = pick(self.world.volunteers, nth).person.profile
        self.do(
            "somebody_pauses",
            lambda: availability.resume(profile) if is_back else availability.pause(profile, None),
        )

    @rule(nth=st.integers(0, 20), fate=FATES)
    def somebody_withdraws_consent(self, nth: int, fate: int) -> None:
        if nth > len(self.world.volunteers):  # not so often: a pool is soon empty
            return
        volunteer = pick(self.world.volunteers, nth)
        self.do(
            "somebody_withdraws_consent",
            lambda: withdraw_consent(volunteer.person, pool=volunteer.pool),
            fate=fate,
        )

    @rule(nth=NTH, is_back=st.booleans(), fate=FATES)
    def a_record_is_revoked(self, nth: int, is_back: bool, fate: int) -> None:
        volunteer = pick(self.world.volunteers, nth)
        by = self.office_of(volunteer.pool_id).coordinator
        basic = Qualification.objects.filter(volunteer=volunteer, type="basic_interpreting")
        standing_one = basic.filter(revoked_at__isnull=True).first()
        if standing_one is not None:
            self.do(
                "a_record_is_revoked (now)",
                lambda: qualifications.revoke(standing_one, by=by),
                fate=fate,
            )
        elif is_back and (former := basic.first()):
            self._record_again(volunteer, former, by, fate)

    def _record_again(
        self, volunteer: Volunteer, former: Qualification, by: User, fate: int
    ) -> None:
        self.do(
            "a_record_is_revoked (there again)",
            lambda: qualifications.record(
                volunteer,
                type=former.type,
                valid_from=now().date(),
                valid_until=None,
                inspected_on=now().date(),
                inspected_by=by,
            ),
            fate=max(fate, -1),
        )

    @rule(nth=NTH, is_back=st.booleans(), fate=FATES)
    def a_role_is_locked(self, nth: int, is_back: bool, fate: int) -> None:
        volunteer = pick(self.world.volunteers, nth)
        by = self.office_of(volunteer.pool_id).coordinator

        def step() -> bool:
            current = Volunteer.objects.get(pk=volunteer.pk)
            if is_back:
                approval.approve(current, by=by)
                return approval.unlock(current, role="interpret", by=by)
            return approval.lock(current, role="interpret", by=by)

        self.do(f"a_role_is_locked ({'unlocked' if is_back else 'locked'})", step, fate=fate)
