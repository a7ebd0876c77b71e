"""What somebody who registers fills in, unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pools.models import Pool
from reference.models import Language
from reference.places import resolve
from tests.builders import WETTENBERG
from volunteers.availability import LanguageInput
from volunteers.consent import CURRENT
from volunteers.models import Level, Volunteer
from volunteers.registration import register_volunteer
from volunteers.week import NO_HOUR


def speaks(code: str, level: int = Level.NATIVE, **more: Any) -> LanguageInput:
    """Return a language as a person states it."""
    return LanguageInput(Language.objects.get(code=code), level, **more)


def filled_in(pool: Pool, **changes: Any) -> dict[str, Any]:
    """Return a complete form."""
    return {
        "pool": pool,
        "given_name": "Amina",
        "family_name": "Haidari",
        "phone": "0171 39200 11",
        "email": "amina@example.org",
        "preferred_channel": "sms",
        "wants_interpreting": True,
        "wants_guiding": False,
        "languages": [speaks("prs"), speaks("ps", Level.C1, region="Kandahar")],
        "place": resolve(WETTENBERG, None, dt.date(2026, 11, 24)),
        "means": "transit",
        "radius_km": 15,
        "modes": {"on_site", "phone"},
        "week": NO_HOUR,
        "is_adult": True,
        "consent_version": CURRENT,
        "consent_given": True,
        **changes,
    }


def register(pool: Pool, **changes: Any) -> Volunteer:
    """Register somebody."""
    return register_volunteer(**filled_in(pool, **changes))
