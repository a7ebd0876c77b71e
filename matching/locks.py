"""The order of locks, always: the request, then the person, then offers, appointments, messages.

Whoever changes what hangs on a request takes the request first. Two who came by different ways
would wait for each other, and PostgreSQL would throw one of them out.
"""

from __future__ import annotations

from pools.models import User
from service_requests.models import ServiceRequest


def hold_request(request_pk: int) -> None:
    """Let others who change this request or what hangs on it wait until we have committed."""
    ServiceRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_pk)


def hold_person(person_pk: int) -> None:
    """Let the other yeses of this person, of whatever pool, wait until ours is decided."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person_pk)
