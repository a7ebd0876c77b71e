"""The second factor of staff: whether this very session still owes it."""

from __future__ import annotations

from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from pools.scoping import Scope


class Owed(StrEnum):
    """What is missing."""

    NOTHING = "nothing"
    SET_UP = "set_up"
    SHOWN = "shown"


def owed(request: HttpRequest, scope: Scope) -> Owed:
    """Return what must be done before this session opens anything for somebody in these roles."""
    if not scope.roles & settings.MFA_REQUIRED_ROLES:
        return Owed.NOTHING
    if not is_mfa_enabled(request.user):
        return Owed.SET_UP
    records = get_authentication_records(request, request.user)
    has_shown = any(record["method"] == "mfa" for record in records)
    return Owed.NOTHING if has_shown else Owed.SHOWN
