"""The day before: one reminder per appointment."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from matching import telling
from matching.models import Assignment
from pools import rules

log = logging.getLogger(__name__)
HOURS_BEFORE = 24
LONGEST = timedelta(hours=72)


def sweep() -> None:
    """Remind everybody whose appointment is near and who has not been reminded."""
    instant = now()
    near = Assignment.objects.filter(
        cancelled_at__isnull=True,
        reminded_at__isnull=True,
        period__startswith__gt=instant,
        period__startswith__lte=instant + LONGEST,
    ).select_related("pool")
    for assignment in near[:500]:
        hours = rules.rule_int(
            assignment.pool, "reminder.hours_before", instant.date(), HOURS_BEFORE
        )
        if assignment.period.lower - instant > timedelta(hours=hours):
            continue
        try:
            remind(assignment.pk)
        except Exception:  # one that fails does not stop the others
            log.exception("reminder_failed", extra={"assignment": assignment.pk})


@transaction.atomic
def remind(assignment_pk: int) -> bool:
    """Write the reminder once; who said yes only just now needs none."""
    assignment = (
        Assignment.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "pool", "proposal", "service_request")
        .filter(pk=assignment_pk, cancelled_at__isnull=True, reminded_at__isnull=True)
        .first()
    )
    if assignment is None:
        return False
    instant = now()
    Assignment.objects.filter(pk=assignment_pk).update(reminded_at=instant)
    failpoint("reminder.noted")
    if instant - assignment.accepted_at < timedelta(hours=HOURS_BEFORE / 2):
        return False
    telling.reminder(assignment)
    return True
