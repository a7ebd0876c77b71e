"""Where a coordinator's pools tell other systems what happens, and the log of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint, ScopedList
from api.fields import Named, Reading, ScopedField
from api.once import Outcome
from api.permissions import Area, Role
from pools.models import Pool
from webhooks import endpoints
from webhooks.models import Delivery, Endpoint, EndpointQuerySet, Topic


class WebhookReading(Reading):
    """A new address and what it is told."""

    pool = ScopedField(lambda endpoint: endpoint.visible(Pool).filter(pk__in=endpoint.scope.pools))
    url = serializers.CharField(max_length=endpoints.LONGEST_URL)
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices),
        allow_empty=False,
        min_length=1,
        max_length=len(Topic),
    )


class WebhookShape(serializers.Serializer[Any]):
    """An address and what it is told."""

    id = serializers.UUIDField(source="public_id")
    pool = Named()
    url = serializers.CharField()
    topics = serializers.ListField(child=serializers.ChoiceField(choices=Topic.choices))
    created_at = serializers.DateTimeField()
    failures = serializers.IntegerField(help_text="in a row")
    paused_at = serializers.DateTimeField(allow_null=True, help_text="after too many of them")


class NewWebhook(WebhookShape):
    """A new address with the key that signatures are checked with."""

    key = serializers.SerializerMethodField(help_text="shown when it is made, and not again")

    def get_key(self, endpoint: Endpoint) -> str:
        """Return the key."""
        return endpoints.key_of(endpoint)


class DeliveryShape(serializers.Serializer[Any]):
    """A try to tell."""

    id = serializers.UUIDField(source="public_id")
    topic = serializers.ChoiceField(choices=Topic.choices)
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    attempts = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text="what was answered last")
    failure = serializers.CharField()
    due_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)


class _OfWebhooks(ScopedEndpoint):
    """What the endpoints about webhooks have in common."""

    area = Area.WEBHOOKS
    role = Role.COORDINATOR

    def webhooks(self) -> EndpointQuerySet:
        """Return those of the caller's pools that were not removed."""
        rows: EndpointQuerySet = self.visible(Endpoint).filter(removed_at__isnull=True)
        return rows.select_related("pool")

    def represent(self, target: UUID) -> Any:
        """Return one of them."""
        return WebhookShape(self.one(self.webhooks(), target)).data


class Webhooks(_OfWebhooks, ScopedList):
    """All of them."""

    sorted_by = "created_at"

    @extend_schema(operation_id="webhooks_list", responses=WebhookShape(many=True))
    def get(self, request: Request) -> Response:
        """List the addresses of the pools, the latest first."""
        return self.page(self.webhooks(), WebhookShape)

    @extend_schema(operation_id="webhooks_add", request=WebhookReading, responses={201: NewWebhook})
    def post(self, request: Request) -> Response:
        """Tell this https address from now on; the answer holds the key of the signatures."""
        return self.once(self._add)

    def _add(self) -> Outcome:
        sent = self.read(WebhookReading)
        added = endpoints.add(sent["pool"], url=sent["url"], topics=sent["topics"], by=self.person)
        return Outcome(201, added.public_id)

    def represent(self, target: UUID) -> Any:
        """Return the new one, with its key."""
        return NewWebhook(self.one(self.webhooks(), target)).data


class OneWebhook(_OfWebhooks):
    """One of them."""

    @extend_schema(operation_id="webhooks_read", responses=WebhookShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read how it stands: failures in a row, and whether it is paused for them."""
        return Response(self.represent(public_id))

    @extend_schema(operation_id="webhooks_remove", responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Tell this address nothing more."""
        endpoints.remove(self.one(self.webhooks(), public_id))
        return Response(status=204)


class ResumeWebhook(_OfWebhooks):
    """Going on after a pause."""

    @extend_schema(operation_id="webhooks_resume", request=None, responses=WebhookShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Go on telling an address that was paused; what waited goes out, too."""

        def do() -> Outcome:
            endpoints.resume(self.one(self.webhooks(), public_id))
            return Outcome(200, public_id)

        return self.once(do)


class Deliveries(_OfWebhooks, ScopedList):
    """The log."""

    sorted_by = "created_at"

    @extend_schema(operation_id="webhooks_deliveries", responses=DeliveryShape(many=True))
    def get(self, request: Request, public_id: UUID) -> Response:
        """List what was told, the latest first; kept for 90 days."""
        endpoint = self.one(self.webhooks(), public_id)
        return self.page(self.visible(Delivery).filter(endpoint=endpoint), DeliveryShape)
