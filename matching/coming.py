"""The answer to the reminder or to a change: «Ja, ich komme». A no cancels (assignments.py)."""

from __future__ import annotations

from background.clock import now
from matching.models import Assignment


def is_asked(assignment: Assignment) -> bool:
    """Return whether the reminder or a change has asked and the yes is still to come."""
    return (
        (assignment.reminded_at is not None or assignment.answer_until is not None)
        and assignment.coming_confirmed_at is None
        and assignment.cancelled_at is None
        and assignment.period.lower > now()
    )


def confirm_coming(assignment: Assignment) -> bool:
    """Keep when the volunteer first said that she comes; False when it is too late or said."""
    instant = now()
    confirmed = (
        Assignment.objects.active()
        .filter(pk=assignment.pk, coming_confirmed_at=None, period__startswith__gt=instant)
        .update(coming_confirmed_at=instant, answer_until=None)
    )
    return bool(confirmed)
