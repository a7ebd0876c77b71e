"""What is shown and read about the person herself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.fields import Named
from tokens.models import Permission
from volunteers.models import Volunteer


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
