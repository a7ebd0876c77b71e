"""A volunteer's own offers: yes, no, reserve. A yes that came too late is a 409 that says why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedEndpoint, ScopedList
from api.fields import CodeField, Reading
from api.offers.shapes import OfferFilter, OfferLine, OfferShape
from api.once import Outcome
from api.permissions import Area, Role
from matching import replies
from matching.models import Proposal
from matching.querysets import ProposalQuerySet
from matching.replies import Kind
from reference.models import Reason

VIA = "api"
SHOWN = (
    "person",
    "language",
    "volunteer__pool",
    "service_request__pool",
    "service_request__setting",
    "service_request__topic",
    "service_request__postcode",
    "service_request__municipality",
)
IS_HERS = (Kind.ACCEPTED, Kind.ALREADY_YOURS)


class DeclineReading(Reading):
    """Why not, if she says so."""

    reason = CodeField(
        lambda: Reason.objects.filter(kind="decline"), required=False, allow_null=True
    )


class _OfOffers(ScopedEndpoint):
    """What the endpoints about offers have in common."""

    area = Area.OFFERS
    role = Role.ANYONE

    def offers(self) -> ProposalQuerySet:
        """Return the caller's own: a coordinator sees others here as little as anybody."""
        own: ProposalQuerySet = self.visible(Proposal).filter(person=self.person)
        return own.select_related(*SHOWN)

    def represent(self, target: UUID) -> Any:
        """Return one offer."""
        return OfferShape(self.one(self.offers(), target)).data


class Offers(_OfOffers, ScopedList):
    """All that one was asked."""

    sorted_by = "asked_at"

    @extend_schema(
        operation_id="offers_list", parameters=[OfferFilter], responses=OfferLine(many=True)
    )
    def get(self, request: Request) -> Response:
        """List one's own offers, the latest first; those to answer have the state `asked`."""
        chosen = self.filters(OfferFilter)
        rows = self.offers()
        if "state" in chosen:
            rows = rows.filter(state__in=chosen["state"])
        return self.page(rows, OfferLine)


class OneOffer(_OfOffers):
    """One offer."""

    @extend_schema(operation_id="offers_read", responses=OfferShape)
    def get(self, request: Request, public_id: UUID) -> Response:
        """Read an offer and how it stands now."""
        return Response(self.represent(public_id))


class AcceptOffer(_OfOffers):
    """Yes."""

    @extend_schema(operation_id="offers_accept", request=None, responses=OfferShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Say yes: the first one gets it. 409 with `taken`, `overlap`, `record_missing`, …"""

        def do() -> Outcome:
            said = replies.accept(self.one(self.offers(), public_id), via=VIA, by=self.person)
            if said.kind in IS_HERS:
                return Outcome(200, public_id)
            return Outcome(409, problem=said.kind.value)

        return self.once(do)


class DeclineOffer(_OfOffers):
    """No."""

    @extend_schema(operation_id="offers_decline", request=DeclineReading, responses=OfferShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Say no, with or without a reason; 409 when it is hers or over."""

        def do() -> Outcome:
            offer = self.one(self.offers(), public_id)
            replies.decline(
                offer, reason=self.read(DeclineReading, request.data or {}).get("reason")
            )
            offer.refresh_from_db(fields=["state"])
            if offer.state == Proposal.State.DECLINED:
                return Outcome(200, public_id)
            return Outcome(409, problem="conflict")

        return self.once(do)


class StandBy(_OfOffers):
    """Reserve."""

    @extend_schema(operation_id="offers_stand_by", request=None, responses=OfferShape)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Stay as a reserve for what somebody else took: asked first if that person drops out."""

        def do() -> Outcome:
            offer = self.one(self.offers(), public_id)
            if replies.stand_by(offer) or offer.state == Proposal.State.STAND_BY:
                return Outcome(200, public_id)
            return Outcome(409, problem="conflict")

        return self.once(do)
