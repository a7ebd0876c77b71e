"""Who may call what: nobody, until an endpoint says otherwise."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

if TYPE_CHECKING:  # views read this class from the settings while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Area(StrEnum):
    """What an endpoint is about: a token must be allowed it (tokens.models.Permission)."""

    OPEN = "open"  # what everybody signed in may know: a token needs nothing particular
    REQUESTS = "requests"
    OFFERS = "offers"
    ASSIGNMENTS = "assignments"
    PROFILE = "profile"
    ORGANISATIONS = "organisations"
    COORDINATION = "coordination"
    WEBHOOKS = "webhooks"


class Role(StrEnum):
    """Who may call an endpoint at all; the rows are a question of the scope."""

    ANYONE = "anyone"  # signed in, that is
    STAFF = "staff"
    COORDINATOR = "coordinator"


class DenyAll(BasePermission):
    """The default of every endpoint: closed, so that a forgotten declaration opens nothing."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return False always."""
        return False


class AsDeclared(BasePermission):
    """What an endpoint declares as `area` and `role`; one that declares nothing is closed."""

    message = "Die Rolle oder die Freigabe des Zugangs reicht nicht."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return whether the person has the role and the token, if it is one, the permission."""
        area, role = getattr(view, "area", None), getattr(view, "role", None)
        if not area or not role or not request.user.is_authenticated:
            return False
        return _has_role(role, view) and _may(request.auth, area, request.method or "")


def _has_role(role: Role, view: Any) -> bool:
    scope = view.scope
    if role == Role.COORDINATOR:
        return bool(scope.is_coordinator)
    if role == Role.STAFF:
        return bool(scope.is_coordinator or scope.is_caseworker)
    return True


def _may(token: Any, area: Area, method: str) -> bool:
    if token is None:  # a session
        return True
    if area == Area.OPEN:
        return method in SAFE_METHODS
    return f"{area}:{'read' if method in SAFE_METHODS else 'write'}" in token.permissions
