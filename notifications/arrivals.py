"""What providers tell us, kept as it came: the webhook writes a row and answers, nothing else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from background.clock import now


class Receipt(models.Model):
    """What a provider said became of a message, in its own words; worked off by the worker.

    The same words about the same message are one row, however often they come.
    """

    carrier = models.CharField(max_length=100, help_text="the channel, as a dotted path")
    provider_reference = models.CharField(max_length=80)
    message_id = models.UUIDField(null=True, help_text="our id, when the provider names it")
    status = models.CharField(max_length=20)
    code = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(default=now)
    worked_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["carrier", "provider_reference", "status", "code"],
                name="receipt_told_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["received_at"],
                condition=Q(worked_off_at__isnull=True),
                name="receipt_to_work_off",
            ),
        )

    def __str__(self) -> str:
        return f"{self.status} {self.provider_reference}"
