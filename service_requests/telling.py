"""What the requester is told about a request before anybody is asked: rows of the outbox."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from notifications import outbox
from notifications.models import MessageClass
from notifications.wording import language_word, when_parameters
from service_requests.models import Kind, ServiceRequest


def about(service_request: ServiceRequest) -> str:
    """Return the name under which messages about a request are found."""
    return f"request:{service_request.public_id}"


def page_address(service_request: ServiceRequest) -> str:
    """Return the address of the request's page; it opens only after signing in."""
    return f"{settings.PUBLIC_URL}/anfragen/{service_request.public_id}/"


def submitted(service_request: ServiceRequest) -> None:
    """Say that the request has arrived and a coordinator looks at it first."""
    _tell(
        service_request,
        "requester_submitted",
        hinweis="Die Koordination prüft die Anfrage, bevor wir jemanden fragen.",
    )


def rejected(service_request: ServiceRequest, *, reason: str, text: str) -> None:
    """Say that the request cannot be served, why, and what else helps."""
    _tell(service_request, "requester_rejected", grund=reason, hinweis=text)


def _tell(service_request: ServiceRequest, template: str, **extra: Any) -> None:
    language, period = service_request.language, service_request.period
    is_guide = service_request.kind == Kind.GUIDE
    word = language_word(language.name_sms if language else "", is_guide=is_guide)
    outbox.write(
        service_request.posted_by,
        pool=service_request.pool,
        template=template,
        parameters={
            **when_parameters((period.lower, period.upper), service_request.pool.zone),
            "sprache": word,
            "sprache_lang": language.name_de if language and not is_guide else word,
            "link": page_address(service_request),
            **extra,
        },
        message_class=MessageClass.NEWS,
        about=[about(service_request)],
        step=template,
        not_after=period.upper,
    )
