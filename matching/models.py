"""Who is asked, who comes: the candidate table, proposals and assignments."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from background.clock import now
from matching.querysets import AssignmentQuerySet, ProposalQuerySet, WaveQuerySet
from matching.row_fields import DaysField, RecordsField
from pools.same_pool import SamePool
from volunteers.week import WeekField

BY_TELEPHONE = "telephone"
"""How a yes came that a coordinator wrote down."""

_REACH: Any = Func(
    F("pt"), F("radius_m"), function="ST_Expand", output_field=gis.PolygonField(srid=3035)
)


class Candidate(models.Model):
    """One row per active volunteer and language (and `any`), kept by triggers on the source tables.

    Read only by candidates.py. It carries whatever changes seldom, so that a search compares within
    the row; what changes with every message or appointment it looks up. `pt` is in EPSG:3035
    (metres). No index of its own for any foreign
    key: they would tempt the planner away from candidate_reach (tests/matching/test_plans.py).
    """

    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.CASCADE, related_name="+", db_index=False
    )
    language = models.ForeignKey(
        "reference.Language", models.CASCADE, related_name="+", db_index=False
    )
    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    pt = gis.PointField(srid=3035, spatial_index=False)
    radius_m = models.PositiveIntegerField()
    kinds = models.PositiveSmallIntegerField(help_text="1 interpret, 2 guide")
    modality = models.PositiveSmallIntegerField(help_text="1 on site, 2 phone, 4 video")
    gender = models.CharField(max_length=1, blank=True)
    week = WeekField(help_text="no hour chosen = all bits set")
    asked_again_on = models.DateField(null=True, help_text="end of a pause; infinity = open end")
    records = RecordsField(db_default="{}", help_text="which hold on which day, in this language")
    away = DaysField(db_default="{}")
    avoids = ArrayField(models.CharField(max_length=30), db_default=[], help_text="settings")
    conflicts = ArrayField(models.BigIntegerField(), db_default=[], help_text="organisations")
    messages_per_week = models.PositiveSmallIntegerField(db_default=3)
    assignments_per_week = models.PositiveSmallIntegerField(null=True)
    urgent_beyond_budget = models.BooleanField(db_default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["volunteer", "language"], name="candidate_once_per_language"
            ),
        )
        indexes = (
            GistIndex(F("pool"), F("language"), F("pt"), _REACH, name="candidate_reach"),
            models.Index(fields=["person"], name="candidate_person"),
        )

    def __str__(self) -> str:
        return f"candidate {self.volunteer_id}/{self.language_id}"


class CandidateMunicipality(models.Model):
    """A municipality a candidate comes to beyond the own radius; kept by the same triggers."""

    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+")
    language = models.ForeignKey(
        "reference.Language", models.CASCADE, related_name="+", db_index=False
    )
    municipality = models.ForeignKey(
        "reference.Municipality", models.CASCADE, related_name="+", db_index=False
    )
    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["pool", "language", "municipality", "volunteer"],
                name="candidate_municipality_once",
            ),
        )

    def __str__(self) -> str:
        return f"candidate {self.volunteer_id} in {self.municipality_id}"


class RequestVolunteer(models.Model):
    """A volunteer the requester prefers or excludes for one request."""

    class Wish(models.TextChoices):
        """Which of the two."""

        PREFERRED = "preferred", "gewünscht"
        EXCLUDED = "excluded", "ausgeschlossen"

    pool = models.ForeignKey("pools.Pool", models.CASCADE, related_name="+")
    service_request = models.ForeignKey(
        "requests.ServiceRequest", models.CASCADE, related_name="wishes"
    )
    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+")
    wish = models.CharField(max_length=9, choices=Wish.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["service_request", "volunteer"], name="request_volunteer_one_wish"
            ),
            SamePool(field="service_request", name="request_volunteer_request_same_pool"),
        )

    def __str__(self) -> str:
        return f"{self.wish} {self.volunteer_id}"


class Proposal(models.Model):
    """A volunteer was asked about a request (an offer, Vorschlag)."""

    class State(models.TextChoices):
        """How it ended, if it did."""

        ASKED = "asked", "gefragt"
        ACCEPTED = "accepted", "zugesagt"
        DECLINED = "declined", "abgesagt"
        FILLED = "filled", "schon besetzt"
        STAND_BY = "stand_by", "Reserve"
        CLOSED = "closed", "nicht mehr nötig"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    service_request = models.ForeignKey(
        "requests.ServiceRequest", models.PROTECT, related_name="proposals"
    )
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="proposals")
    volunteer_pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    lending_id = models.BigIntegerField(null=True, blank=True, help_text="an agreement, later")
    person = models.ForeignKey("pools.User", models.PROTECT, related_name="proposals")
    language = models.ForeignKey("reference.Language", models.PROTECT, related_name="+")
    search_round = models.PositiveSmallIntegerField(default=1)
    wave = models.PositiveSmallIntegerField(default=1, help_text="0 = asked by a coordinator")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    mode = models.CharField(max_length=7, help_text="how it would take place with this person")
    distance_m = models.PositiveIntegerField(null=True)
    probability = models.FloatField(help_text="estimate of a yes when asked: the propensity log")
    reasons = models.JSONField(default=list, help_text="reason codes with figures")
    asked_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.ForeignKey(
        "reference.Reason", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["service_request", "person", "search_round"],
                name="proposal_asked_once_per_round",
            ),
            models.CheckConstraint(
                condition=Q(pool=F("volunteer_pool")) | Q(lending_id__isnull=False),
                name="proposal_other_pools_only_when_lent",
            ),
            SamePool(field="service_request", name="proposal_request_same_pool"),
            SamePool(
                field="volunteer", pool_field="volunteer_pool", name="proposal_volunteer_same_pool"
            ),
        )
        indexes = (models.Index(fields=["person", "state"], name="proposal_open_per_person"),)

    def __str__(self) -> str:
        return f"proposal {self.public_id}"


class Assignment(models.Model):
    """An appointment held by a volunteer (Einsatz). Never deleted, only cancelled."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    service_request = models.ForeignKey(
        "requests.ServiceRequest", models.PROTECT, related_name="assignments"
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, related_name="assignments"
    )
    volunteer_pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    lending_id = models.BigIntegerField(null=True, blank=True)
    person = models.ForeignKey("pools.User", models.PROTECT, related_name="assignments")
    language = models.ForeignKey("reference.Language", models.PROTECT, related_name="+")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    period = DateTimeRangeField()
    mode = models.CharField(max_length=7)
    accepted_at = models.DateTimeField(default=now)
    accepted_via = models.CharField(max_length=10, help_text="link, page, telephone")
    undo_until = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    coming_confirmed_at = models.DateTimeField(null=True, help_text="yes to the reminder")
    answer_until = models.DateTimeField(null=True, help_text="after a change: does it still suit?")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(
        max_length=10, blank=True, help_text="volunteer, office, pool, change, silence, undo"
    )
    cancel_reason = models.ForeignKey(
        "reference.Reason", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("period",)
        constraints = (
            models.UniqueConstraint(fields=["pool", "id"], name="assignment_pool_id"),
            models.UniqueConstraint(
                fields=["service_request"],
                condition=Q(cancelled_at__isnull=True),
                name="assignment_one_active_per_request",
            ),
            ExclusionConstraint(
                name="assignment_nobody_in_two_places",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__startswith__isnull=False,
                    period__endswith__isnull=False,
                ),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(pool=F("volunteer_pool")) | Q(lending_id__isnull=False),
                name="assignment_other_pools_only_when_lent",
            ),
            SamePool(field="service_request", name="assignment_request_same_pool"),
            SamePool(
                field="volunteer",
                pool_field="volunteer_pool",
                name="assignment_volunteer_same_pool",
            ),
        )

    def __str__(self) -> str:
        return f"assignment {self.public_id}"


class Wave(models.Model):
    """One decision of the engine with its inputs, so that it can be replayed."""

    service_request = models.ForeignKey(
        "requests.ServiceRequest", models.CASCADE, related_name="waves"
    )
    search_round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    decided_at = models.DateTimeField(default=now)
    candidates = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    look_again_at = models.DateTimeField(null=True)
    inputs = models.JSONField(help_text="what decide() was given")
    excluded = ArrayField(models.CharField(max_length=30), default=list)

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ("decided_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["service_request", "search_round", "number"], name="wave_numbered_once"
            ),
        )

    def __str__(self) -> str:
        return f"wave {self.number} of {self.service_request_id}"
