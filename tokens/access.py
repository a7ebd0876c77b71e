"""How a program gets access, keeps it for a time, and loses it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from background.clock import now
from pools.models import User
from pools.plain_text import checked
from tokens.models import Permission, Token

PREFIX = "lotse_"  # so that a scanner of source code knows what it has found
SECRET_BYTES = 32
DAYS = (1, 366)
USUAL_DAYS = 90
MOST_IN_FORCE = 20
NOTED_EVERY = dt.timedelta(hours=1)
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def issue(
    person: User, *, name: str, permissions: Collection[str], days: int = USUAL_DAYS
) -> tuple[Token, str]:
    """Return a new token and its secret, which is shown once and stored nowhere.

    Raises ValidationError at `name`, `permissions` or `days`.
    """
    texts = checked(Token, name=name)
    if not permissions or set(permissions) - set(Permission.values):
        raise ValidationError({"permissions": "Wählen Sie, was das Programm darf."})
    if not DAYS[0] <= days <= DAYS[1]:
        raise ValidationError({"days": f"Wählen Sie {DAYS[0]} bis {DAYS[1]} Tage."})
    instant = now()
    if Token.objects.in_force(instant).filter(person=person).count() >= MOST_IN_FORCE:
        raise ValidationError(
            f"Mehr als {MOST_IN_FORCE} Zugänge gehen nicht. Sperren Sie zuerst einen."
        )
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = Token.objects.create(
        person=person,
        digest=digest(secret),
        permissions=sorted(set(permissions)),
        created_at=instant,
        expires_at=instant + dt.timedelta(days=days),
        **texts,
    )
    return token, secret


def find(secret: str) -> Token | None:
    """Return the token in force with this secret and note its use; None for every other text."""
    if not _SECRET.fullmatch(secret):
        return None
    instant = now()
    found = Token.objects.in_force(instant).select_related("person").filter(digest=digest(secret))
    token = found.first()
    if token is not None:
        # Once an hour is enough to see which are forgotten, and spares a write at every call.
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=instant - NOTED_EVERY)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=instant)
    return token


def revoke(token: Token) -> None:
    """Let the token open nothing from now on; revoking it twice changes nothing."""
    Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now())


def digest(secret: str) -> str:
    """Return the keyed digest under which a secret is stored."""
    message = f"tokens:{secret}".encode()
    return hmac.new(settings.LINK_KEY.encode(), message, hashlib.sha256).hexdigest()
