"""What providers tell us, kept as it came: the webhook writes a row and answers, nothing else."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from background.clock import now
from pools.scoping import Scope


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


class Verdict(models.TextChoices):
    """What was made of an SMS that somebody sent us."""

    YES = "yes", "Ja"
    NO = "no", "Nein"
    STOP = "stop", "keine Nachrichten mehr"
    START = "start", "wieder Nachrichten"
    ASKED_BACK = "asked_back", "nachgefragt"
    NOTHING_OPEN = "nothing_open", "keine Anfrage offen"
    KEPT = "kept", "für die Koordination"
    STRANGER = "stranger", "unbekannte Nummer"


FOR_A_PERSON = (Verdict.KEPT, Verdict.STRANGER, Verdict.NOTHING_OPEN)


class ReplyQuerySet(models.QuerySet["Reply"]):
    """What replies have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Replies to the pools a person coordinates; what belongs to no pool is shown to nobody."""
        return self.filter(pool__in=scope.pools)

    def unread(self) -> Self:
        """What only a person can understand, and nobody has read yet."""
        return self.filter(verdict__in=FOR_A_PERSON, read_at__isnull=True)


class Reply(models.Model):
    """An SMS somebody sent us, as it came; one row however often and by what way it arrives."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    carrier = models.CharField(max_length=100, help_text="the channel, as a dotted path")
    provider_reference = models.CharField(max_length=80)
    sender = models.CharField(max_length=40)
    receiver = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField(help_text="as the provider says; the order in which we read")
    received_at = models.DateTimeField(default=now)
    attempts = models.PositiveSmallIntegerField(default=0)
    worked_off_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    person = models.ForeignKey("pools.User", models.CASCADE, null=True, related_name="+")
    pool = models.ForeignKey("pools.Pool", models.CASCADE, null=True, related_name="+")
    about = models.CharField(max_length=60, blank=True, help_text="the offer it answers")
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("pools.User", models.SET_NULL, null=True, related_name="+")

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["carrier", "provider_reference"], name="reply_arrives_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["sender", "sent_at"],
                condition=Q(worked_off_at__isnull=True),
                name="reply_to_work_off",
            ),
            models.Index(fields=["pool", "-sent_at"], name="reply_by_pool"),
        )

    def __str__(self) -> str:
        return f"{self.verdict or 'new'} {self.provider_reference}"


class ReplyNumber(models.Model):
    """«47» in «JA 47»: what it means on one telephone."""

    address = models.CharField(max_length=254)
    number = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=60, help_text="the offer, as kind:uuid")
    issued_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["address", "number"], name="reply_number_means_one_thing_per_telephone"
            ),
            models.UniqueConstraint(
                fields=["address", "about"], name="reply_number_once_per_offer"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}"


class Carrier(models.Model):
    """A provider that failed lately, and until when it is left alone (carriers.py)."""

    path = models.CharField(max_length=100, primary_key=True, help_text="the channel, dotted")
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row")
    left_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.path} until {self.left_until:%H:%M:%S}"
