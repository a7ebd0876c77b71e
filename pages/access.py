"""Default deny: a view without a declared audience is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.http import HttpRequest

from pools.models import User
from pools.scoping import Scope

View = TypeVar("View", bound=Callable[..., Any])


class ScopedRequest(HttpRequest):
    """What a view gets: the middleware has put the scope on it. (A name for mypy, never made.)"""

    scope: Scope


class SignedInRequest(ScopedRequest):
    """What a view gets that only signed-in people may open."""

    user: User


class Audience(StrEnum):
    """For whom a page is."""

    PUBLIC = "public"
    LINK = "link"  # whoever holds a valid link; the view checks the token itself
    SIGNED_IN = "signed_in"
    SIGNED_IN_WITHOUT_SECOND_FACTOR = "signed_in_without_second_factor"  # to set it up or show it
    CASEWORKER = "caseworker"
    COORDINATOR = "coordinator"
    OPERATOR = "operator"
    API = "api"  # people and programs; the endpoint checks who it is, what for, and the scope


def audience(*audiences: Audience) -> Callable[[View], View]:
    """Declare for whom a view is; any one of the audiences is enough."""

    def declare(view: View) -> View:
        view.audiences = frozenset(audiences)  # type: ignore[attr-defined]
        return view

    return declare


def may_open(audiences: frozenset[Audience], scope: Scope) -> bool:
    """Return whether somebody with this scope may open a view for these audiences."""
    held = {Audience.PUBLIC, Audience.LINK, Audience.API}
    if scope.person_id is not None:
        held |= {Audience.SIGNED_IN, Audience.SIGNED_IN_WITHOUT_SECOND_FACTOR}
    if scope.is_caseworker:
        held.add(Audience.CASEWORKER)
    if scope.is_coordinator:
        held.add(Audience.COORDINATOR)
    if scope.is_operator:
        held.add(Audience.OPERATOR)
    return bool(held & audiences)
