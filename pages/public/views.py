"""The start page, finding one's centre, and the footer pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from pages.access import Audience, ScopedRequest, audience
from pages.public.where import Where, ask_where, settle
from pages.rendering import page
from pools.models import Pool


@audience(Audience.PUBLIC)
@require_safe
def start(request: ScopedRequest) -> HttpResponse:
    """Show the two doors and where to find one's centre."""
    return page(request, "public/start.html")


@audience(Audience.PUBLIC)
@require_safe
def centre(request: ScopedRequest) -> HttpResponse:
    """Show the centre that answers for a place, or say that there is none."""
    where = settle(request)
    if not isinstance(where, Where):
        return ask_where(request, where, title="Zentrum finden")
    return page(request, "public/centre.html", {"where": where, "help_pool": where.pool})


@audience(Audience.PUBLIC)
@require_safe
def imprint(request: ScopedRequest) -> HttpResponse:
    """Say who is responsible."""
    context = {
        "operator": settings.OPERATOR_NAME,
        "address": settings.OPERATOR_ADDRESS,
        "email": settings.OPERATOR_EMAIL,
        "pools": Pool.objects.filter(is_active=True),
    }
    return page(request, "public/imprint.html", context)


@audience(Audience.PUBLIC)
@require_safe
def privacy(request: ScopedRequest) -> HttpResponse:
    """Say what is stored, why and how long, and which rights people have."""
    context = {"operator": settings.OPERATOR_NAME, "email": settings.OPERATOR_EMAIL}
    return page(request, "public/privacy.html", context)


@audience(Audience.PUBLIC)
@require_safe
def accessibility(request: ScopedRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return page(request, "public/accessibility.html", {"email": settings.OPERATOR_EMAIL})


@audience(Audience.PUBLIC)
@require_safe
def easy_language(request: ScopedRequest) -> HttpResponse:
    """Say in plain short sentences what this is."""
    return page(request, "public/easy_language.html")


@audience(Audience.PUBLIC)
@require_safe
def sources(request: ScopedRequest) -> HttpResponse:
    """Say where data and design come from, and under which licences."""
    return page(request, "public/sources.html")
