"""The browser that said yes: a signed cookie opens address and contact, for that appointment only.

Its path is that of all offer links, because every message has a link of its own and the reminder
must open the address on the same telephone.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from background.clock import now
from matching.models import Assignment

PATH = "/a/"
OUTLIVES_APPOINTMENT = timedelta(hours=24)


def remember_yes(response: HttpResponse, assignment: Assignment) -> None:
    """Let this browser see the address until 24 hours after the appointment."""
    response.set_cookie(
        _name(assignment),
        _signer().sign(str(assignment.public_id)),
        expires=assignment.period.upper + OUTLIVES_APPOINTMENT,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_said_yes(request: HttpRequest, assignment: Assignment) -> bool:
    """Return whether this browser said the yes that this appointment came from."""
    if assignment.cancelled_at or assignment.period.upper + OUTLIVES_APPOINTMENT <= now():
        return False
    return remembered(request, assignment) == str(assignment.public_id)


def remembered(request: HttpRequest, assignment: Assignment) -> str:
    """Return the appointment of this request that this browser said yes to, empty if none."""
    try:
        return _signer().unsign(request.COOKIES.get(_name(assignment), ""))
    except BadSignature:
        return ""


def _name(assignment: Assignment) -> str:
    return f"zusage-{assignment.service_request.public_id.hex}"


def _signer() -> Signer:
    return Signer(key=settings.LINK_KEY, salt="pages.volunteer.yes_cookie")
