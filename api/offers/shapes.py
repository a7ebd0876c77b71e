"""An offer as the person who was asked sees it: no address, of a hidden place no municipality."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import Named, Reading
from matching import disclosure
from matching.allowance import allowance_text
from matching.models import Assignment, Proposal
from matching.standing import Kind as Standing
from matching.standing import of_offer
from matching.telling import topic_for_messages
from reference.models import ANY_LANGUAGE
from service_requests.models import Kind
from volunteers.models import Mode

Holder = Proposal | Assignment


class AppointmentShape(serializers.Serializer[Any]):
    """What may be known of an appointment before the yes."""

    pool = Named(source="service_request.pool")
    kind = serializers.ChoiceField(choices=Kind.choices, source="service_request.kind")
    language = serializers.SerializerMethodField(
        help_text="the one she is asked for; null when it does not matter"
    )
    mode = serializers.ChoiceField(choices=Mode.choices)
    place = serializers.SerializerMethodField(help_text="municipality; of a hidden place the area")
    distance_km = serializers.SerializerMethodField()
    setting = serializers.SerializerMethodField(help_text="in words; neutral where it is sensitive")
    topic = serializers.SerializerMethodField(help_text="in words; empty of a hidden place")

    def get_language(self, holder: Holder) -> str | None:
        """Return the code of the language."""
        return None if holder.language.code == ANY_LANGUAGE else holder.language.code

    def get_place(self, holder: Holder) -> str:
        """Return where it is, as far as it may be known."""
        return disclosure.place_before_the_yes(holder.service_request, holder.mode)

    def get_distance_km(self, holder: Holder) -> int | None:
        """Return how far it is."""
        return disclosure.distance_km(holder)

    def get_setting(self, holder: Holder) -> str:
        """Return the kind of place."""
        return disclosure.setting_label(holder.service_request)

    def get_topic(self, holder: Holder) -> str:
        """Return the occasion."""
        return topic_for_messages(holder.service_request)


class OfferLine(AppointmentShape):
    """An offer in a list."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=Proposal.State.choices)
    asked_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField(source="service_request.period.lower")
    ends_at = serializers.DateTimeField(source="service_request.period.upper")


class OfferShape(OfferLine):
    """An offer, and how it stands at this moment."""

    standing = serializers.SerializerMethodField(help_text="a yes succeeds on `open`")
    variety = serializers.CharField(source="service_request.variety")
    minors_present = serializers.BooleanField(source="service_request.minors_present")
    allowance = serializers.SerializerMethodField(help_text="in words; empty when not that simple")
    assignment = serializers.SerializerMethodField(help_text="hers, if it became one")

    @extend_schema_field(serializers.ChoiceField(choices=[kind.value for kind in Standing]))
    def get_standing(self, proposal: Proposal) -> str:
        """Return how it stands."""
        return of_offer(proposal).kind.value

    def get_allowance(self, proposal: Proposal) -> str:
        """Return what the pool pays."""
        wanted = proposal.service_request
        day = wanted.period.lower.astimezone(wanted.pool.zone).date()
        return allowance_text(wanted.pool, wanted.kind, day)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_assignment(self, proposal: Proposal) -> str | None:
        """Return the appointment she holds for this request."""
        held = Assignment.objects.active().filter(
            service_request=proposal.service_request_id, person=proposal.person_id
        )
        public_id = held.values_list("public_id", flat=True).first()
        return str(public_id) if public_id else None


class OfferFilter(Reading):
    """What the list of offers may be filtered by."""

    state = serializers.ListField(
        child=serializers.ChoiceField(choices=Proposal.State.choices), required=False
    )
