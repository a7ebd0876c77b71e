"""Setting up where a pool's events go, pausing and removing it."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from background.clock import now
from pools.models import Pool, User
from webhooks.models import Endpoint, Topic
from webhooks.reaching import Refused, check_url, public_address

MOST_PER_POOL = 10
LONGEST_URL = 500
NO_ADDRESS = "Geben Sie eine öffentliche Adresse an, die mit https:// beginnt."


@transaction.atomic
def add(pool: Pool, *, url: str, topics: Collection[str], by: User) -> Endpoint:
    """Tell this address from now on; raises ValidationError at `url` or `topics`."""
    if len(url) > LONGEST_URL:
        raise ValidationError({"url": NO_ADDRESS})
    try:
        host, port, _ = check_url(url)
        public_address(host, port)
    except Refused:
        raise ValidationError({"url": NO_ADDRESS}) from None
    if not topics or set(topics) - set(Topic.values):
        raise ValidationError({"topics": "Wählen Sie, was gemeldet wird."})
    Pool.objects.select_for_update(no_key=True).get(pk=pool.pk)
    if Endpoint.objects.filter(pool=pool, removed_at__isnull=True).count() >= MOST_PER_POOL:
        raise ValidationError({"url": f"Mehr als {MOST_PER_POOL} Adressen gehen nicht."})
    return Endpoint.objects.create(
        pool=pool, url=url, topics=sorted(set(topics)), created_by=by, created_at=now()
    )


def remove(endpoint: Endpoint) -> None:
    """Tell this address nothing more; removing it twice changes nothing."""
    Endpoint.objects.filter(pk=endpoint.pk, removed_at__isnull=True).update(removed_at=now())


def resume(endpoint: Endpoint) -> None:
    """Go on telling an address that was paused; what waited goes out, too."""
    Endpoint.objects.filter(pk=endpoint.pk).update(paused_at=None, failures=0)


def key_of(endpoint: Endpoint) -> str:
    """Return the key the receiver checks signatures with: derived, so that no table holds it."""
    return salted_hmac(
        "webhooks.endpoints", str(endpoint.public_id), secret=settings.LINK_KEY, algorithm="sha256"
    ).hexdigest()
