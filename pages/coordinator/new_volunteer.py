"""Entering somebody who rings up: the form of the public page, filled in by a coordinator."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pages.access import Audience, SignedInRequest, audience
from pages.public.join_form import JoinForm
from pages.public.where import Where, ask_where, settle
from pages.rendering import page
from volunteers.registration import register_volunteer

TITLE = "Person eintragen: Wo wohnt sie?"


@audience(Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_volunteer(request: SignedInRequest) -> HttpResponse:
    """Settle the place, then enter the person; the consent given on the telephone is noted."""
    where = settle(request)
    if not isinstance(where, Where):
        return ask_where(request, where, title=TITLE)
    if where.pool.pk not in request.scope.pools:
        context = {"where": where, "page_title": TITLE}
        return page(request, "coordinator/other_pool.html", context)
    form = JoinForm(request.POST if request.method == "POST" else None, pool=where.pool)
    if request.method == "POST" and form.is_valid():
        try:
            volunteer = register_volunteer(
                pool=where.pool, place=where.place, entered_by=request.user, **form.values()
            )
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, f"{volunteer.person} ist eingetragen.")
            return redirect("coordinator_volunteer", volunteer.public_id)
    return page(request, "coordinator/new_volunteer.html", {"form": form, "where": where})
