"""Signing in by code, and where a person lands afterwards."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from notifications import contacts
from pages.access import Audience, ScopedRequest, audience
from pages.rendering import page
from pages.sign_in.forms import ConfirmCodeForm, RequestCodeForm
from pools.scoping import Scope
from volunteers.models import Volunteer

NOT_YOURS = "Diese Adresse hat sich gerade geändert. Fordern Sie einen neuen Code an."


CODE_IS_OVER = "Der Code ist abgelaufen. Fordern Sie einen neuen an."


class RequestCode(RequestLoginCodeView):  # type: ignore[misc]
    """Ask for an address and send a code there, if we know it."""

    form_class = RequestCodeForm

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        """Send the code; the session that holds it ends with it."""
        self.request.session.set_expiry(app_settings.LOGIN_TIMEOUT)
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmCode(ConfirmLoginCodeView):  # type: ignore[misc]
    """Take the code; the right one also proves that the address is the person's."""

    form_class = ConfirmCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so when no code is waited for any more; allauth only leads back."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if request.method == "POST" and getattr(self, "_process", None) is None:
            messages.warning(request, CODE_IS_OVER)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form how many attempts a wrong code would leave."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        failed = self._process.state["failed_attempts"]
        return {**kwargs, "attempts_left": self._process.max_attempts - failed - 1}

    def form_valid(self, form: ConfirmCodeForm) -> HttpResponse:
        """Note that the address is verified, then sign in."""
        state = self._process.state
        address = state.get("email") or state.get("phone")
        contact = contacts.for_sign_in(address)
        try:
            # Meanwhile the address may have become somebody else's, or dead.
            if contact is None or contact.person != self._process.user:
                raise ValidationError(NOT_YOURS)
            contacts.verify(contact)
        except ValidationError as error:
            self._process.abort()
            messages.error(self.request, " ".join(error.messages))
            return redirect("account_login")
        response: HttpResponse = super().form_valid(form)
        return response


class ActivateApp(ActivateTOTPView):  # type: ignore[misc]
    """Set up the app; its first code counts as the second factor of this session."""

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        """Note that this session has shown the second factor, or it is asked for at once again."""
        response: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        # Checked once more by the app itself, which thereby lets the code open nothing else.
        if app.wrap().validate_code(form.cleaned_data["code"]):
            post_authentication(self.request, app, reauthenticated=True)
        return response


@audience(Audience.SIGNED_IN)
@require_safe
def home(request: ScopedRequest) -> HttpResponse:
    """Lead everybody to where their work is; who has no role yet is told why."""
    name = _home_of(request.scope)
    return redirect(name) if name else page(request, "sign_in/home.html")


def _home_of(scope: Scope) -> str | None:
    if scope.is_coordinator:
        return "coordinator_board"
    if scope.is_caseworker:
        return "institution_requests"
    if Volunteer.objects.filter(person_id=scope.person_id).exists():
        return "my_appointments"
    return None
