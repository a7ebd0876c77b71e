"""The order of locks, always: the request, then the person, then offers, appointments, messages.

Whoever changes what hangs on a request takes the request first. Two who came by different ways
would wait for each other, and PostgreSQL would throw one of them out.
"""

from __future__ import annotations

from collections.abc import Iterable

from pools.holding import hold_person
from pools.models import User
from service_requests.models import ServiceRequest

__all__ = ["hold_people", "hold_person", "hold_request"]


def hold_request(request_pk: int) -> None:
    """Let others who change this request or what hangs on it wait until we have committed."""
    ServiceRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_pk)


def hold_people(person_pks: Iterable[int]) -> None:
    """Let other searches that want to ask one of them wait until our offers are written."""
    people = User.objects.filter(pk__in=list(person_pks)).order_by("pk")
    list(people.select_for_update(of=("self",), no_key=True).values_list("pk"))
