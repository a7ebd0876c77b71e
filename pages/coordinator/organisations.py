"""Requesting institutions: the list, the decision, who works there (K10)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from notifications.models import Channel, Contact
from pages.access import Audience, SignedInRequest, audience
from pages.coordinator import own
from pages.forms import Form
from pages.rendering import page
from pools.memberships import end_membership
from pools.models import Membership, Organisation, User, in_german_order
from service_requests.models import Status
from service_requests.organisations import (
    add_caseworker,
    approve_organisation,
    refuse_organisation,
    suspend_organisation,
)

LATEST = 10


class RefusalForm(Form):
    """A sentence for the institution, if there is something to say."""

    reason = forms.CharField(
        label="Grund für die Stelle", max_length=250, required=False, widget=forms.Textarea
    )


class MemberForm(Form):
    """A colleague who may post for the institution."""

    given_name = forms.CharField(label="Vorname", max_length=80)
    family_name = forms.CharField(label="Nachname", max_length=80)
    email = forms.EmailField(label="Dienstliche E-Mail-Adresse", max_length=254)


@audience(Audience.COORDINATOR)
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the institutions, those that wait for a decision first."""
    counted = own.organisations(request).annotate(
        n_requests=Count("requests"),
        n_unfilled=Count("requests", filter=Q(requests__status=Status.NOT_FILLED)),
    )
    found = counted.order_by(in_german_order("name"))  # where Django counts, it sorts by no Meta
    waiting = [one for one in found if one.status == Organisation.Status.REGISTERED]
    others = [one for one in found if one.status != Organisation.Status.REGISTERED]
    context = {"organisations": [*waiting, *others]}
    return page(request, "coordinator/organisations.html", context)


@audience(Audience.COORDINATOR)
@require_safe
def detail(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Show one institution."""
    organisation = get_object_or_404(own.organisations(request), public_id=public_id)
    return _show(request, organisation)


def _show(
    request: SignedInRequest,
    organisation: Organisation,
    *,
    refusal: RefusalForm | None = None,
    member: MemberForm | None = None,
) -> HttpResponse:
    memberships = (
        Membership.objects.visible_to(request.scope)
        .current()
        .filter(organisation=organisation)
        .select_related("person")
        .order_by("person")
    )
    context = {
        "organisation": organisation,
        "members": [(one, _mail_of(one.person)) for one in memberships],
        "latest": own.requests(request)
        .filter(organisation=organisation)
        .order_by("-period")[:LATEST],
        "refusal_form": refusal or RefusalForm(prefix="refusal"),
        "member_form": member or MemberForm(prefix="member"),
        "form": next((form for form in (refusal, member) if form is not None), None),
    }
    return page(request, "coordinator/organisation.html", context)


def _mail_of(person: User) -> str:
    contact = Contact.objects.filter(person=person, channel=Channel.EMAIL).first()
    return contact.address if contact else ""


def _decide(
    request: SignedInRequest, public_id: UUID, verb: Callable[[Organisation], bool], done: str
) -> HttpResponse:
    organisation = get_object_or_404(own.organisations(request), public_id=public_id)
    if verb(organisation):
        messages.success(request, done)
    else:
        messages.info(request, "Das war schon so. Die Seite zeigt den Stand.")
    return redirect("coordinator_organisation", public_id)


@audience(Audience.COORDINATOR)
@require_POST
def approve(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Let the institution post."""
    by = request.user
    return _decide(
        request,
        public_id,
        lambda organisation: approve_organisation(organisation, by=by),
        "Freigegeben. Die Stelle kann jetzt anfragen.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def refuse(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Decline the institution."""
    organisation = get_object_or_404(own.organisations(request), public_id=public_id)
    form = RefusalForm(request.POST, prefix="refusal")
    if not form.is_valid():
        return _show(request, organisation, refusal=form)
    by, reason = request.user, form.cleaned_data["reason"]
    return _decide(
        request,
        public_id,
        lambda one: refuse_organisation(one, by=by, reason=reason),
        "Abgelehnt. Die Stelle erfährt es.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def suspend(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Let the institution post no more."""
    by = request.user
    return _decide(
        request,
        public_id,
        lambda organisation: suspend_organisation(organisation, by=by),
        "Gesperrt. Neue Anfragen sind nicht möglich, laufende gehen weiter.",
    )


@audience(Audience.COORDINATOR)
@require_POST
def add_member(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Let a colleague post for the institution."""
    organisation = get_object_or_404(own.organisations(request), public_id=public_id)
    form = MemberForm(request.POST, prefix="member")
    if form.is_valid():
        try:
            membership = add_caseworker(organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_errors(error)
        else:
            messages.success(request, f"{membership.person} kann jetzt anfragen.")
            return redirect("coordinator_organisation", public_id)
    return _show(request, organisation, member=form)


@audience(Audience.COORDINATOR)
@require_POST
def end_member(request: SignedInRequest, public_id: UUID, membership: UUID) -> HttpResponse:
    """End a colleague's access."""
    organisation = get_object_or_404(own.organisations(request), public_id=public_id)
    found = get_object_or_404(
        Membership.objects.visible_to(request.scope),
        public_id=membership,
        organisation=organisation,
    )
    end_membership(found)
    messages.success(request, f"{found.person} hat keinen Zugang mehr.")
    return redirect("coordinator_organisation", public_id)


@audience(Audience.COORDINATOR)
@require_safe
def new_request(request: SignedInRequest) -> HttpResponse:
    """Choose for which institution a request is taken down on the telephone."""
    context = {"organisations": own.organisations(request).approved()}
    return page(request, "coordinator/new_request.html", context)
