"""How people are told: their contacts, the outbox, links, and what the demo phones received."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from background.clock import now
from notifications import arrivals  # noqa: F401 - Django looks for models here
from pools.scoping import Scope


class Channel(models.TextChoices):
    """What carries a message."""

    SMS = "sms", "SMS"
    EMAIL = "email", "E-Mail"


class Contact(models.Model):
    """An address of a person, and what the person allows us to do with it.

    The truth for addresses: sign-in reads it too. Verified means: a code came back from it, or a
    coordinator noted that the person uses it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254, help_text="E.164 number or lower-case e-mail")
    rank = models.PositiveSmallIntegerField(default=1, help_text="1 = preferred")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    consented_at = models.DateTimeField(null=True, blank=True)
    quiet_from = models.TimeField(default=dt.time(20, 0))
    quiet_until = models.TimeField(default=dt.time(8, 0))
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="the person said STOP")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="the address is dead")

    class Meta:
        ordering = ("rank", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "address"],
                condition=Q(verified_at__isnull=False, closed_at__isnull=True),
                name="contact_verified_address_belongs_to_one_person",
            ),
            models.UniqueConstraint(
                fields=["person", "channel", "address"], name="contact_listed_once_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} of {self.person_id}"


class MessageClass(models.TextChoices):
    """What kind of message: decides about quiet hours and budget."""

    OFFER = "offer", "Angebot"
    NEWS = "news", "Nachricht"
    CODE = "code", "Anmelde-Code"


class MessageState(models.TextChoices):
    """The life of a message; states after the first four are final."""

    PENDING = "pending", "wartet"
    SENDING = "sending", "wird übergeben"
    UNKNOWN = "unknown", "unklar, wird geprüft"
    ACCEPTED = "accepted", "übergeben"
    DELIVERED = "delivered", "angekommen"
    FAILED = "failed", "nicht zugestellt"
    EXPIRED = "expired", "verfallen"
    SUPERSEDED = "superseded", "überholt"


FINAL_STATES = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.FAILED,
        MessageState.EXPIRED,
        MessageState.SUPERSEDED,
    }
)


NO_CONTACT = "no_contact"
"""The failure of a message for which no address was left."""

UNSENT_STATES = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)
"""States in which the provider may not have the message yet."""


class MessageQuerySet(models.QuerySet["Message"]):
    """What messages have in common."""

    def visible_to(self, scope: Scope) -> Self:
        """Messages of the pools a person coordinates; those without a pool (codes) to nobody."""
        return self.filter(pool__in=scope.pools)

    def due(self, at: dt.datetime) -> Self:
        """Pending, and neither too early nor too late, the most urgent first."""
        return self.filter(
            state=MessageState.PENDING, not_before__lte=at, not_after__gt=at
        ).order_by("priority", "not_before")

    def dead(self) -> Self:
        """Messages that reached nobody, by no address, and that nobody has seen to yet.

        Unclear ones are among them: nobody knows. Not what was overtaken or simply expired.
        """
        return self.filter(
            Q(state__in=(MessageState.FAILED, MessageState.UNKNOWN))
            | Q(state=MessageState.SUPERSEDED, failure=NO_CONTACT),
            second_try__isnull=True,
            seen_to_at__isnull=True,
        )

    def about(self, what: str) -> Self:
        """Messages that speak of this object (`kind:uuid`)."""
        return self.filter(about__contains=[what])


class Message(models.Model):
    """One row of the outbox: written in the transaction of its cause, sent afterwards.

    `parameters` may hold the plain link token; it is emptied once the provider has accepted the
    message or the state is final.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pool = models.ForeignKey("pools.Pool", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="messages")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="messages")
    dedupe_key = models.CharField(max_length=200, help_text="purpose, object, person, step")
    message_class = models.CharField(max_length=5, choices=MessageClass.choices)
    template = models.CharField(max_length=40)
    template_version = models.PositiveSmallIntegerField(default=1)
    parameters = models.JSONField(default=dict)
    about = ArrayField(
        models.CharField(max_length=60),
        default=list,
        help_text="what it speaks of, as kind:uuid; whoever closes that supersedes the message",
    )
    priority = models.PositiveSmallIntegerField(default=5, help_text="smaller goes first")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.PENDING
    )
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    unclear = models.PositiveSmallIntegerField(
        default=0, help_text="how often nobody knew whether the provider has it"
    )
    superseded_at = models.DateTimeField(
        null=True, help_text="overtaken while in hand: never handed over again"
    )
    spare = models.JSONField(
        default=dict,
        help_text="what the next address needs if this one fails: no link, no code; kept a day",
    )
    link_digest = models.CharField(
        max_length=64, blank=True, help_text="the link in it, to issue another for a second try"
    )
    instead_of = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        related_name="second_try",
        help_text="the failed message that this one repeats at the next address",
    )
    seen_to_at = models.DateTimeField(null=True, help_text="a coordinator took care of the failure")
    seen_to_by = models.ForeignKey("pools.User", models.SET_NULL, null=True, related_name="+")
    carrier = models.CharField(
        max_length=100, blank=True, help_text="the provider of the last try, as a dotted path"
    )
    provider_reference = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    trace = models.CharField(
        max_length=12,
        blank=True,
        db_default="",
        help_text="under which the logs speak of it, from its cause to its receipt",
    )
    created_at = models.DateTimeField(default=now)
    handed_over_at = models.DateTimeField(null=True, help_text="when the provider call began")
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    looked_up_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dedupe_key"], name="message_written_once"),
            models.UniqueConstraint(
                fields=["provider_reference"],
                condition=~Q(provider_reference=""),
                name="message_adopted_by_one_row",
            ),
        )
        indexes = (
            models.Index(
                fields=["priority", "not_before"],
                condition=Q(state="pending"),
                name="message_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["sending", "unknown"]),
                name="message_in_hand",
            ),
            models.Index(
                fields=["accepted_at"],
                condition=Q(state="accepted"),
                name="message_without_receipt",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["failed", "superseded"]) & ~Q(spare={}),
                name="message_dead_with_spare",
            ),
            GinIndex(fields=["about"], name="message_about"),
            models.Index(fields=["person", "message_class", "created_at"], name="message_budget"),
            models.Index(fields=["contact", "handed_over_at"], name="message_by_contact"),
        )

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"


class LinkPurpose(models.TextChoices):
    """What a link is for; a link of one purpose opens nothing else."""

    OFFER = "offer", "Angebot beantworten"
    CONFIRMATION = "confirmation", "Einsatz bestätigen"


class Link(models.Model):
    """A secret address sent to one person; only the digest of its token is kept."""

    digest = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=12, choices=LinkPurpose.choices)
    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="+")
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="+")
    target = models.UUIDField(help_text="public id of the proposal or assignment")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = (models.Index(fields=["target"], name="link_by_target"),)

    def __str__(self) -> str:
        return f"{self.purpose} link"


class DemoMessage(models.Model):
    """What a demo phone or mailbox received: the record of the demo provider."""

    reference = models.UUIDField(primary_key=True, default=uuid.uuid4)
    message_id = models.UUIDField(unique=True, help_text="our id, as a provider would be told it")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    received_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-received_at",)
        indexes = (models.Index(fields=["-received_at"], name="demo_message_newest_first"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%H:%M}"
