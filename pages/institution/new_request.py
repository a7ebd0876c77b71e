"""«Neue Anfrage»: one page; a second one only asks whether another language is fine too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pages.access import Audience, SignedInRequest, audience
from pages.institution import asked_again
from pages.institution.request_form import DURATIONS, USUAL_MINUTES, RequestForm
from pages.institution.whose import is_coordinator_of, mine
from pages.rendering import page
from pages.when import minutes
from pools.models import Organisation
from reference.models import Language
from service_requests.models import ServiceRequest, Status
from service_requests.posting import check_request, post_request

SEE_OTHER = 303
FIRST_TIER = 1
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "bridge_languages", "bridges_for", "step"})
SENT = {
    Status.SEARCHING: "Ihre Anfrage ist gesendet. Wir fragen gleich die ersten Personen.",
    Status.SUBMITTED: "Ihre Anfrage ist da. Die Koordination prüft sie zuerst.",
}


@audience(Audience.CASEWORKER, Audience.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: SignedInRequest) -> HttpResponse:
    """Show the form, ask back, or post."""
    copied = _copied(request)
    organisation = _organisation(request, copied)
    if organisation is None:
        return _which_organisation(request)
    if request.method != "POST":
        initial = {"contact_name": _own_name(request, organisation)} | _initial(copied)
        return _form_page(request, RequestForm(organisation=organisation, initial=initial))
    form = RequestForm(request.POST, organisation=organisation)
    sent_before = _sent_before(request, form)
    if sent_before is not None:
        return _to(sent_before)
    if not form.is_valid() or asked_again.is_said_twice(form):
        return _form_page(request, form)
    return _send(request, form)


def _send(request: SignedInRequest, form: RequestForm) -> HttpResponse:
    """Post a form that is in order by itself, unless the pool refuses or one question is left."""
    wish = form.values() | {
        "posted_by": request.user,
        "by_coordinator": is_coordinator_of(request, form.organisation),
    }
    try:
        check_request(**wish)
        if "back" in request.POST.get("step", ""):
            return _form_page(request, form)
        if _has_to_ask_about_bridges(request, form):
            return _ask_about_bridges(request, form)
        posted = post_request(**wish, submission=asked_again.submission_of(form))
    except ValidationError as error:
        asked_again.add_refusals(form, error)
        return _form_page(request, form)
    messages.success(request, SENT.get(Status(posted.status), "Ihre Anfrage ist da."))
    return _to(posted)


def _to(service_request: ServiceRequest) -> HttpResponse:
    response = HttpResponseRedirect(
        reverse("institution_request", args=[service_request.public_id])
    )
    response.status_code = SEE_OTHER
    return response


def _form_page(request: SignedInRequest, form: RequestForm) -> HttpResponse:
    return page(
        request,
        "institution/new_request.html",
        {
            "form": form,
            "organisation": form.organisation,
            "by_coordinator": is_coordinator_of(request, form.organisation),
            "may_choose": mine(request).count() > 1,
            "help_pool": form.organisation.pool,
        },
    )


def _has_to_ask_about_bridges(request: SignedInRequest, form: RequestForm) -> bool:
    if not asked_again.pairs(form):
        return False
    return bool(form.cleaned_data["bridges_for"] != asked_again.bridges_key(form))


def _ask_about_bridges(request: SignedInRequest, form: RequestForm) -> HttpResponse:
    """Ask on a page of its own; everything else goes along unseen."""
    return page(
        request,
        "institution/bridges.html",
        {
            "request_form": form,
            "language": form.language,
            "pairs": asked_again.pairs(form),
            "chosen": form.cleaned_data.get("bridge_languages", []),
            "bridges_for": asked_again.bridges_key(form),
            "carried": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in NOT_CARRIED
                for value in values
            ],
            "help_pool": form.organisation.pool,
        },
    )


def _sent_before(request: SignedInRequest, form: RequestForm) -> ServiceRequest | None:
    """Return the request this very form has posted already: a double click, the back button."""
    return (
        ServiceRequest.objects.visible_to(request.scope)
        .filter(public_id=asked_again.submission_of(form), organisation=form.organisation)
        .first()
    )


def _organisation(request: SignedInRequest, copied: ServiceRequest | None) -> Organisation | None:
    """Return for whom is asked: as chosen, as copied, or the only one there is."""
    chosen = request.GET.get("organisation", "")
    if chosen:
        return get_object_or_404(mine(request), public_id=_uuid(chosen))
    if copied is not None:
        return mine(request).filter(pk=copied.organisation_id).first()
    organisations = list(mine(request)[:2])
    return organisations[0] if len(organisations) == 1 else None


def _which_organisation(request: SignedInRequest) -> HttpResponse:
    return page(
        request,
        "institution/which_organisation.html",
        {"organisations": mine(request), "copy": request.GET.get("wie", "")},
    )


def _copied(request: SignedInRequest) -> ServiceRequest | None:
    """Return the request to begin with, from «noch einmal»."""
    copied = request.GET.get("wie", "")
    if not copied:
        return None
    return get_object_or_404(
        ServiceRequest.objects.visible_to(request.scope).select_related("pool", "language"),
        public_id=_uuid(copied),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _own_name(request: SignedInRequest, organisation: Organisation) -> str:
    is_hers = organisation.pk in request.scope.organisations
    return str(request.user) if is_hers else ""


def _initial(copied: ServiceRequest | None) -> dict[str, Any]:
    """Return everything but the day and the case code."""
    if copied is None:
        return {}
    length = minutes(copied.period)
    return {
        **_initial_language(copied.language),
        "kind": copied.kind,
        "time": copied.period.lower.astimezone(copied.pool.zone).time(),
        "minutes": length if length in DURATIONS else USUAL_MINUTES,
        "modes": copied.modes,
        "setting": copied.setting_id,
        "topic": copied.topic_id,
        "postcode": copied.postcode_id,
        "municipality": copied.municipality_id,
        "address": copied.address,
        "contact_name": copied.contact_name,
        "contact_phone": copied.contact_phone,
        "variety": copied.variety,
        "gender_wish": copied.gender_wish,
        "gender_must": copied.gender_must,
        "minors_present": copied.minors_present,
        "professional_absent": not copied.professional_present,
        "note": copied.note,
    }


def _initial_language(language: Language | None) -> dict[str, str]:
    if language is None:
        return {}
    if language.tier == FIRST_TIER:
        return {"language": language.code}
    return {"language_typed": language.name_de}
