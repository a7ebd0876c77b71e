"""Registering as a volunteer or as an institution: first where, then the form, then what now."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from pages.access import Audience, ScopedRequest, audience
from pages.errors import error_page
from pages.public.join_form import JoinForm
from pages.public.limits import may_register
from pages.public.organisation_form import OrganisationForm
from pages.public.where import Where, ask_where, settle
from pages.rendering import page
from pools.models import Pool, User
from service_requests.organisations import register_organisation
from volunteers.registration import register_volunteer

WHO = "registered"
"""In the session: the pool and the given name, for the page after."""
TOO_MANY = 429


@audience(Audience.PUBLIC)
@require_safe
def join(request: ScopedRequest) -> HttpResponse:
    """Say what volunteers do, get and need."""
    return page(request, "public/join.html")


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def join_form(request: ScopedRequest) -> HttpResponse:
    """Register a volunteer; nothing is stored before the consent."""
    where = settle(request)
    if not isinstance(where, Where):
        return ask_where(request, where, title="Mitmachen: Wo wohnen Sie?")
    form = JoinForm(request.POST or None, pool=where.pool)
    if request.method == "POST" and form.is_valid():
        if not may_register(request):
            return error_page(request, TOO_MANY)
        try:
            volunteer = register_volunteer(
                pool=where.pool, place=where.place, person=_person(request), **form.values()
            )
        except ValidationError as error:
            form.add_errors(error)
        else:
            _remember(request, where.pool, volunteer.person.given_name)
            return redirect("joined")
    return page(
        request, "public/join_form.html", {"form": form, "where": where, "help_pool": where.pool}
    )


@audience(Audience.PUBLIC)
@require_safe
def joined(request: ScopedRequest) -> HttpResponse:
    """Say what happens next to somebody who has just registered as a volunteer."""
    return _what_now(request, "public/joined.html", otherwise="join")


@audience(Audience.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_form(request: ScopedRequest) -> HttpResponse:
    """Register a requesting institution; a coordinator approves it."""
    where = settle(request)
    if not isinstance(where, Where):
        return ask_where(
            request,
            where,
            template="public/organisation_where.html",
            title="Stelle anmelden",
        )
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not may_register(request):
            return error_page(request, TOO_MANY)
        try:
            register_organisation(
                pool=where.pool, place=where.place, person=_person(request), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_errors(error)
        else:
            _remember(request, where.pool, form.cleaned_data["given_name"])
            return redirect("organisation_registered")
    return page(
        request,
        "public/organisation_form.html",
        {"form": form, "where": where, "help_pool": where.pool},
    )


@audience(Audience.PUBLIC)
@require_safe
def organisation_registered(request: ScopedRequest) -> HttpResponse:
    """Say what happens next to somebody who has just registered an institution."""
    return _what_now(
        request, "public/organisation_registered.html", otherwise="register_organisation"
    )


def _person(request: ScopedRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _remember(request: ScopedRequest, pool: Pool, given_name: str) -> None:
    request.session[WHO] = {"pool": pool.pk, "given_name": given_name}


def _what_now(request: ScopedRequest, template: str, *, otherwise: str) -> HttpResponse:
    who = request.session.get(WHO)
    if who is None:
        return redirect(otherwise)
    pool = Pool.objects.get(pk=who["pool"])
    context = {"pool": pool, "given_name": who["given_name"], "help_pool": pool}
    return page(request, template, context)
