"""Who may be asked: a coordinator takes a volunteer on, and opens a role when the records hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from notifications import outbox
from notifications.models import MessageClass
from pools.holding import hold_person
from pools.models import User
from pools.rules import required_groups
from reference.models import QualificationType
from volunteers.models import Volunteer
from volunteers.qualifications import held, record

ADULT = "age_18"
DECISIONS = frozenset({"volunteer_approved", "volunteer_refused", "volunteer_unlocked"})
NEWS_FOR = dt.timedelta(days=3)
UNLOCKED_FIELD = {"interpret": "interpreting_unlocked_at", "guide": "guiding_unlocked_at"}
UNLOCKED_BY_FIELD = {"interpret": "interpreting_unlocked_by", "guide": "guiding_unlocked_by"}
NO_OPEN_ROLE = dict.fromkeys((*UNLOCKED_FIELD.values(), *UNLOCKED_BY_FIELD.values()))
WANTED_FIELD = {"interpret": "wants_interpreting", "guide": "wants_guiding"}


@transaction.atomic
def approve(volunteer: Volunteer, *, by: User) -> bool:
    """Take a volunteer on and keep the declared adulthood as a record; False when already so."""
    if not _decide(volunteer, Volunteer.Status.APPROVED, by=by):
        return False
    today = _today(volunteer)
    if not held(volunteer, today).filter(type=ADULT).exists():
        record(
            volunteer,
            type=QualificationType.objects.get(code=ADULT),
            valid_from=today,
            valid_until=None,
            inspected_on=today,
            inspected_by=by,
        )
    _tell(volunteer, "volunteer_approved")
    return True


@transaction.atomic
def refuse(volunteer: Volunteer, *, by: User) -> bool:
    """Decline a volunteer, who is then never asked; False when already so."""
    if not _decide(volunteer, Volunteer.Status.REFUSED, by=by):
        return False
    _tell(volunteer, "volunteer_refused")
    return True


def leave(volunteer: Volunteer, *, by: User) -> bool:
    """Note that a volunteer stopped; the retention of the records counts from now."""
    return _decide(volunteer, Volunteer.Status.LEFT, by=by)


def missing_records(volunteer: Volunteer, role: str, on: dt.date) -> list[QualificationType]:
    """Return the records of the pool's general list for the role that do not hold on that day.

    A type kept per language counts when it holds for any language: which one is needed is asked
    again for every appointment.
    """
    holds = set(held(volunteer, on).values_list("type_id", flat=True))
    groups = required_groups(volunteer.pool, kind=role, on=on)
    missing = [group[0] for group in groups if holds.isdisjoint(group)]
    return list(QualificationType.objects.filter(code__in=missing))


@transaction.atomic
def unlock(volunteer: Volunteer, *, role: str, by: User) -> bool:
    """Open a role from now on; False when it was open. Raises while a record is missing."""
    hold_person(volunteer.person_id)
    current = Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    if current.status != Volunteer.Status.APPROVED:
        raise ValidationError("Diese Person ist noch nicht aufgenommen. Nehmen Sie sie zuerst auf.")
    if not getattr(current, WANTED_FIELD[role]):
        raise ValidationError("Diese Person möchte diese Aufgabe nicht. Fragen Sie sie zuerst.")
    if missing := missing_records(current, role, _today(current)):
        labels = ", ".join(type_.label_de for type_ in missing)
        raise ValidationError(f"Diese Nachweise fehlen noch: {labels}.")
    if getattr(current, UNLOCKED_FIELD[role]) is not None:
        return False
    _set_unlocked(volunteer, role, now(), by)
    _tell(volunteer, "volunteer_unlocked")
    return True


@transaction.atomic
def lock(volunteer: Volunteer, *, role: str, by: User) -> bool:
    """Close a role: the person is no longer asked for it. False when it was closed."""
    hold_person(volunteer.person_id)
    field = UNLOCKED_FIELD[role]
    was_open = Volunteer.objects.filter(pk=volunteer.pk).exclude(**{field: None}).exists()
    _set_unlocked(volunteer, role, None, None)
    return was_open


def _tell(volunteer: Volunteer, template: str) -> None:
    """Tell what was decided just now; what was decided before and is not out yet is taken back.

    Called only after something changed, so each call is a message of its own.
    """
    about = f"volunteer:{volunteer.public_id}"
    outbox.supersede(about, templates=DECISIONS)
    outbox.write(
        volunteer.person,
        pool=volunteer.pool,
        template=template,
        parameters={},
        message_class=MessageClass.NEWS,
        about=[about],
        step=now().isoformat(),
        not_after=now() + NEWS_FOR,
    )


def _set_unlocked(
    volunteer: Volunteer, role: str, instant: dt.datetime | None, by: User | None
) -> None:
    changes = {UNLOCKED_FIELD[role]: instant, UNLOCKED_BY_FIELD[role]: by}
    Volunteer.objects.filter(pk=volunteer.pk).update(**changes)
    for name, value in changes.items():
        setattr(volunteer, name, value)


@transaction.atomic
def _decide(volunteer: Volunteer, status: Volunteer.Status, *, by: User) -> bool:
    """Set the status once; whoever is not taken on has no open role."""
    hold_person(volunteer.person_id)
    changes: dict[str, Any] = {"status": status, "decided_at": now(), "decided_by": by}
    if status != Volunteer.Status.APPROVED:
        changes |= NO_OPEN_ROLE
    changed = Volunteer.objects.filter(pk=volunteer.pk).exclude(status=status).update(**changes)
    if changed:
        volunteer.refresh_from_db()
    return bool(changed)


def _today(volunteer: Volunteer) -> dt.date:
    return now().astimezone(volunteer.pool.zone).date()
