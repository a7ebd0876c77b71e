"""Answers by SMS: each is read once, in the order in which it was sent (settings.REPLY_READER).

What a text means is decided by sms_words, which is pure; here is what we do about it. A yes to an
offer goes the way of every yes (replies.accept), an answer to «Kommen Sie?» that of the page. What
is not plainly an answer waits for the coordinator.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F

from background.clock import now
from background.failpoints import failpoint
from matching import assignments, coming, replies, sms_words
from matching import telephone as telephones
from matching.models import Assignment, Proposal
from matching.sms_words import Step
from matching.telephone import Asked, Telephone
from notifications import contacts, numbers, outbox
from notifications.arrivals import Reply, Verdict
from notifications.models import Message, MessageClass
from notifications.wording import when_parameters
from pools.models import User

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
    telephone = telephones.of_number(reply.sender, reply.receiver)
    if not telephone.people:
        _close(reply, Verdict.STRANGER, telephone)
        return
    numbered = numbers.meanings(reply.sender)
    known = telephones.named(telephone, numbered.values())
    decision = sms_words.decide(
        sms_words.read(reply.text),
        still_open=telephone.still_open,
        numbered={number: known[name] for number, name in numbered.items() if name in known},
    )
    failpoint("reply.understood")
    if decision.step == Step.ANSWER:
        asked = cast(Asked, decision.offer)
        take = _answer if isinstance(asked.on, Proposal) else _say_whether_coming
        take(reply, telephone, asked, is_yes=decision.is_yes)
    else:
        STEPS[decision.step](reply, telephone)
    failpoint("reply.worked_off")


def _answer(reply: Reply, telephone: Telephone, asked: Asked, *, is_yes: bool) -> None:
    """Take the yes or the no; a no to what she has said yes to is for the coordinator."""
    offer = cast(Proposal, asked.on)
    if not is_yes and _is_hers(offer):
        _keep(reply, telephone, asked)
        return
    answer = replies.accept(offer, via="sms") if is_yes else replies.decline(offer)
    _close(reply, Verdict.YES if is_yes else Verdict.NO, telephone, asked)
    if answer.kind in ANSWERS:
        _tell(reply, telephone, ANSWERS[answer.kind], person=offer.person)


def _say_whether_coming(reply: Reply, telephone: Telephone, asked: Asked, *, is_yes: bool) -> None:
    """Take the answer to «Kommen Sie?»: a no gives the appointment back, and is told so by that.

    A number of long ago gives nothing back: only while the question is open is a no one.
    """
    held = cast(Assignment, asked.on)
    if not is_yes and held.cancelled_at is None and asked not in telephone.still_open:
        _keep(reply, telephone, asked)
        return
    if is_yes:
        coming.confirm_coming(held)
    elif assignments.cancel_by_volunteer(held):
        _close(reply, Verdict.NO, telephone, asked)
        return
    _close(reply, Verdict.YES if is_yes else Verdict.NO, telephone, asked)
    held.refresh_from_db(fields=["coming_confirmed_at", "cancelled_at"])
    _tell(reply, telephone, _how_it_stands(held), person=held.person)


def _how_it_stands(held: Assignment) -> str:
    """Return the answer for whoever says whether she comes, as it stands after it."""
    if held.cancelled_at is not None:
        return "answer_closed"
    return "answer_over" if held.coming_confirmed_at is None else "answer_coming"


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
    for asked in telephone.still_open[:LISTED]:
        number = numbers.issue(reply.sender, asked.name)
        period = asked.on.service_request.period
        when = when_parameters((period.lower, period.upper), asked.on.service_request.pool.zone)
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


def _keep(reply: Reply, telephone: Telephone, asked: Asked | None = None) -> None:
    """Leave it to the coordinator; the person hears so once a day."""
    _close(reply, Verdict.KEPT, telephone, asked)
    day = now().date().isoformat()
    owner = asked.on.person if asked else telephone.owner
    _tell(reply, telephone, "answer_kept", person=owner, about=f"day:{day}")


STEPS = {
    Step.ASK_WHICH: _ask_which,
    Step.NOTHING_OPEN: _nothing_open,
    Step.STOP: _stop,
    Step.START: _start,
    Step.KEEP: _keep,
}


def _close(
    reply: Reply, verdict: Verdict, telephone: Telephone, asked: Asked | None = None
) -> None:
    """Note what was made of it, and whose it is."""
    person = asked.on.person if asked else telephone.owner if telephone.people else None
    pool = asked.on.volunteer_pool if asked else telephone.pool
    Reply.objects.filter(pk=reply.pk, worked_off_at__isnull=True).update(
        worked_off_at=now(),
        verdict=verdict,
        person=person,
        pool=pool,
        about=asked.name if asked else "",
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
