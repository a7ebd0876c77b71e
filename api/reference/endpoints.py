"""What everybody knows: languages, settings, topics, reasons, places; short lists, not paged."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedList
from api.fields import MunicipalityShape, Reading
from api.permissions import Area, Role
from background.clock import now
from reference.languages import find_languages
from reference.models import Language, Postcode, Reason, Setting, SettingClass, Topic
from reference.places import find_places, municipalities_of


class SearchReading(Reading):
    """What is searched for."""

    search = serializers.CharField(max_length=80, required=False, allow_blank=True)


class PlaceReading(Reading):
    """What is searched for, and it must be something."""

    search = serializers.CharField(max_length=80)


class ReasonFilter(Reading):
    """For what a reason is needed."""

    kind = serializers.CharField(max_length=20, required=False)


class LanguageShape(serializers.Serializer[Any]):
    """A language."""

    code = serializers.CharField()
    name_de = serializers.CharField()
    name_en = serializers.CharField()
    autonym = serializers.CharField()
    direction = serializers.CharField()
    is_signed = serializers.BooleanField()


class SettingShape(serializers.Serializer[Any]):
    """Where a conversation takes place."""

    code = serializers.CharField()
    label_de = serializers.CharField()
    label_en = serializers.CharField()
    setting_class = serializers.ChoiceField(choices=SettingClass.choices)


class TopicShape(serializers.Serializer[Any]):
    """The occasion of a conversation."""

    code = serializers.CharField()
    label_de = serializers.CharField()
    label_en = serializers.CharField()
    usual_minutes = serializers.IntegerField()
    is_guidance = serializers.BooleanField()
    settings = serializers.SerializerMethodField()

    def get_settings(self, topic: Topic) -> list[str]:
        """Return the codes of the settings it fits."""
        return [setting.code for setting in topic.settings.all()]


class ReasonShape(serializers.Serializer[Any]):
    """Why something was declined, cancelled or not filled."""

    code = serializers.CharField()
    kind = serializers.CharField()
    label_de = serializers.CharField()
    label_en = serializers.CharField()


class PlaceShape(serializers.Serializer[Any]):
    """A postcode and, in Hesse, the municipalities it may lie in."""

    postcode = serializers.CharField(source="code")
    places = serializers.CharField()
    municipalities = serializers.SerializerMethodField()

    @extend_schema_field(MunicipalityShape(many=True))
    def get_municipalities(self, postcode: Postcode) -> list[dict[str, str]]:
        """Return keys and names, the usual one first."""
        found = municipalities_of(postcode.code, localdate(now()))
        return [{"ags": each.ags, "name": each.name} for each in found]


class _Known(ScopedList):
    """What the endpoints of this part have in common."""

    area = Area.OPEN
    role = Role.ANYONE
    pagination_class = None  # type: ignore[assignment]


class Languages(_Known):
    """The languages."""

    @extend_schema(
        operation_id="reference_languages",
        parameters=[SearchReading],
        responses=LanguageShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List all languages, or those meant by a name; «Kurdisch» brings those to choose from."""
        text = self.filters(SearchReading).get("search")
        found = find_languages(text).languages if text else Language.objects.shown()
        return Response(LanguageShape(found, many=True).data)


class Settings(_Known):
    """The settings."""

    @extend_schema(operation_id="reference_settings", responses=SettingShape(many=True))
    def get(self, request: Request) -> Response:
        """List where conversations take place."""
        return Response(SettingShape(Setting.objects.all(), many=True).data)


class Topics(_Known):
    """The topics."""

    @extend_schema(operation_id="reference_topics", responses=TopicShape(many=True))
    def get(self, request: Request) -> Response:
        """List the occasions, with the settings they fit."""
        found = Topic.objects.prefetch_related("settings")
        return Response(TopicShape(found, many=True).data)


class Reasons(_Known):
    """The reasons."""

    @extend_schema(
        operation_id="reference_reasons",
        parameters=[ReasonFilter],
        responses=ReasonShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the reasons: `decline`, `cancel_by_volunteer`, `cancel_by_requester`, …"""
        return Response(
            ReasonShape(Reason.objects.filter(**self.filters(ReasonFilter)), many=True).data
        )


class Places(_Known):
    """The places."""

    @extend_schema(
        operation_id="reference_places", parameters=[PlaceReading], responses=PlaceShape(many=True)
    )
    def get(self, request: Request) -> Response:
        """Find postcodes by their first digits or by the name of a place, eight at most."""
        found = find_places(self.filters(PlaceReading)["search"])
        return Response(PlaceShape(found, many=True).data)
