"""A program's access: acts with the rights of one person, only where that person allows it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet

from background.clock import now

if TYPE_CHECKING:
    import datetime as dt

    from pools.scoping import Scope


class Permission(models.TextChoices):
    """What a token may be allowed: an area to read or to change; never more than its person may."""

    READ_REQUESTS = "requests:read", "Anfragen lesen"
    WRITE_REQUESTS = "requests:write", "Anfragen stellen, zurückziehen und absagen"
    READ_OFFERS = "offers:read", "Vorschläge lesen"
    WRITE_OFFERS = "offers:write", "Vorschläge beantworten"
    READ_ASSIGNMENTS = "assignments:read", "Einsätze lesen"
    WRITE_ASSIGNMENTS = "assignments:write", "Einsätze absagen"
    READ_PROFILE = "profile:read", "Eigene Angaben und Zeiten lesen"
    WRITE_PROFILE = "profile:write", "Eigene Angaben und Zeiten ändern"
    READ_ORGANISATIONS = "organisations:read", "Stellen lesen"
    READ_COORDINATION = "coordination:read", "Listen der Koordination lesen"
    READ_WEBHOOKS = "webhooks:read", "Benachrichtigungen an Programme lesen"
    WRITE_WEBHOOKS = "webhooks:write", "Benachrichtigungen an Programme einrichten"


class TokenQuerySet(QuerySet["Token"]):
    """What tokens have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """One's own, and nobody else's: not even a coordinator sees them."""
        if scope.person_id is None:
            return self.none()
        return self.filter(person=scope.person_id)

    def in_force(self, instant: dt.datetime) -> Self:
        """Tokens that open something at this instant."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=instant, person__is_active=True)


class Token(models.Model):
    """An access of a program; only the digest of the secret is kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="tokens")
    name = models.CharField("Name", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    permissions = ArrayField(models.CharField(max_length=20, choices=Permission.choices))
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="to the hour")
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(permissions__len__gt=0), name="token_opens_something"
            ),
        )

    def __str__(self) -> str:
        return f"token {self.public_id}"
