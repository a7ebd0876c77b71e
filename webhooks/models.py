"""Where a pool's other systems want to be told, and every try to do so."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet

from background.clock import now
from pools.same_pool import SamePool

if TYPE_CHECKING:
    from pools.scoping import Scope


class Topic(models.TextChoices):
    """What can be told; the request's own events by the names of the outside world."""

    POSTED = "request.posted", "Anfrage gestellt"
    FILLED = "request.filled", "Anfrage besetzt"
    CHANGED = "request.changed", "Anfrage geändert, oder wir suchen wieder"
    CANCELLED = "request.cancelled", "Anfrage zurückgezogen oder Termin abgesagt"
    NOT_FILLED = "request.not_filled", "Leider niemand"
    TOOK_PLACE = "request.took_place", "Hat stattgefunden"


class EndpointQuerySet(QuerySet["Endpoint"]):
    """What endpoints have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates."""
        return self.filter(pool__in=scope.pools)

    def listening(self) -> Self:
        """Endpoints that are told now."""
        return self.filter(removed_at__isnull=True, paused_at__isnull=True, pool__is_active=True)


class DeliveryQuerySet(QuerySet["Delivery"]):
    """What deliveries have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the pools a person coordinates."""
        return self.filter(pool__in=scope.pools)


class Endpoint(models.Model):
    """An address that a pool's events are sent to; its key is derived, never stored."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic.choices))
    created_by = models.ForeignKey("pools.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    paused_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pool", "id"], name="webhook_endpoint_pool_id"),
            models.CheckConstraint(
                condition=models.Q(topics__len__gt=0), name="webhook_endpoint_wants_something"
            ),
        )

    def __str__(self) -> str:
        return f"webhook {self.public_id}"


class Delivery(models.Model):
    """One event for one endpoint: tried until it is taken or given up, and kept as the log."""

    class State(models.TextChoices):
        """How far it is."""

        PENDING = "pending", "wartet"
        DELIVERED = "delivered", "angekommen"
        FAILED = "failed", "aufgegeben"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey("requests.Event", models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    status = models.PositiveSmallIntegerField(null=True, help_text="what it answered last")
    failure = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField(default=now)
    delivered_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="webhook_delivery_once_per_event"
            ),
            SamePool(field="endpoint", name="webhook_delivery_endpoint_same_pool"),
        )
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="pending"),
                name="webhook_delivery_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.state}"
