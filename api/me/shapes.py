"""What is shown and read about the person herself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import ClockField, Named
from api.me.keeping import quiet_hours
from tokens.models import Permission
from volunteers.models import Absence, Level, Mode, Profile, Volunteer


class VolunteeringShape(serializers.Serializer[Any]):
    """The person as a volunteer of one pool."""

    id = serializers.UUIDField(source="public_id")
    pool = Named()
    status = serializers.ChoiceField(choices=Volunteer.Status.choices)
    interprets = serializers.SerializerMethodField()
    guides = serializers.SerializerMethodField()

    def get_interprets(self, volunteer: Volunteer) -> bool:
        """Whether she may be asked to interpret."""
        return volunteer.interpreting_unlocked_at is not None

    def get_guides(self, volunteer: Volunteer) -> bool:
        """Whether she may be asked to accompany somebody."""
        return volunteer.guiding_unlocked_at is not None


class MeShape(serializers.Serializer[Any]):
    """The person, and what this access may do."""

    id = serializers.UUIDField(source="public_id")
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    coordinates = Named(many=True, help_text="pools")
    organisations = Named(many=True)
    volunteers_for = VolunteeringShape(many=True)
    permissions = serializers.ListField(
        child=serializers.ChoiceField(choices=Permission.choices),
        allow_null=True,
        help_text="of the token; null for a session, which may all that the person may",
    )


class SpokenShape(serializers.Serializer[Any]):
    """A language and how well."""

    language = serializers.CharField(source="language.code")
    level = serializers.ChoiceField(choices=Level.choices)
    can_read = serializers.BooleanField()
    region = serializers.CharField()


class DetailsShape(serializers.Serializer[Any]):
    """Languages, place, reach, wishes."""

    languages = serializers.SerializerMethodField()
    postcode = serializers.CharField(source="postcode_id")
    municipality = serializers.CharField(source="municipality_id", allow_null=True)
    means = serializers.ChoiceField(choices=Profile.Means.choices)
    radius_km = serializers.IntegerField()
    modes = serializers.SerializerMethodField()
    extra_municipalities = serializers.SerializerMethodField()
    gender = serializers.ChoiceField(choices=[("", "keine Angabe"), *Profile.Gender.choices])
    opted_out_settings = serializers.SerializerMethodField()

    @extend_schema_field(SpokenShape(many=True))
    def get_languages(self, profile: Profile) -> Any:
        """Return the languages, the best first."""
        return SpokenShape(profile.languages.select_related("language"), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Mode.choices)))
    def get_modes(self, profile: Profile) -> list[str]:
        """Return how she helps."""
        return [mode.value for mode in Mode if getattr(profile, mode.value)]

    def get_extra_municipalities(self, profile: Profile) -> list[str]:
        """Return the keys of where else she goes."""
        return sorted(profile.extra_municipalities.values_list("pk", flat=True))

    def get_opted_out_settings(self, profile: Profile) -> list[str]:
        """Return the codes of where she does not want to go."""
        return sorted(profile.opted_out_settings.values_list("pk", flat=True))


class TimesShape(serializers.Serializer[Any]):
    """Hours, limits, quiet hours, pause."""

    week = serializers.CharField()
    messages_per_week = serializers.IntegerField()
    assignments_per_week = serializers.IntegerField(allow_null=True)
    urgent_beyond_budget = serializers.BooleanField()
    quiet_from = serializers.SerializerMethodField()
    quiet_until = serializers.SerializerMethodField()
    is_paused = serializers.BooleanField()
    paused_until = serializers.DateField(allow_null=True)

    @extend_schema_field(ClockField())
    def get_quiet_from(self, profile: Profile) -> dt.time:
        """Return when her telephone falls silent."""
        return quiet_hours(profile)[0]

    @extend_schema_field(ClockField())
    def get_quiet_until(self, profile: Profile) -> dt.time:
        """Return when it may ring again."""
        return quiet_hours(profile)[1]


class AbsenceShape(serializers.Serializer[Any]):
    """Days away, both included."""

    id = serializers.UUIDField(source="public_id")
    first = serializers.DateField(source="days.lower")
    last = serializers.SerializerMethodField()

    def get_last(self, absence: Absence) -> dt.date:
        """Return the last day: the range ends before the next."""
        last: dt.date = absence.days.upper - dt.timedelta(days=1)
        return last
