"""What a program may change about its person."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from api.fields import ClockField, CodeField, Reading
from reference.models import Language, Municipality, Setting
from volunteers.availability import (
    MESSAGES_PER_WEEK,
    MOST_ASSIGNMENTS,
    MOST_EXTRA_MUNICIPALITIES,
    MOST_LANGUAGES,
    RADIUS_KM,
)
from volunteers.models import Level, Mode, Profile, SpokenLanguage
from volunteers.week import HOURS

MOST_SETTINGS = 100
FIRST_DAY, LAST_DAY = 2000, 2200
NO_DAY = "Schreiben Sie einen Tag aus diesem Jahrhundert."


class DayField(serializers.DateField):
    """A day; at the ends of all calendars there is none before or after."""

    def to_internal_value(self, value: object) -> object:  # type: ignore[override]
        """Return the day."""
        day = super().to_internal_value(value)  # type: ignore[arg-type]
        if not FIRST_DAY <= day.year < LAST_DAY:
            raise serializers.ValidationError(NO_DAY)
        return day


def _languages() -> QuerySet[Language]:
    return Language.objects.shown()


class SpokenReading(Reading):
    """A language and how well."""

    language = CodeField(_languages, by="code")
    level = serializers.ChoiceField(choices=Level.choices)
    can_read = serializers.BooleanField(default=False)
    region = serializers.CharField(
        max_length=SpokenLanguage._meta.get_field("region").max_length,
        default="",
        allow_blank=True,
    )


class DetailsReading(Reading):
    """Languages, place, reach, wishes."""

    languages = SpokenReading(many=True, max_length=MOST_LANGUAGES)  # type: ignore[call-arg]
    postcode = serializers.CharField(max_length=5)
    municipality = serializers.CharField(max_length=8, allow_blank=True, help_text="AGS")
    means = serializers.ChoiceField(choices=Profile.Means.choices)
    radius_km = serializers.IntegerField(min_value=RADIUS_KM[0], max_value=RADIUS_KM[1])
    modes = serializers.ListField(
        child=serializers.ChoiceField(choices=Mode.choices),
        allow_empty=False,
        min_length=1,
        max_length=len(Mode),
    )
    extra_municipalities = serializers.ListField(
        child=CodeField(Municipality.objects.all), max_length=MOST_EXTRA_MUNICIPALITIES
    )
    gender = serializers.ChoiceField(
        choices=[("", "keine Angabe"), *Profile.Gender.choices], allow_blank=True
    )
    opted_out_settings = serializers.ListField(
        child=CodeField(Setting.objects.all), max_length=MOST_SETTINGS
    )


class TimesReading(Reading):
    """Hours, limits, quiet hours, pause."""

    week = serializers.RegexField(
        r"\A[01]+\Z",
        min_length=HOURS,
        max_length=HOURS,
        help_text="168 × 0 or 1, Monday 0:00 first",
    )
    messages_per_week = serializers.IntegerField(
        min_value=MESSAGES_PER_WEEK[0], max_value=MESSAGES_PER_WEEK[1]
    )
    assignments_per_week = serializers.IntegerField(
        min_value=1, max_value=MOST_ASSIGNMENTS, allow_null=True
    )
    urgent_beyond_budget = serializers.BooleanField()
    quiet_from = ClockField()
    quiet_until = ClockField(help_text="the same as quiet_from: no quiet hours")
    is_paused = serializers.BooleanField(help_text="without an end")
    paused_until = DayField(allow_null=True, help_text="first day to be asked again")


class AbsenceReading(Reading):
    """Days away, the first and the last included."""

    first = DayField()
    last = DayField(required=False)
