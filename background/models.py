"""The pulse of the worker: one row that says when the queue last did something."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When the queue worker last completed a beat; read by the supervisor."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.beaten_at:%Y-%m-%d %H:%M:%S}"
