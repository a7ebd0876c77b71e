"""What belongs to the pools a coordinator works for; all of these pages start here.

`visible_to` also shows what a person sees in her other roles (her own record as a volunteer of
another pool, requests she posted elsewhere); on these pages only her pools count.
"""

from __future__ import annotations

from django.db.models import Q

from notifications.models import Message
from notifications.models import MessageQuerySet as Messages
from pages.access import SignedInRequest
from pools.models import Organisation, Pool
from pools.querysets import OrganisationQuerySet, PoolQuerySet
from service_requests.models import ServiceRequest
from service_requests.querysets import ServiceRequestQuerySet
from volunteers.models import Volunteer
from volunteers.querysets import VolunteerQuerySet


def pools(request: SignedInRequest) -> PoolQuerySet:
    """Return the pools this person coordinates."""
    return Pool.objects.visible_to(request.scope).filter(pk__in=request.scope.pools)


def requests(request: SignedInRequest) -> ServiceRequestQuerySet:
    """Return the requests to these pools, with all that a list shows."""
    return (
        ServiceRequest.objects.visible_to(request.scope)
        .filter(pool__in=request.scope.pools)
        .select_related(
            "pool", "organisation", "language", "setting", "topic", "municipality", "postcode"
        )
    )


def volunteers(request: SignedInRequest) -> VolunteerQuerySet:
    """Return the volunteers of these pools."""
    return (
        Volunteer.objects.visible_to(request.scope)
        .filter(pool__in=request.scope.pools)
        .select_related("pool", "person")
    )


def named(volunteers: VolunteerQuerySet, text: str) -> VolunteerQuerySet:
    """Keep those in whose name every part of the text occurs."""
    for part in text.split():
        volunteers = volunteers.filter(
            Q(person__given_name__icontains=part) | Q(person__family_name__icontains=part)
        )
    return volunteers


def organisations(request: SignedInRequest) -> OrganisationQuerySet:
    """Return the requesting institutions of these pools."""
    return (
        Organisation.objects.visible_to(request.scope)
        .filter(pool__in=request.scope.pools)
        .select_related("pool", "setting", "municipality", "postcode")
    )


def messages(request: SignedInRequest) -> Messages:
    """Return the messages sent for these pools."""
    return Message.objects.visible_to(request.scope).select_related("person", "contact", "pool")
