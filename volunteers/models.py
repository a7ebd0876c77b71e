"""Who can help: one profile per person, one volunteer per person and pool, and the records."""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models as gis
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q

from background.clock import now
from pools.same_pool import SamePool
from volunteers.querysets import (
    AbsenceQuerySet,
    ConsentQuerySet,
    ProfileQuerySet,
    QualificationQuerySet,
    SpokenLanguageQuerySet,
    VolunteerQuerySet,
)
from volunteers.week import NO_HOUR, WeekField


class Mode(models.TextChoices):
    """How an appointment takes place."""

    ON_SITE = "on_site", "vor Ort"
    PHONE = "phone", "Telefon"
    VIDEO = "video", "Video"


class Profile(models.Model):
    """What is true of a person in every pool: home, reach, times, budget."""

    class Means(models.TextChoices):
        """How the person travels."""

        FOOT = "foot", "zu Fuß oder mit dem Fahrrad (5 km)"
        TRANSIT = "transit", "mit Bus oder Bahn (15 km)"
        CAR = "car", "mit dem Auto (30 km)"

    class Gender(models.TextChoices):
        """Only asked for requests that need to know; empty = not said."""

        FEMALE = "f", "weiblich"
        MALE = "m", "männlich"
        DIVERSE = "d", "divers"

    person = models.OneToOneField(
        "pools.User", models.CASCADE, primary_key=True, related_name="profile"
    )
    postcode = models.ForeignKey("reference.Postcode", models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        "reference.Municipality", models.PROTECT, null=True, blank=True, related_name="+"
    )
    point = gis.PointField(geography=True, srid=4326, help_text="snapped to the postcode")
    means = models.CharField(max_length=7, choices=Means.choices, default=Means.TRANSIT)
    radius_km = models.PositiveSmallIntegerField(default=15)
    on_site = models.BooleanField("vor Ort", default=True)
    phone = models.BooleanField("am Telefon", default=False)
    video = models.BooleanField("per Video", default=False)
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True)
    week = WeekField(default=NO_HOUR, help_text="no hour chosen = any time")
    messages_per_week = models.PositiveSmallIntegerField(default=3)
    assignments_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    urgent_beyond_budget = models.BooleanField(default=False)
    paused_until = models.DateField(
        null=True, blank=True, help_text="first day on which the person is asked again"
    )
    is_paused = models.BooleanField(default=False, help_text="without an end")
    opted_out_settings = models.ManyToManyField("reference.Setting", blank=True, related_name="+")
    extra_municipalities = models.ManyToManyField(
        "reference.Municipality", blank=True, related_name="+"
    )
    avoided_organisations = models.ManyToManyField(
        "pools.Organisation", blank=True, related_name="+", help_text="conflict of interest"
    )
    updated_at = models.DateTimeField(default=now)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(messages_per_week__range=(1, 7)),
                name="profile_one_to_seven_messages_a_week",
            ),
            models.CheckConstraint(
                condition=Q(radius_km__range=(1, 200)), name="profile_radius_1_to_200_km"
            ),
            models.CheckConstraint(
                condition=Q(on_site=True) | Q(phone=True) | Q(video=True),
                name="profile_has_a_mode",
            ),
        )

    def __str__(self) -> str:
        return f"profile of {self.person_id}"


class Level(models.IntegerChoices):
    """How well a language is spoken, ascending."""

    SPOKEN_ONLY = 1, "nur mündlich"
    B1 = 2, "B1"
    B2 = 3, "B2"
    C1 = 4, "C1"
    C2 = 5, "C2"
    NATIVE = 6, "Erstsprache"


class SpokenLanguage(models.Model):
    """A language of a person; `region` is free text such as «Aleppo» or «Lovari»."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="languages")
    language = models.ForeignKey("reference.Language", models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    can_read = models.BooleanField(default=False)
    region = models.CharField(max_length=60, blank=True)

    objects = SpokenLanguageQuerySet.as_manager()

    class Meta:
        ordering = ("-level", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["profile", "language"], name="spoken_language_listed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.language_id} of {self.profile_id}"


class Absence(models.Model):
    """Days on which the person is away."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="absences")
    days = DateRangeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="absence_told_once",
                expressions=[
                    ("profile", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Für diese Tage ist schon eine Abwesenheit eingetragen.",
            ),
            models.CheckConstraint(condition=Q(days__isempty=False), name="absence_has_a_day"),
        )

    def __str__(self) -> str:
        return f"absence of {self.profile_id}"


