"""What was posted under which key, so that posting it twice does it once."""

from __future__ import annotations

from django.db import models

from background.clock import now


class PostedOnce(models.Model):
    """The outcome of a POST with an Idempotency-Key; never what was sent, nor what was shown."""

    person = models.ForeignKey("pools.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="of address and body")
    status = models.PositiveSmallIntegerField(null=True)
    target = models.UUIDField(null=True, help_text="what is shown again")
    problem = models.CharField(max_length=30, blank=True)
    posted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "key"], name="posted_once_per_key"),
        )
        indexes = (models.Index(fields=["posted_at"], name="posted_once_oldest"),)

    def __str__(self) -> str:
        return f"{self.status} {self.target}"
