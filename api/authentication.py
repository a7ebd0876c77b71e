"""Who is calling: a program with a token, or a signed-in person's browser."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as StandardSession
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.problems import Failed
from pools.models import User
from pools.scoping import scope_of
from pools.second_factor import Owed, owed
from tokens import access
from tokens.models import Token

SCHEME = "bearer"
UNKNOWN = "unknown token"


class TokenAuthentication(BaseAuthentication):
    """«Authorization: Bearer lotse_…»; the token acts with the rights of its person."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the person and the token; None without the header, 401 with a wrong one."""
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = access.find(secret.strip())
        if token is None:
            raise AuthenticationFailed(UNKNOWN)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        """Return what makes the answer a 401."""
        return 'Bearer realm="api"'


class SessionAuthentication(StandardSession):
    """The browser's session, with CSRF and, for staff, the second factor as on every page."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the signed-in person; refuse a session that still owes the second factor."""
        found = super().authenticate(request)
        if found is None:
            return None
        session: HttpRequest = request._request
        if owed(session, scope_of(found[0])) != Owed.NOTHING:
            raise Failed("second_factor_missing")
        return found
