"""What every page frame needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.navigation import help_pool, places
from pools.scoping import NOBODY


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the scope, whether this is a demonstration, the navigation and whom to ring up.

    A view that knows better whom to ring up puts its own `help_pool` into its context.
    """
    scope = getattr(request, "scope", NOBODY)
    return {
        "scope": scope,
        "is_demo": settings.IS_DEMO,
        "places": SimpleLazyObject(partial(places, request, scope)),
        "help_pool": SimpleLazyObject(partial(help_pool, scope)),
    }
