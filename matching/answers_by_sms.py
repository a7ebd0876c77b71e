"""Answers by SMS: each is read once, in the order in which it was sent (settings.REPLY_READER).

What a text means is decided by sms_words, which is pure; here is what we do about it. A yes goes
the way of every yes (replies.accept). What is not plainly an answer waits for the coordinator.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from background.clock import now
from background.failpoints import failpoint
from matching import replies, sms_words, telling
from matching.models import Assignment, Proposal
from matching.sms_words import Step
from notifications import contacts, numbers, outbox
from notifications.arrivals import Reply, Verdict
from notifications.models import Channel, Contact, Message, MessageClass
from notifications.wording import when_parameters
from pools.models import Pool, User
from service_requests.models import Status

log = logging.getLogger(__name__)

SWEEP_AFTER = timedelta(seconds=10)
TRIES = 5
"""After so many errors a text waits for the coordinator instead of being tried for ever."""
ANSWERS_PER_HOUR = 6
"""More we do not write to one person: an answering machine would talk to us all night."""
ANSWER_FOR = timedelta(hours=12)
LISTED = 3

ANSWERS = {
    replies.Kind.TAKEN: "answer_taken",
    replies.Kind.ALREADY_YOURS: "answer_already_yours",
    replies.Kind.OVERLAP: "answer_overlap",
    replies.Kind.RECORD_MISSING: "answer_record_missing",
    replies.Kind.CLOSED: "answer_closed",
    replies.Kind.OVER: "answer_over",
    replies.Kind.DECLINED: "answer_declined",
}
"""Who gets it is told by the acceptance itself (telling.accepted)."""


@dataclass(frozen=True)
class Telephone:
    """Whose telephone it is, and which offers are open on it."""

    people: Sequence[Contact]
    pool: Pool | None
    still_open: Sequence[Proposal] = field(default_factory=tuple)

    @property
    def owner(self) -> User:
        """Return the person, of several who share it the one who verified it first."""
        return self.people[0].person


@transaction.atomic
def work_off(reply_pk: int) -> None:
    """Read one SMS, after every earlier one from the same telephone; twice is once."""
    sender = Reply.objects.filter(pk=reply_pk).values_list("sender", flat=True).first()
    waiting = (
        Reply.objects.select_for_update()
        .filter(sender=sender, worked_off_at__isnull=True)
        .order_by("sent_at", "pk")
    )
    for reply in waiting:
        _read(reply)
        if reply.pk == reply_pk:
            return


def sweep() -> None:
    """Read what no wake-up reached; a text that cannot be worked off goes to the coordinator."""
    waiting = Reply.objects.filter(
        worked_off_at__isnull=True, received_at__lte=now() - SWEEP_AFTER
    ).order_by("sent_at", "pk")
    for pk in waiting.values_list("pk", flat=True)[:500]:
        try:
            work_off(pk)
        except Exception:  # one that fails does not stop the others
            log.exception("reply_failed", extra={"reply": pk})
            Reply.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
            Reply.objects.filter(pk=pk, attempts__gte=TRIES).update(
                worked_off_at=now(), verdict=Verdict.KEPT
            )


def _read(reply: Reply) -> None:
    telephone = _telephone(reply)
    if not telephone.people:
        _close(reply, Verdict.STRANGER, telephone)
        return
    about = {telling.about_proposal(one): one for one in _offers_of(telephone)}
    decision = sms_words.decide(
        sms_words.read(reply.text),
        still_open=[telling.about_proposal(one) for one in telephone.still_open],
        numbered={
            number: name for number, name in numbers.meanings(reply.sender).items() if name in about
        },
    )
    failpoint("reply.understood")
    if decision.step == Step.ANSWER:
        _answer(reply, telephone, about[str(decision.offer)], is_yes=decision.is_yes)
    else:
        STEPS[decision.step](reply, telephone)
    failpoint("reply.worked_off")


def _telephone(reply: Reply) -> Telephone:
    people = list(
        Contact.objects.filter(channel=Channel.SMS, address=reply.sender, person__is_active=True)
        .select_related("person")
        .order_by(F("verified_at").asc(nulls_last=True), "pk")
    )
    pool = Pool.objects.exclude(sms_number="").filter(sms_number=reply.receiver).first()
    if not people:
        return Telephone(people, pool)
    latest: dict[tuple[int, int], Proposal] = {}
    offers = Proposal.objects.filter(
        person__in=[contact.person_id for contact in people],
        state=Proposal.State.ASKED,
        service_request__status=Status.SEARCHING,
        service_request__period__startswith__gt=now(),
    ).select_related("service_request__pool", "person", "volunteer_pool")
    if pool is not None:
        offers = offers.filter(volunteer_pool=pool)
    for offer in offers.order_by("search_round", "pk"):
        latest[offer.service_request_id, offer.person_id] = offer
    pool = pool or _pool_of([contact.person_id for contact in people])
    return Telephone(people, pool, tuple(latest.values()))


def _pool_of(people: Sequence[int]) -> Pool | None:
    """Return the pool that last wrote to one of them."""
    last = (
        Message.objects.filter(person__in=people, pool__isnull=False)
        .select_related("pool")
        .order_by("-created_at")
        .first()
    )
    return last.pool if last else None


def _offers_of(telephone: Telephone) -> Iterable[Proposal]:
    """Return every offer ever made to these people: an old number still means the old offer."""
    return Proposal.objects.filter(
        person__in=[contact.person_id for contact in telephone.people]
    ).select_related("service_request__pool", "person", "volunteer_pool")


def _answer(reply: Reply, telephone: Telephone, offer: Proposal, *, is_yes: bool) -> None:
    """Take the yes or the no; a no to what she has said yes to is for the coordinator."""
    if not is_yes and _is_hers(offer):
        _keep(reply, telephone, offer=offer)
        return
    answer = replies.accept(offer, via="sms") if is_yes else replies.decline(offer)
    _close(reply, Verdict.YES if is_yes else Verdict.NO, telephone, offer=offer)
    if answer.kind in ANSWERS:
        _tell(reply, telephone, ANSWERS[answer.kind], person=offer.person)


def _is_hers(offer: Proposal) -> bool:
    return (
        Assignment.objects.active()
        .filter(service_request=offer.service_request_id, person=offer.person_id)
        .exists()
    )


def _ask_which(reply: Reply, telephone: Telephone) -> None:
    """Ask back, with the number and the time of what is open."""
    _close(reply, Verdict.ASKED_BACK, telephone)
    lines = []
    for offer in telephone.still_open[:LISTED]:
        number = numbers.issue(reply.sender, telling.about_proposal(offer))
        period = offer.service_request.period
        when = when_parameters((period.lower, period.upper), offer.service_request.pool.zone)
        lines.append(f"JA {number} = {when['wt']} {when['tag']} {when['zeit']}")
    _tell(reply, telephone, "answer_which", welche=", ".join(lines))


def _nothing_open(reply: Reply, telephone: Telephone) -> None:
    _close(reply, Verdict.NOTHING_OPEN, telephone)
    _tell(reply, telephone, "answer_nothing_open")


def _stop(reply: Reply, telephone: Telephone) -> None:
    """Write to this telephone no more; the news of it goes to another address, if there is one."""
    contacts.stop(telephone.people[0])
    _close(reply, Verdict.STOP, telephone)
    link = f"{settings.PUBLIC_URL}/meine-angaben/"
    _tell(reply, telephone, "paused", is_elsewhere=True, link=link)


def _start(reply: Reply, telephone: Telephone) -> None:
    contacts.resume(telephone.people[0])
    _close(reply, Verdict.START, telephone)
    _tell(reply, telephone, "answer_resumed")


def _keep(reply: Reply, telephone: Telephone, offer: Proposal | None = None) -> None:
    """Leave it to the coordinator; the person hears so once a day."""
    _close(reply, Verdict.KEPT, telephone, offer=offer)
    day = now().date().isoformat()
    owner = offer.person if offer else telephone.owner
    _tell(reply, telephone, "answer_kept", person=owner, about=f"day:{day}")


STEPS = {
    Step.ASK_WHICH: _ask_which,
    Step.NOTHING_OPEN: _nothing_open,
    Step.STOP: _stop,
    Step.START: _start,
    Step.KEEP: _keep,
}


def _close(
    reply: Reply, verdict: Verdict, telephone: Telephone, *, offer: Proposal | None = None
) -> None:
    """Note what was made of it, and whose it is."""
    person = offer.person if offer else telephone.owner if telephone.people else None
    pool = offer.volunteer_pool if offer else telephone.pool
    about = telling.about_proposal(offer) if offer else ""
    Reply.objects.filter(pk=reply.pk, worked_off_at__isnull=True).update(
        worked_off_at=now(), verdict=verdict, person=person, pool=pool, about=about
    )


def _tell(
    reply: Reply,
    telephone: Telephone,
    template: str,
    *,
    person: User | None = None,
    about: str = "",
    is_elsewhere: bool = False,
    **parameters: Any,
) -> None:
    """Answer to the telephone the text came from, also at night: its owner is awake."""
    person = person or telephone.owner
    if telephone.pool is None or _has_heard_enough(person):
        return
    here = next((one for one in telephone.people if one.person_id == person.pk), None)
    outbox.write(
        person,
        pool=telephone.pool,
        template=template,
        parameters={"may_disturb": True, **parameters},
        message_class=MessageClass.NEWS,
        about=[about or f"reply:{reply.public_id}"],
        step="1",
        not_after=now() + ANSWER_FOR,
        priority=2,
        contact=None if is_elsewhere else here,
    )


def _has_heard_enough(person: User) -> bool:
    recent = Message.objects.filter(
        person=person,
        template__startswith="answer_",
        created_at__gt=now() - timedelta(hours=1),
    )
    return recent.count() >= ANSWERS_PER_HOUR
