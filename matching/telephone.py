"""What is open on a telephone: offers, and appointments about which we asked «Kommen Sie?»."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import F

from background.clock import now
from matching import coming, telling
from matching.models import Assignment, Proposal
from notifications import outbox
from notifications.models import Channel, Contact, Message
from pools.models import Pool, User
from service_requests.models import Status

ASKING = ("reminder", "changed")
"""The messages that ask the holder of an appointment whether she comes."""
OFFER, APPOINTMENT = "proposal:", "assignment:"
READ_WITH = ("service_request__pool", "person", "volunteer_pool")


@dataclass(frozen=True)
class Asked:
    """Something somebody was asked, by the name under which its messages are found."""

    name: str
    on: Proposal | Assignment


@dataclass(frozen=True)
class Telephone:
    """Whose telephone it is, and what is open on it."""

    people: Sequence[Contact]
    pool: Pool | None
    still_open: Sequence[Asked] = field(default_factory=tuple)

    @property
    def owner(self) -> User:
        """Return the person, of several who share it the one who verified it first."""
        return self.people[0].person


def of_number(sender: str, receiver: str) -> Telephone:
    """Return the telephone with this number; `receiver` is the number of ours it wrote to."""
    people = list(
        Contact.objects.filter(channel=Channel.SMS, address=sender, person__is_active=True)
        .select_related("person")
        .order_by(F("verified_at").asc(nulls_last=True), "pk")
    )
    pool = Pool.objects.exclude(sms_number="").filter(sms_number=receiver).first()
    if not people:
        return Telephone(people, pool)
    owners = [contact.person_id for contact in people]
    still_open = [
        asked
        for asked in (*_open_offers(owners), *_open_questions(owners))
        if pool is None or asked.on.volunteer_pool == pool
    ]
    return Telephone(people, pool or _pool_of(owners), tuple(still_open))


def named(telephone: Telephone, names: Iterable[str]) -> dict[str, Asked]:
    """Return what these names mean: an old number still means the old offer or appointment."""
    owners = [contact.person_id for contact in telephone.people]
    names = list(names)
    offers = Proposal.objects.filter(public_id__in=_ids(names, OFFER))
    held = Assignment.objects.filter(public_id__in=_ids(names, APPOINTMENT))
    return {
        asked.name: asked
        for asked in (
            *(
                _of_offer(one)
                for one in offers.filter(person__in=owners).select_related(*READ_WITH)
            ),
            *(_of_held(one) for one in held.filter(person__in=owners).select_related(*READ_WITH)),
        )
    }


def _open_offers(owners: Collection[int]) -> list[Asked]:
    """Return the latest open offer of each request and person."""
    offers = Proposal.objects.filter(
        person__in=owners,
        state=Proposal.State.ASKED,
        service_request__status=Status.SEARCHING,
        service_request__period__startswith__gt=now(),
    ).select_related(*READ_WITH)
    latest = {
        (offer.service_request_id, offer.person_id): _of_offer(offer)
        for offer in offers.order_by("search_round", "pk")
    }
    return list(latest.values())


def _open_questions(owners: Collection[int]) -> list[Asked]:
    """Return the appointments whose holder got our question and has not answered it."""
    held = Assignment.objects.active().filter(person__in=owners, period__startswith__gt=now())
    questions = [_of_held(one) for one in held.select_related(*READ_WITH) if coming.is_asked(one)]
    return [asked for asked in questions if outbox.was_handed_over(asked.name, templates=ASKING)]


def _of_offer(offer: Proposal) -> Asked:
    return Asked(telling.about_proposal(offer), offer)


def _of_held(held: Assignment) -> Asked:
    return Asked(telling.about_assignment(held), held)


def _ids(names: Iterable[str], kind: str) -> list[UUID]:
    return [UUID(name.removeprefix(kind)) for name in names if name.startswith(kind)]


def _pool_of(people: Sequence[int]) -> Pool | None:
    """Return the pool that last wrote to one of them."""
    last = (
        Message.objects.filter(person__in=people, pool__isnull=False)
        .select_related("pool")
        .order_by("-created_at")
        .first()
    )
    return last.pool if last else None
