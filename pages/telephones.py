"""Whom to call while the database is away: remembered by each process while it is there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from background.clock import now
from pools.models import Pool

GetResponse = Callable[[HttpRequest], HttpResponse]
READ_AGAIN_AFTER = timedelta(hours=1)
MOST = 500


@dataclass(frozen=True)
class Centre:
    """A pool's office."""

    name: str
    phone: str

    @property
    def dialled(self) -> str:
        """Return the number as a link needs it."""
        return "".join(character for character in self.phone if character in "+0123456789")


_known: list[Centre] = []
_read_at: datetime | None = None


def known() -> list[Centre]:
    """Return every centre with its telephone as last read; asks nobody."""
    return _known


def remember() -> None:
    """Read the telephones of all pools, once an hour and process."""
    global _known, _read_at
    at = now()
    if _read_at is not None and at - _read_at < READ_AGAIN_AFTER:
        return
    _read_at = at  # also when it fails: a page must not wait for a dead database each time
    pools = Pool.objects.exclude(phone="").order_by("centre_name", "pk")
    centres = [Centre(*row) for row in pools.values_list("centre_name", "phone")[:MOST]]
    _known = list(dict.fromkeys(centres))


def remembered(get_response: GetResponse) -> GetResponse:
    """Keep the telephones at hand after a page that worked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 500 and response.get("Content-Type", "").startswith("text/html"):
            with contextlib.suppress(DatabaseError, InterfaceError):  # the next page will read them
                remember()
        return response

    return middleware
