"""The life of a message: what may follow what, and the only place that changes it.

Every change is a compare-and-set; a final state stays final.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Func, JSONField, Q, Value, When

from background.clock import now
from notifications.models import FINAL_STATES, Message, MessageClass, MessageState

S = MessageState
LEASE_RAN_OUT = "lease_ran_out"

NEXT: dict[MessageState, frozenset[MessageState]] = {
    # ACCEPTED straight from PENDING: a sender that was thought dead comes back with the receipt.
    S.PENDING: frozenset({S.SENDING, S.ACCEPTED, S.FAILED, S.EXPIRED, S.SUPERSEDED}),
    S.SENDING: frozenset({S.PENDING, S.UNKNOWN, S.ACCEPTED, S.FAILED, S.EXPIRED, S.SUPERSEDED}),
    S.UNKNOWN: frozenset({S.PENDING, S.ACCEPTED, S.DELIVERED, S.FAILED, S.EXPIRED, S.SUPERSEDED}),
    S.ACCEPTED: frozenset({S.DELIVERED, S.FAILED}),
    **{state: frozenset() for state in FINAL_STATES},
}

_JSON = JSONField()

WITHOUT_PARAMETERS = FINAL_STATES | {S.ACCEPTED}
"""States in which nobody needs the text (and the plain token in it) any more."""


KEPT = Case(
    When(
        Q(message_class=MessageClass.CODE) | Q(superseded_at__isnull=False), then=Value({}, _JSON)
    ),
    When(parameters={}, then=F("spare")),  # kept before
    When(link_digest="", then=F("parameters")),
    default=Func(F("parameters"), template="(%(expressions)s - 'link')", output_field=_JSON),
)
"""What may be needed once more, by the next address or the coordinator: without the plain token."""


def move(
    message_id: UUID,
    to: MessageState,
    *,
    sources: Collection[MessageState] | None = None,
    attempts: int | None = None,
    **fields: Any,
) -> bool:
    """Change the state if it allows that; return whether it did.

    `sources` narrows the states it may come from; `attempts` is the fence: only the try that is
    still the latest may speak for the message.
    """
    allowed = {state for state, following in NEXT.items() if to in following}
    if sources is not None:
        allowed &= set(sources)
    rows = Message.objects.filter(pk=message_id, state__in=allowed)
    if attempts is not None:
        rows = rows.filter(attempts=attempts)
    if to == S.PENDING:
        rows = rows.filter(superseded_at__isnull=True)
    return rows.update(state=to, **{**_with(to), **fields}) > 0


def give_up_overtaken(message_id: UUID, *, attempts: int) -> bool:
    """Close a message that was superseded while in hand and turned out not to be sent."""
    return (
        Message.objects.filter(
            pk=message_id,
            state__in=(S.SENDING, S.UNKNOWN),
            attempts=attempts,
            superseded_at__isnull=False,
        ).update(state=S.SUPERSEDED, **_with(S.SUPERSEDED))
        > 0
    )


def release_run_out_leases(at: datetime) -> int:
    """Mark what was in hand too long: its holder died or sleeps, nobody knows how far it came."""
    return Message.objects.filter(state=S.SENDING, lease_until__lt=at).update(
        state=S.UNKNOWN, lease_until=at, failure=LEASE_RAN_OUT, unclear=F("unclear") + 1
    )


def expire(at: datetime) -> int:
    """Close what nobody needs any more: an offer for nine o'clock is worthless at ten."""
    return Message.objects.filter(state=S.PENDING, not_after__lte=at).update(
        state=S.EXPIRED, **_with(S.EXPIRED)
    )


def forget_spares(before: datetime) -> int:
    """Empty what was kept for a second try of messages of so long ago; return how many."""
    kept = Message.objects.exclude(spare={})
    accepted = kept.filter(state=S.ACCEPTED, accepted_at__lt=before)
    dead = kept.filter(state__in=(S.FAILED, S.SUPERSEDED), created_at__lt=before)
    return accepted.update(spare={}) + dead.update(spare={})


def overtake(ids: Collection[UUID]) -> int:
    """Supersede what is pending; mark what is not; return how many were still to be sent."""
    overtaken_at = now()
    pending = Message.objects.filter(pk__in=ids, state=S.PENDING).update(
        state=S.SUPERSEDED, superseded_at=overtaken_at, **_with(S.SUPERSEDED)
    )
    marked = Message.objects.filter(pk__in=ids, superseded_at__isnull=True)
    over = (S.ACCEPTED, S.FAILED)  # no second try of these
    in_hand = marked.exclude(state__in=over).update(superseded_at=overtaken_at)
    marked.filter(state__in=over).update(superseded_at=overtaken_at, spare={})
    return pending + in_hand


def _with(state: MessageState) -> dict[str, Any]:
    cleared: dict[str, Any] = {}
    if state in WITHOUT_PARAMETERS:
        cleared |= {"parameters": {}, "spare": KEPT if state in (S.ACCEPTED, S.FAILED) else {}}
    if state not in (S.SENDING, S.UNKNOWN):
        cleared["lease_until"] = None
    return cleared
