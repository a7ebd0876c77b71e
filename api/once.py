"""Idempotency-Key: the same POST twice is done once and answered twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from api.models import PostedOnce
from api.problems import Failed
from background.clock import now
from background.failpoints import failpoint
from pools.models import User

HEADER = "HTTP_IDEMPOTENCY_KEY"
LONGEST_KEY = 100
KEPT = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Outcome:
    """What came of a POST: a status and what to show, or a problem.

    A verb's refusal is returned, not raised: what it wrote about it must be committed.
    """

    status: int = 200
    target: UUID | None = None
    problem: str = ""


def once(request: Request, do: Callable[[], Outcome], *, person: User) -> tuple[Outcome, bool]:
    """Return the outcome, and whether it is that of an earlier POST with the same key.

    Done and remembered in one transaction; whoever comes second waits for the first. What is
    raised (bad input) is not remembered: the same key may try again.
    """
    key = request.META.get(HEADER, "")
    if not key:
        return do(), False
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        told = f"Höchstens {LONGEST_KEY} druckbare Zeichen."
        raise ValidationError({"Idempotency-Key": [told]})
    digest = _digest(request)
    with transaction.atomic():
        posted, is_new = PostedOnce.objects.get_or_create(
            person=person, key=key, defaults={"digest": digest}
        )
        if not is_new:
            if posted.digest != digest:
                raise Failed("key_reused")
            return Outcome(posted.status or 0, posted.target, posted.problem), True
        outcome = do()
        failpoint("once.done")
        PostedOnce.objects.filter(pk=posted.pk).update(
            target=outcome.target, status=outcome.status, problem=outcome.problem
        )
    return outcome, False


def sweep() -> None:
    """Forget what is older than a day; called by the heartbeat."""
    PostedOnce.objects.filter(posted_at__lt=now() - KEPT).delete()


def _digest(request: Request) -> str:
    said: list[Any] = [request.path, request.data]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
