"""Who may call what: nobody, until an endpoint says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # views read this class from the settings while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default of every endpoint: closed, so that a forgotten declaration opens nothing."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Return False always."""
        return False
