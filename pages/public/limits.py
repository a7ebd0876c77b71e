"""How often somebody without an account may send a form that makes something new."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

PER_CALLER = "60/h/ip"
"""Enough for an information evening on one WLAN, too little to send SMS to whole lists."""


def may_register(request: HttpRequest) -> bool:
    """Count one registration of this caller; return False when there were too many."""
    usage = ratelimit.consume(
        request, app="pages", action="register", config={"register": PER_CALLER}
    )
    return usage is not None
