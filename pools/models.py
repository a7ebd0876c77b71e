"""People, pools, who belongs where, and the rules each pool has set."""

from __future__ import annotations

import uuid
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.gis.db import models as gis
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Collate

from background.clock import now
from pools.plain_text import without_address
from pools.querysets import (
    MembershipQuerySet,
    OrganisationQuerySet,
    PoolAreaQuerySet,
    PoolQuerySet,
    RuleQuerySet,
)
from pools.same_pool import SamePool
from reference.models import GERMAN_ORDER


def in_german_order(field: str) -> Collate:
    """Sort by a name as a German reader does, «Öztürk» before «Peters»; lists sort by the relation.

    The column itself stays as the database was created: by a German one, «ß» would be «SS» to the
    search for names, which compares capitals.
    """
    return Collate(field, GERMAN_ORDER)


class UserManager(BaseUserManager["User"]):
    """Makes people; nobody has a password, everybody signs in by code."""

    def create_user(self, **fields: object) -> User:
        """Return a new person without a password."""
        user: User = self.model(**fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, **fields: object) -> User:
        """Return a new operator (used by `createsuperuser`)."""
        fields.pop("password", None)
        return self.create_user(**fields, is_staff=True, is_superuser=True)


class User(AbstractBaseUser, PermissionsMixin):
    """A person: global, one per human being, possibly in several pools and roles."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_name = models.CharField("Vorname", max_length=80, validators=[without_address])
    family_name = models.CharField("Nachname", max_length=80, validators=[without_address])
    interface_language = models.CharField(max_length=8, default="de")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("Betrieb", default=False)
    joined_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["given_name", "family_name"]
    objects = UserManager()

    class Meta:
        ordering = (in_german_order("family_name"), in_german_order("given_name"))
        verbose_name = "Person"
        verbose_name_plural = "Personen"

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def short_name(self) -> str:
        """Return «A. Yilmaz», as institutions see a volunteer after the yes."""
        return f"{self.given_name[:1]}. {self.family_name}"


class Pool(models.Model):
    """The tenant: a Vielfaltszentrum or a Träger that runs volunteers."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("Name", max_length=100)
    slug = models.SlugField(max_length=40, unique=True)
    centre_name = models.CharField("Zentrum", max_length=100)
    contact_name = models.CharField("Ansprechperson", max_length=80, validators=[without_address])
    phone = models.CharField("Telefon", max_length=30)
    email = models.EmailField("E-Mail", help_text="Antwort-Adresse der E-Mails")
    sms_number = models.CharField(
        "SMS-Nummer",
        max_length=20,
        blank=True,
        help_text="eigene Nummer für Antworten, mit Ländervorwahl: +49…; leer = nur Links",
        validators=[
            RegexValidator(r"^\+[1-9]\d{6,14}$", "Schreiben Sie die Nummer so: +4917612345.")
        ],
    )
    preset = models.CharField("Vorgabe", max_length=40, default="neutral")
    time_zone = models.CharField("Zeitzone", max_length=40, default="Europe/Berlin")
    is_active = models.BooleanField(default=True)

    objects = PoolQuerySet.as_manager()

    class Meta:
        ordering = (in_german_order("name"),)
        constraints = (
            models.UniqueConstraint(
                fields=["sms_number"],
                condition=~Q(sms_number=""),
                name="pool_sms_number_is_its_own",
                violation_error_message="Diese Nummer gehört schon einem anderen Pool.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which the pool's days and hours are meant."""
        return ZoneInfo(self.time_zone)


class PoolArea(models.Model):
    """A municipality-key prefix a pool serves, for a time; several pools may serve the same."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="areas")
    key = models.CharField(max_length=8, help_text="5 or 8 digits; the longest prefix wins")
    valid = DateRangeField()

    objects = PoolAreaQuerySet.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="pool_area_listed_once_at_a_time",
                expressions=[
                    ("pool", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False), name="pool_area_valid_some_day"
            ),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[0-9]{5}([0-9]{3})?$"),
                name="pool_area_key_has_5_or_8_digits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pool_id}: {self.key}"


class Rule(models.Model):
    """What a pool has set differently from its preset, for a time."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="own_rules")
    name = models.CharField("Regel", max_length=60)
    value = models.CharField("Wert", max_length=250, blank=True)
    valid = DateRangeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="rule_has_one_value_at_a_time",
                expressions=[
                    ("pool", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="rule_valid_some_day"),
        )

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class Organisation(models.Model):
    """A requesting institution (anfragende Stelle); a coordinator approves it."""

    class Status(models.TextChoices):
        """Whether it may post."""

        REGISTERED = "registered", "wartet auf Freigabe"
        APPROVED = "approved", "freigegeben"
        REFUSED = "refused", "abgelehnt"
        SUSPENDED = "suspended", "gesperrt"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="organisations")
    name = models.CharField("Name der Stelle", max_length=120, validators=[without_address])
    setting = models.ForeignKey(
        "reference.Setting", models.PROTECT, verbose_name="Art", related_name="+"
    )
    postcode = models.ForeignKey(
        "reference.Postcode", models.PROTECT, verbose_name="Postleitzahl", related_name="+"
    )
    municipality = models.ForeignKey(
        "reference.Municipality", models.PROTECT, null=True, blank=True, related_name="+"
    )
    point = gis.PointField(geography=True, srid=4326)
    address = models.CharField("Straße und Hausnummer", max_length=160, blank=True)
    phone = models.CharField("Telefon", max_length=30)
    is_hidden_place = models.BooleanField(
        "Der Ort muss geheim bleiben (zum Beispiel Frauenhaus)", default=False
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REGISTERED)
    registered_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = (in_german_order("name"),)
        constraints = (models.UniqueConstraint(fields=["pool", "id"], name="organisation_pool_id"),)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is in a pool: coordinator, or caseworker of one of its organisations."""

    class Role(models.TextChoices):
        """The staff roles; being a volunteer is a row of its own app."""

        COORDINATOR = "coordinator", "Koordination"
        CASEWORKER = "caseworker", "Anfragende Stelle"

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    since = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(role="caseworker", organisation__isnull=False)
                | Q(role="coordinator", organisation__isnull=True),
                name="membership_caseworkers_belong_to_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["pool", "person", "role", "organisation"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="membership_held_once",
            ),
            SamePool(field="organisation", name="membership_organisation_same_pool"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.pool_id}"
