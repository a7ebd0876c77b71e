"""What is needed: a request, its alternative slots and the events of its life."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from background.clock import now
from pools.plain_text import without_address
from pools.same_pool import SamePool
from service_requests.querysets import (
    AlternativeSlotQuerySet,
    EventQuerySet,
    ServiceRequestQuerySet,
)


class Kind(models.TextChoices):
    """Which of the two volunteer roles is needed."""

    INTERPRET = "interpret", "Dolmetschen"
    GUIDE = "guide", "Begleitung"


class Status(models.TextChoices):
    """Where a request stands; what may follow what is the table in lifecycle.py."""

    DRAFT = "draft", "Entwurf"
    SUBMITTED = "submitted", "wird geprüft"
    SEARCHING = "searching", "wir suchen"
    CONFIRMED = "confirmed", "besetzt"
    TOOK_PLACE = "took_place", "hat stattgefunden"
    RECORD_CONFIRMED = "record_confirmed", "bestätigt"
    SETTLED = "settled", "abgerechnet"
    CLOSED = "closed", "abgeschlossen"
    REJECTED = "rejected", "abgelehnt"
    WITHDRAWN = "withdrawn", "zurückgezogen"
    CANCELLED = "cancelled", "abgesagt"
    NOT_FILLED = "not_filled", "leider niemand"
    DID_NOT_TAKE_PLACE = "did_not_take_place", "hat nicht stattgefunden"


class ServiceRequest(models.Model):
    """An appointment for which somebody is needed; never holds a client's name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="requests")
    organisation = models.ForeignKey("pools.Organisation", models.PROTECT, related_name="requests")
    posted_by = models.ForeignKey("pools.User", models.PROTECT, related_name="+")
    kind = models.CharField("Wen brauchen Sie?", max_length=9, choices=Kind.choices)
    status = models.CharField(max_length=18, choices=Status.choices, default=Status.DRAFT)
    language = models.ForeignKey(
        "reference.Language", models.PROTECT, null=True, blank=True, related_name="+"
    )
    variety = models.CharField("Region oder Dialekt", max_length=60, blank=True)
    bridge_languages = models.ManyToManyField("reference.Language", blank=True, related_name="+")
    modes = ArrayField(models.CharField(max_length=7), help_text="acceptable, first = preferred")
    period = DateTimeRangeField()
    setting = models.ForeignKey("reference.Setting", models.PROTECT, related_name="+")
    topic = models.ForeignKey(
        "reference.Topic", models.PROTECT, null=True, blank=True, related_name="+"
    )
    postcode = models.ForeignKey("reference.Postcode", models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        "reference.Municipality", models.PROTECT, null=True, blank=True, related_name="+"
    )
    point = gis.PointField(geography=True, srid=4326)
    address = models.CharField("Adresse", max_length=160, blank=True)
    contact_name = models.CharField("Ansprechperson", max_length=80, validators=[without_address])
    contact_phone = models.CharField("Telefon", max_length=30)
    is_hidden_place = models.BooleanField(default=False)
    professional_present = models.BooleanField(default=True)
    gender_wish = models.CharField(max_length=1, blank=True)
    gender_must = models.BooleanField(default=False)
    minors_present = models.BooleanField(default=False)
    urgency_reason = models.CharField(max_length=160, blank=True)
    note = models.CharField("Hinweis", max_length=500, blank=True)
    sent_despite_name_warning = models.BooleanField(default=False)
    case_digest = models.CharField(
        max_length=64, blank=True, help_text="keyed hash of the case code"
    )
    required_records = models.JSONField(
        default=list, help_text="groups of record types; of each group one must hold on the day"
    )
    pair = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    search_round = models.PositiveSmallIntegerField(default=1)
    look_again_at = models.DateTimeField(null=True, help_text="when the search looks at it next")
    inform_at = models.DateTimeField(null=True, help_text="T_inform: tell the requester by then")
    informed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        ordering = ("period",)
        constraints = (
            models.UniqueConstraint(fields=["pool", "id"], name="request_pool_id"),
            SamePool(field="organisation", name="request_organisation_same_pool"),
            SamePool(field="pair", name="request_pair_same_pool"),
            models.CheckConstraint(
                condition=Q(pair__isnull=True) | ~Q(pair=F("id")),
                name="request_pair_is_another_request",
            ),
            models.CheckConstraint(condition=Q(modes__len__gt=0), name="request_has_a_mode"),
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__startswith__isnull=False,
                    period__endswith__isnull=False,
                ),
                name="request_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind="guide") | Q(language__isnull=False),
                name="request_for_interpreting_names_a_language",
            ),
        )
        indexes = (
            models.Index(
                fields=["look_again_at"],
                condition=Q(status="searching"),
                name="request_search_due",
            ),
            models.Index(fields=["pool", "status"], name="request_board"),
            models.Index(
                fields=["pool", "case_digest"],
                condition=~Q(case_digest=""),
                name="request_case",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class AlternativeSlot(models.Model):
    """Another time that would suit the requester too (at most two)."""

    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="alternatives")
    period = DateTimeRangeField()

    objects = AlternativeSlotQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__startswith__isnull=False,
                    period__endswith__isnull=False,
                ),
                name="alternative_slot_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"alternative of {self.service_request_id}"


class Event(models.Model):
    """What happened to a request: append-only, written in the same commit as the change."""

    service_request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    from_status = models.CharField(max_length=18, blank=True)
    to_status = models.CharField(max_length=18, blank=True)
    by = models.ForeignKey("pools.User", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.ForeignKey(
        "reference.Reason", models.PROTECT, null=True, blank=True, related_name="+"
    )
    detail = models.JSONField(default=dict, help_text="codes and counts, nothing personal")
    at = models.DateTimeField(default=now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=["at"], name="request_event_by_time"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
