"""An appointment as the volunteer who holds it sees it: with the address while it is hers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import InstantField, Reading
from api.offers.shapes import AppointmentShape
from matching import undoing
from matching.disclosure import address_of
from matching.models import Assignment


class AddressShape(serializers.Serializer[Any]):
    """Where to go and whom to ask for; without a street when it is not on site."""

    organisation = serializers.CharField()
    street = serializers.CharField()
    town = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    note = serializers.CharField()


class AssignmentLine(AppointmentShape):
    """An appointment in a list."""

    id = serializers.UUIDField(source="public_id")
    starts_at = serializers.DateTimeField(source="period.lower")
    ends_at = serializers.DateTimeField(source="period.upper")
    accepted_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancelled_by = serializers.CharField(
        help_text="volunteer, office, pool, change, silence, undo; empty if nobody"
    )


class AssignmentShape(AssignmentLine):
    """An appointment."""

    undo_until = serializers.SerializerMethodField(help_text="null when it is too late")
    address = serializers.SerializerMethodField(help_text="null once it is no longer hers")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_undo_until(self, held: Assignment) -> Any:
        """Return until when the yes may be taken back."""
        may = undoing.may_undo(held)
        return serializers.DateTimeField().to_representation(held.undo_until) if may else None

    @extend_schema_field(AddressShape(allow_null=True))
    def get_address(self, held: Assignment) -> Any:
        """Return where to go."""
        return AddressShape(address_of(held)).data if held.cancelled_at is None else None


class AssignmentFilter(Reading):
    """What the list of appointments may be filtered by."""

    is_active = serializers.BooleanField(required=False, help_text="not cancelled")
    ends_after = InstantField(required=False)