class Volunteer(models.Model):
    """A person as a volunteer of one pool: approval, roles, records."""

    class Status(models.TextChoices):
        """Where the volunteer stands."""

        REGISTERED = "registered", "eingetragen"
        APPROVED = "approved", "aufgenommen"
        REFUSED = "refused", "abgelehnt"
        LEFT = "left", "ausgeschieden"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="volunteers")
    person = models.ForeignKey("pools.User", models.CASCADE, related_name="volunteering")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REGISTERED)
    wants_interpreting = models.BooleanField(default=False)
    wants_guiding = models.BooleanField(default=False)
    interpreting_unlocked_at = models.DateTimeField(null=True, blank=True)
    interpreting_unlocked_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    guiding_unlocked_at = models.DateTimeField(null=True, blank=True)
    guiding_unlocked_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    registered_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    notes = models.TextField(blank=True, help_text="the person may ask to read them")

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["pool", "person"], name="volunteer_once_per_pool"),
            models.UniqueConstraint(fields=["pool", "id"], name="volunteer_pool_id"),
            models.CheckConstraint(
                condition=Q(wants_interpreting=True) | Q(wants_guiding=True),
                name="volunteer_wants_a_role",
            ),
            models.CheckConstraint(
                condition=Q(status="approved")
                | Q(interpreting_unlocked_at__isnull=True, guiding_unlocked_at__isnull=True),
                name="volunteer_unlocked_only_while_approved",
            ),
        )

    def __str__(self) -> str:
        return f"volunteer {self.person_id} of pool {self.pool_id}"


class Consent(models.Model):
    """The explicit consent (Art. 9 DSGVO) without which nothing is stored."""

    person = models.ForeignKey("pools.User", models.CASCADE, related_name="consents")
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(
        "pools.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="the coordinator, where the consent was given on paper or by telephone",
    )

    objects = ConsentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"consent {self.text_version} of {self.person_id}"


class Qualification(models.Model):
    """A record that holds from a day on, perhaps without an end; there is no file field.

    Of a criminal-record certificate only this is kept: inspected on, by whom, date of the
    certificate, no relevant entry.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey("pools.Pool", models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="qualifications")
    type = models.ForeignKey("reference.QualificationType", models.PROTECT, related_name="+")
    language = models.ForeignKey(
        "reference.Language", models.PROTECT, null=True, blank=True, related_name="+"
    )
    issuer = models.CharField("Ausgestellt von", max_length=120, blank=True)
    units = models.PositiveSmallIntegerField("UE", null=True, blank=True)
    valid = DateRangeField()
    certificate_on = models.DateField("Datum des Zeugnisses", null=True, blank=True)
    has_no_relevant_entry = models.BooleanField(null=True, blank=True)
    inspected_on = models.DateField("Eingesehen am")
    inspected_by = models.ForeignKey("pools.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "pools.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = QualificationQuerySet.as_manager()

    class Meta:
        constraints = (
            SamePool(field="volunteer", name="qualification_volunteer_same_pool"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__startswith__isnull=False),
                name="qualification_holds_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(has_no_relevant_entry__isnull=True) | Q(has_no_relevant_entry=True),
                name="qualification_with_an_entry_is_never_kept",
            ),
            models.CheckConstraint(
                condition=Q(certificate_on__isnull=True) | Q(certificate_on__lte=F("inspected_on")),
                name="qualification_certificate_was_there_to_be_inspected",
            ),
        )
        indexes = (models.Index(fields=["volunteer", "type"], name="qualification_held"),)

    def __str__(self) -> str:
        return f"{self.type_id} of {self.volunteer_id}"
