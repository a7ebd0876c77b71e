"""What a school asks for, unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pools.models import Organisation
from reference.models import Language, Setting, Topic
from reference.places import resolve
from service_requests.models import ServiceRequest
from service_requests.posting import post_request
from tests.builders import WETTENBERG, a_caseworker, a_pool, an_organisation
from tests.conftest import BERLIN

Slot = tuple[dt.datetime, dt.datetime]


def at(text: str, minutes: int = 60) -> Slot:
    """Return the slot that begins at «2026-12-01 10:00» on the clocks of Berlin."""
    start = dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return start, start + dt.timedelta(minutes=minutes)


def a_school(**fields: Any) -> Organisation:
    """Return an approved school in Wettenberg, in the district of Gießen."""
    pool = fields.pop("pool", None) or a_pool(**fields.pop("of_pool", {}))
    return an_organisation(pool, postcode=WETTENBERG, **fields)


def wish(organisation: Organisation | None = None, **changes: Any) -> dict[str, Any]:
    """Return a complete form: Dari at the school, a week from Tuesday, on site."""
    organisation = organisation or a_school()
    code = changes.pop("setting", "school")
    topic = changes.pop("topic", None)
    postcode = changes.pop("postcode", WETTENBERG)
    language = changes.pop("language", "prs")
    return {
        "organisation": organisation,
        "posted_by": changes.pop("posted_by", None) or a_caseworker(organisation),
        "kind": "interpret",
        "language": Language.objects.get(code=language) if language else None,
        "modes": ["on_site"],
        "period": at("2026-12-01 10:00"),
        "setting": Setting.objects.get(code=code),
        "topic": Topic.objects.get(code=topic) if topic else None,
        "place": resolve(postcode, None, dt.date(2026, 12, 1)),
        **changes,
    }


def post(organisation: Organisation | None = None, **changes: Any) -> ServiceRequest:
    """Post it."""
    return post_request(**wish(organisation, **changes))


def refusal(organisation: Organisation | None = None, **changes: Any) -> dict[str, list[str]]:
    """Return what is said at which field, and see that nothing was stored."""
    form = wish(organisation, **changes)
    before = ServiceRequest.objects.count()
    with pytest.raises(ValidationError) as refused:
        post_request(**form)
    assert ServiceRequest.objects.count() == before
    return refused.value.message_dict
