"""Links in messages: 96 random bits for one person and one thing; only a digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from background.clock import now
from notifications.models import Link, LinkPurpose
from pools.models import Pool, User

TOKEN_BYTES = 12
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")
PATHS = {LinkPurpose.OFFER: "a", LinkPurpose.CONFIRMATION: "b"}


class LinkSpec(NamedTuple):
    """A link that outbox.write is to issue and put into the message."""

    purpose: str
    target: UUID
    expires_at: datetime


def issue(purpose: str, *, person: User, pool: Pool, target: UUID, expires_at: datetime) -> str:
    """Return the plain token of a new link; it is stored nowhere, only its digest is."""
    token = new_token()
    remember(token, LinkSpec(purpose, target, expires_at), person=person, pool=pool)
    return token


def new_token() -> str:
    """Return 96 random bits as 16 characters of base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def remember(token: str, link: LinkSpec, *, person: User, pool: Pool) -> Link:
    """Store what the token opens."""
    return Link.objects.create(
        digest=digest(token),
        purpose=LinkPurpose(link.purpose),
        pool=pool,
        person=person,
        target=link.target,
        expires_at=link.expires_at,
    )


def open_link(token: str, purpose: str) -> Link | None:
    """Return the link, None when unknown, of another purpose, expired or revoked.

    Changes nothing: mail scanners open links too.
    """
    if not _TOKEN.fullmatch(token):
        return None
    return (
        Link.objects.select_related("person", "pool")
        .filter(
            digest=digest(token), purpose=purpose, revoked_at__isnull=True, expires_at__gt=now()
        )
        .first()
    )


def ended_link(token: str, purpose: str) -> Link | None:
    """Return a link that was real and is over, so that a page can say so instead of «unknown»."""
    if not _TOKEN.fullmatch(token):
        return None
    link = Link.objects.select_related("pool").filter(digest=digest(token), purpose=purpose).first()
    is_over = link is not None and (link.revoked_at is not None or link.expires_at <= now())
    return link if is_over else None


def revoke(target: UUID, *, person: User | None = None) -> int:
    """Close all links to the target, or only those of one person; return how many."""
    links = Link.objects.filter(target=target, revoked_at__isnull=True)
    if person is not None:
        links = links.filter(person=person)
    return links.update(revoked_at=now())


def replace(link_digest: str, *, is_compromised: bool) -> tuple[str, str] | None:
    """Issue another link to the same; return its address and digest, None when it is over.

    The first one is closed when it may have gone to a stranger.
    """
    old = Link.objects.select_related("person", "pool").filter(digest=link_digest).first()
    if old is None or old.revoked_at is not None or old.expires_at <= now():
        return None
    token = new_token()
    spec = LinkSpec(old.purpose, old.target, old.expires_at)
    link = remember(token, spec, person=old.person, pool=old.pool)
    if is_compromised:
        Link.objects.filter(pk=old.pk).update(revoked_at=now())
    return address(old.purpose, token), link.digest


def address(purpose: str, token: str) -> str:
    """Return the address that goes into a message, without a trailing slash."""
    scheme = urlsplit(settings.PUBLIC_URL).scheme or "https"
    return f"{scheme}://{settings.PUBLIC_LINK_HOST}/{PATHS[LinkPurpose(purpose)]}/{token}"


def digest(token: str) -> str:
    """Return the keyed digest under which a token is stored."""
    return hmac.new(settings.LINK_KEY.encode(), token.encode(), hashlib.sha256).hexdigest()
