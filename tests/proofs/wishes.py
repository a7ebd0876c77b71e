"""Requests to post: each leads to exactly one offer, to somebody who was not asked before."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from background.clock import now
from notifications.models import Message, MessageClass
from pools.models import Pool, Rule
from reference.models import Language
from reference.places import resolve
from service_requests.posting import post_request
from tests import builders

LANGUAGES = 20
SPARE_SPEAKERS = 2


def a_world(many: int) -> list[dict[str, Any]]:
    """Return what to post; for each request somebody can be asked who was not asked before."""
    pool = builders.a_pool()
    one_at_a_time(pool)
    languages = list(Language.objects.shown().filter(tier=1, is_signed=False)[:LANGUAGES])
    for language in languages:
        for _ in range(many // len(languages) + SPARE_SPEAKERS):
            builders.a_volunteer(pool, speaks=language.code)
    organisation = builders.an_organisation(pool)
    caseworker = builders.a_caseworker(organisation)
    tomorrow_week = now().astimezone(pool.zone).replace(hour=10, minute=0) + timedelta(days=8)
    place = resolve(builders.GIESSEN, None, tomorrow_week.date())
    return [
        {
            "organisation": organisation,
            "posted_by": caseworker,
            "kind": "interpret",
            "language": languages[nth % len(languages)],
            "variety": "Zentrum",
            "modes": ["on_site"],
            "period": (
                tomorrow_week + timedelta(days=nth // 8),
                tomorrow_week + timedelta(days=nth // 8, hours=1),
            ),
            "setting": organisation.setting,
            "place": place,
            "by_coordinator": True,  # so that no rule about lead times matters
        }
        for nth in range(many)
    ]


def one_at_a_time(pool: Pool) -> None:
    """Let the pool's searches ask one person in each wave."""
    Rule.objects.create(pool=pool, name="wave.max_size", value="1", valid=(date(2020, 1, 1), None))


def post_all(wishes: list[dict[str, Any]], rate: float) -> dict[UUID, datetime]:
    """Post one after the other at the rate; return when each was committed."""
    committed: dict[UUID, datetime] = {}
    began = time.monotonic()
    for nth, wish in enumerate(wishes):
        time.sleep(max(0.0, began + nth / rate - time.monotonic()))
        post_one(wish, committed)
    return committed


def post_one(wish: dict[str, Any], committed: dict[UUID, datetime]) -> None:
    """Post a request and note when it was committed."""
    with transaction.atomic():
        posted = post_request(**wish).public_id
        transaction.on_commit(partial(_note, committed, posted))


def _note(committed: dict[UUID, datetime], posted: UUID) -> None:
    committed[posted] = now()


def calls_by_request(calls: Mapping[str, datetime | None]) -> dict[UUID, datetime]:
    """Return when the provider was called about each request, from its own ids and times."""
    found: dict[UUID, datetime] = {}
    for message in Message.objects.filter(message_class=MessageClass.OFFER):
        if at := calls.get(message.provider_reference):
            about = next(one for one in message.about if one.startswith("request:"))
            found[UUID(about.removeprefix("request:"))] = at
    return found
