"""Which provider carries a message: the first, unless it failed lately and another is well.

A provider that is down or throttles us is left alone for a minute, then longer. What is unclear at
one provider is resolved there (sweeping.py) before another may have the message.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from background.clock import now
from notifications.arrivals import Carrier

log = logging.getLogger(__name__)

FIRST_REST = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=10)


def paths(kind: str) -> list[str]:
    """Return the channels for a kind of address, the preferred one first."""
    second = settings.SECOND_CHANNELS.get(kind, "")
    return [settings.NOTIFICATION_CHANNELS[kind], *([second] if second else [])]


def choose(kind: str) -> str:
    """Return the first that is not left alone; of several that are, the one that is back first."""
    candidates = paths(kind)
    if len(candidates) == 1:
        return candidates[0]
    at = now()
    resting = dict(
        Carrier.objects.filter(path__in=candidates, left_until__gt=at).values_list(
            "path", "left_until"
        )
    )
    return min(candidates, key=lambda path: resting.get(path, at))


def has_another(kind: str, path: str) -> bool:
    """Return whether the next try would go elsewhere."""
    return choose(kind) != path


@transaction.atomic
def leave_alone(path: str) -> None:
    """Send nothing by this provider for a minute; twice as long each time it goes on failing."""
    at = now()
    carrier, _ = Carrier.objects.select_for_update().get_or_create(
        path=path, defaults={"left_until": at}
    )
    if carrier.left_until > at:
        return  # those who were on their way meanwhile are the same failure
    rest = min(FIRST_REST * 2 ** min(carrier.failures, 8), LONGEST_REST)
    Carrier.objects.filter(path=path).update(failures=F("failures") + 1, left_until=at + rest)
    log.error("provider_left_alone", extra={"channel": path, "seconds": rest.total_seconds()})


def is_well(path: str) -> None:
    """Note that a provider took a message again."""
    Carrier.objects.filter(path=path, left_until__lte=now()).delete()
