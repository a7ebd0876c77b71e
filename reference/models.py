"""Languages, places, settings, topics, reasons, qualification types, presets: what everybody knows.

Loaded from `reference/data/` by `manage.py load_reference`; never edited by users.
"""

from __future__ import annotations

from typing import Self

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

ANY_LANGUAGE = "any"
GERMAN_ORDER = "de-x-icu"
"""The collation that sorts «Ä» with «A», whatever the database was created with."""


class LanguageQuerySet(models.QuerySet["Language"]):
    """What languages have in common."""

    def shown(self) -> Self:
        """Every language a person may choose: all but the reserved `any`."""
        return self.exclude(code=ANY_LANGUAGE)


class Language(models.Model):
    """A spoken or signed language; `any` is reserved for guides and never shown."""

    code = models.CharField(max_length=12, unique=True)
    html_lang = models.CharField(max_length=12, blank=True)
    name_de = models.CharField(max_length=80, db_collation=GERMAN_ORDER)
    name_sms = models.CharField(max_length=22, help_text="GSM-7, at most 22 characters")
    name_en = models.CharField(max_length=80)
    autonym = models.CharField(max_length=80, blank=True)
    direction = models.CharField(max_length=3, default="ltr")
    is_signed = models.BooleanField(default=False)
    tier = models.PositiveSmallIntegerField(default=2, help_text="1 = shown first")

    objects = LanguageQuerySet.as_manager()

    class Meta:
        ordering = ("name_de",)

    def __str__(self) -> str:
        return self.name_de


class LanguageName(models.Model):
    """One more name under which a language is searched: official names and search aliases."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="names")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, help_text="reference.folding.fold(name)")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["language", "folded"], name="language_name_once"),
        )
        indexes = (GinIndex(OpClass("folded", name="gin_trgm_ops"), name="language_name_trigrams"),)

    def __str__(self) -> str:
        return self.name


class LanguagePrompt(models.Model):
    """An everyday name that can mean several languages: ask before searching (wins over names).

    «Dari-Paschto» and «Dari/Paschto» fold to the same key; such rows ask the same (tested).
    """

    typed_name = models.CharField(max_length=60, unique=True)
    folded = models.CharField(max_length=60, db_index=True)
    question_de = models.CharField(max_length=160)
    options = ArrayField(models.CharField(max_length=12), help_text="language codes, in order")
    default_if_unknown = models.CharField(max_length=12, blank=True)
    note_de = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return self.typed_name


class Grade(models.TextChoices):
    """How well one language stands in for another, descending."""

    SAME = "same", "gleich"
    FAIR = "fair", "gut"
    PARTIAL = "partial", "teilweise"
    LINGUA_FRANCA = "lingua_franca", "Zweitsprache"
    NEVER = "never", "nie"


class SettingClass(models.TextChoices):
    """How demanding a setting is, ascending."""

    EVERYDAY = "everyday", "Alltag"
    OFFICIAL = "official", "Amtlich"
    SENSITIVE = "sensitive", "Sensibel"


class LanguageSubstitution(models.Model):
    """What may stand in for what; directed, never chained, an unlisted pair is never proposed."""

    wanted = models.ForeignKey(Language, models.CASCADE, related_name="substitutes")
    offered = models.ForeignKey(Language, models.CASCADE, related_name="+")
    grade = models.CharField(max_length=13, choices=Grade.choices)
    max_setting = models.CharField(max_length=9, choices=SettingClass.choices, blank=True)
    needs_client_consent = models.BooleanField()
    ask = models.CharField(max_length=160, blank=True)
    note_de = models.CharField(max_length=250, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["wanted", "offered"], name="language_substitution_listed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wanted_id} <- {self.offered_id} ({self.grade})"

    @property
    def is_asked_first(self) -> bool:
        """Whether it is the person's second language: proposed only after a yes to `ask`."""
        return self.grade == Grade.LINGUA_FRANCA


