"""A request as its institution sees it: progress in figures, a name only after the yes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import MunicipalityShape, Named
from matching import standing
from matching.models import Assignment
from notifications.contacts import usable
from notifications.models import Channel
from service_requests.models import Kind, ServiceRequest, Status
from service_requests.wish import GENDERS
from volunteers.models import Mode


class RequestLine(serializers.Serializer[Any]):
    """A request in a list."""

    id = serializers.UUIDField(source="public_id")
    organisation = Named()
    kind = serializers.ChoiceField(choices=Kind.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    language = serializers.CharField(source="language.code", default=None, allow_null=True)
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Mode.choices))
    starts_at = serializers.DateTimeField(source="period.lower")
    ends_at = serializers.DateTimeField(source="period.upper")
    setting = serializers.CharField(source="setting_id")
    topic = serializers.CharField(source="topic_id", allow_null=True)
    postcode = serializers.CharField(source="postcode_id")
    municipality = MunicipalityShape(allow_null=True)
    posted_at = serializers.DateTimeField(source="created_at")


class ContactShape(serializers.Serializer[Any]):
    """Where somebody can be reached."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    address = serializers.CharField()


class WhoComes(serializers.Serializer[Any]):
    """Who said yes."""

    name = serializers.CharField(source="person")
    language = serializers.CharField(source="language.code")
    mode = serializers.ChoiceField(choices=Mode.choices)
    contacts = serializers.SerializerMethodField()

    @extend_schema_field(ContactShape(many=True))
    def get_contacts(self, held: Assignment) -> Any:
        """Return where the person may be reached."""
        return ContactShape(usable(held.person), many=True).data


class ProgressShape(serializers.Serializer[Any]):
    """A search in figures."""

    asked = serializers.IntegerField()
    declined = serializers.IntegerField()
    waiting = serializers.IntegerField()
    look_again_at = serializers.DateTimeField(allow_null=True)
    is_nobody_left = serializers.BooleanField()


class SlotShape(serializers.Serializer[Any]):
    """Another time that would suit, too."""

    starts_at = serializers.DateTimeField(source="period.lower")
    ends_at = serializers.DateTimeField(source="period.upper")


class RequestShape(RequestLine):
    """A request with everything that was asked for; the case code is never told again."""

    variety = serializers.CharField()
    bridge_languages = serializers.SerializerMethodField()
    alternatives = serializers.SerializerMethodField()
    address = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    is_hidden_place = serializers.BooleanField()
    professional_present = serializers.BooleanField()
    gender_wish = serializers.ChoiceField(choices=[("", "egal"), *GENDERS.items()])
    gender_must = serializers.BooleanField()
    minors_present = serializers.BooleanField()
    urgency_reason = serializers.CharField()
    note = serializers.CharField()
    progress = serializers.SerializerMethodField()
    volunteer = serializers.SerializerMethodField()

    def get_bridge_languages(self, service_request: ServiceRequest) -> list[str]:
        """Return the codes of the other languages that are fine."""
        return [language.code for language in service_request.bridge_languages.all()]

    @extend_schema_field(SlotShape(many=True))
    def get_alternatives(self, service_request: ServiceRequest) -> Any:
        """Return the other times."""
        return SlotShape(service_request.alternatives.order_by("period"), many=True).data

    @extend_schema_field(ProgressShape(allow_null=True))
    def get_progress(self, service_request: ServiceRequest) -> Any:
        """Return the figures while somebody is being looked for."""
        if service_request.status != Status.SEARCHING:
            return None
        return ProgressShape(standing.of_search(service_request)).data

    @extend_schema_field(WhoComes(allow_null=True))
    def get_volunteer(self, service_request: ServiceRequest) -> Any:
        """Return who comes, once somebody has said yes."""
        held = (
            Assignment.objects.active()
            .filter(service_request=service_request)
            .select_related("person", "language")
            .first()
        )
        return WhoComes(held).data if held else None
