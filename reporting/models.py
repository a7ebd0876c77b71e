"""What took place: the two sides of an assignment confirm it, each for itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from background.clock import now
from pools.same_pool import SamePool
from reporting.querysets import RecordQuerySet


class Record(models.Model):
    """The record of an assignment (Einsatznachweis): opened when over, filled by both sides."""

    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    assignment = models.OneToOneField("matching.Assignment", models.PROTECT, related_name="record")
    opened_at = models.DateTimeField(default=now)
    agreed_at = models.DateTimeField(null=True, help_text="both sides said the same")
    disputed_at = models.DateTimeField(null=True, help_text="they did not: the coordinator asks")
    decided_at = models.DateTimeField(null=True, help_text="and writes down what she found out")
    decided_by = models.ForeignKey("pools.User", models.SET_NULL, null=True, related_name="+")

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = (
            SamePool(field="assignment", name="record_assignment_same_pool"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(disputed_at__isnull=False),
                name="record_decided_only_when_disputed",
            ),
        )

    def __str__(self) -> str:
        return f"record of {self.assignment_id}"

    @property
    def is_disputed(self) -> bool:
        """Whether the coordinator has to find out what happened."""
        return self.disputed_at is not None and self.decided_at is None


class Confirmation(models.Model):
    """What one side says about an assignment; said once, corrected only by the coordinator."""

    class Side(models.TextChoices):
        """Who says it."""

        VOLUNTEER = "volunteer", "freiwillige Person"
        REQUESTER = "requester", "anfragende Stelle"

    class Outcome(models.TextChoices):
        """What happened; the three kinds of no-show are different things."""

        TOOK_PLACE = "took_place", "Hat stattgefunden"
        CLIENT_ABSENT = "client_absent", "Die ratsuchende Person war nicht da"
        OFFICE_ABSENT = "office_absent", "Von der Stelle war niemand da"
        VOLUNTEER_ABSENT = "volunteer_absent", "Die freiwillige Person war nicht da"

    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        "matching.Assignment", models.PROTECT, related_name="confirmations"
    )
    side = models.CharField(max_length=9, choices=Side.choices)
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    said_by = models.ForeignKey("pools.User", models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["assignment", "side"], name="confirmation_said_once_per_side"
            ),
            SamePool(field="assignment", name="confirmation_assignment_same_pool"),
        )

    def __str__(self) -> str:
        return f"{self.side}: {self.outcome}"