class Setting(models.Model):
    """Where a conversation takes place: school, doctor, youth office."""

    code = models.CharField(max_length=20, primary_key=True)
    label_de = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    label_sms = models.CharField(max_length=15, help_text="neutral where the place is sensitive")
    setting_class = models.CharField(max_length=9, choices=SettingClass.choices)
    minors_likely = models.BooleanField()
    interpreting_default = models.CharField(max_length=11)
    guidance_default = models.CharField(max_length=11)
    refusal_text_de = models.CharField(max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label_de


class Topic(models.Model):
    """The occasion of a conversation, never a diagnosis."""

    code = models.CharField(max_length=25, primary_key=True)
    label_de = models.CharField(max_length=60)
    label_en = models.CharField(max_length=60)
    settings = models.ManyToManyField(Setting, related_name="topics")
    usual_minutes = models.PositiveSmallIntegerField()
    is_guidance = models.BooleanField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label_de


class Reason(models.Model):
    """Why something was declined, cancelled, refused, not filled or did not take place."""

    code = models.CharField(max_length=30, primary_key=True)
    kind = models.CharField(max_length=20)
    label_de = models.CharField(max_length=80)
    label_en = models.CharField(max_length=80)
    follow_up = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label_de


class QualificationType(models.Model):
    """A kind of record; `seen_not_stored` types never have a file (§ 72a (5) SGB VIII)."""

    class Storage(models.TextChoices):
        """What is kept of it."""

        FILE = "file", "Kopie möglich"
        SEEN_NOT_STORED = "seen_not_stored", "Gesehen, nicht gespeichert"
        DECLARATION = "declaration", "Erklärung"

    code = models.CharField(max_length=30, primary_key=True)
    label_de = models.CharField(max_length=100)
    label_en = models.CharField(max_length=100)
    role = models.CharField(max_length=11, help_text="interpreter, guide or both")
    storage = models.CharField(max_length=15, choices=Storage.choices)
    units_default = models.PositiveSmallIntegerField(null=True, blank=True)
    validity_months_default = models.PositiveSmallIntegerField(null=True, blank=True)
    remind_days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    required_before_first = models.CharField(max_length=8)
    unlocks_classes = ArrayField(models.CharField(max_length=9), default=list)
    unlocks_settings = models.ManyToManyField(Setting, related_name="unlocked_by")
    satisfies = models.ManyToManyField("self", symmetrical=False, related_name="satisfied_by")
    is_per_language = models.BooleanField(default=False)
    note_de = models.CharField(max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.label_de


class Area(models.Model):
    """One of the 33 areas a WIR-Vielfaltszentrum answers for; the longest key prefix wins."""

    key = models.CharField(max_length=8, primary_key=True, help_text="5 or 8 digits")
    name = models.CharField(max_length=40)
    name_sms = models.CharField(max_length=22)
    centre_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    seat_municipality = models.CharField(max_length=40)
    seat_postcode = models.CharField(max_length=5)
    neighbours = models.ManyToManyField("self", symmetrical=True)
    valid = DateRangeField()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A Hessian municipality under one key (AGS); a key that ended points to its successor."""

    ags = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=60, db_collation=GERMAN_ORDER)
    name_sms = models.CharField(max_length=22)
    point = gis.PointField(geography=True, srid=4326)
    valid = DateRangeField()
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("name",)
        indexes = (models.Index(Upper("name"), name="municipality_by_name"),)

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A German postcode with its point and, in Hesse, the municipalities it may lie in."""

    code = models.CharField(max_length=5, primary_key=True)
    places = models.CharField(max_length=450, blank=True, help_text="separated by comma and blank")
    folded_places = models.CharField(max_length=450, blank=True, help_text="|ort|zweiter ort|")
    kreis_key = models.CharField(max_length=5)
    point = gis.PointField(geography=True, srid=4326)
    municipalities = models.ManyToManyField(
        Municipality, through="PostcodeMunicipality", related_name="postcodes"
    )

    class Meta:
        ordering = ("code",)
        indexes = (
            GinIndex(OpClass("folded_places", name="gin_trgm_ops"), name="postcode_place_trigrams"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.places}".strip()


class PostcodeMunicipality(models.Model):
    """A municipality a postcode may lie in; the first is the usual one."""

    postcode = models.ForeignKey(Postcode, models.CASCADE)
    municipality = models.ForeignKey(Municipality, models.CASCADE)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("postcode", "position")
        constraints = (
            models.UniqueConstraint(
                fields=["postcode", "municipality"], name="postcode_municipality_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.postcode_id} {self.municipality_id}"


class PresetRule(models.Model):
    """One rule of a shipped preset; a rule given in a preset replaces all rows it extends."""

    preset = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    value = models.CharField(max_length=250, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("preset", "rule", "position")
        constraints = (
            models.UniqueConstraint(
                fields=["preset", "rule", "position"], name="preset_rule_position_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.preset}: {self.rule} = {self.value}"
