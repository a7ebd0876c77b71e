"""«Zugänge für Programme»: make one, see which there are, close one."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from background.clock import now
from pages.access import Audience, SignedInRequest, audience
from pages.forms import Form
from pages.rendering import page
from tokens import access
from tokens.models import Permission, Token

SHOWN_AT_MOST = 50


class TokenForm(Form):
    """What the program is called, what it may do, and for how long."""

    name = forms.CharField(
        label="Name", help_text="zum Beispiel: Terminplaner der Schule", max_length=60
    )
    permissions = forms.MultipleChoiceField(
        label="Was darf das Programm?",
        help_text="Nie mehr, als Sie selbst dürfen.",
        choices=Permission.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="Wie lange?",
        choices=[(30, "30 Tage"), (90, "90 Tage"), (366, "ein Jahr")],
        initial=access.USUAL_DAYS,
        coerce=int,
    )


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def programs(request: SignedInRequest) -> HttpResponse:
    """Show the accesses, or make one and show its secret this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = access.issue(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_errors(error)
        else:
            form = TokenForm()
    mine = Token.objects.visible_to(request.scope)
    context = {
        "form": form,
        "secret": secret,
        "tokens": [
            (token, [Permission(each).label for each in token.permissions])
            for token in mine.in_force(now())[:SHOWN_AT_MOST]
        ],
    }
    return page(request, "programs/programs.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def revoke(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Close an access; closing it twice is closing it once."""
    access.revoke(get_object_or_404(Token.objects.visible_to(request.scope), public_id=public_id))
    messages.success(request, "Der Zugang ist gesperrt.")
    return redirect("programs")
