"""How often a person, or an unknown caller, may call; counted in the cache all processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import SimpleRateThrottle

from background.clock import now

if TYPE_CHECKING:  # views read these classes from the settings while they are being imported
    from rest_framework.request import Request
    from rest_framework.views import APIView


class _ByClock(SimpleRateThrottle):
    """Counts by our clock, with the rates of the settings as they are now."""

    def get_rate(self) -> str:
        """Return for example «60/m»."""
        rate: str = settings.API_RATES[str(self.scope)]
        return rate

    def timer(self) -> float:
        """Return the seconds of our clock."""
        return now().timestamp()


class PerPerson(_ByClock):
    """All tokens and sessions of a person count together."""

    def __init__(self) -> None:
        """The rate is known once it is known what is called."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count reading and changing apart."""
        self.scope = "read" if request.method in SAFE_METHODS else "write"
        super().__init__()
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return the person's; None for who is not known."""
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": f"api_{self.scope}", "ident": request.user.pk}


class PerAddress(_ByClock):
    """Who calls without a valid access is counted by the address."""

    scope = "anonymous"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return the address's; None for who is known."""
        if request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": "api_anonymous", "ident": self.get_ident(request)}
