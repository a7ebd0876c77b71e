"""The forms of signing in and of the second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import BaseConfirmCodeForm
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.exceptions import ValidationError

from notifications import contacts
from pages.forms import Form
from pools.models import User

LONGEST_ADDRESS = 254


def code_field(label: str, help_text: str = "") -> forms.CharField:
    """Return a field for a code, which may be pasted and which telephones offer to fill in."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}
        ),
    )


class RequestCodeForm(Form):
    """E-mail address or mobile number; whether we know it shows neither here nor later."""

    address = forms.CharField(
        label="E-Mail-Adresse oder Handy-Nummer",
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )

    def clean_address(self) -> str:
        """Return the address as we write it, or say how to write one."""
        text = self.cleaned_data["address"]
        is_email = "@" in text
        try:
            address = (contacts.normalise_email if is_email else contacts.normalise_phone)(text)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        if not ratelimit.consume(context.request, action="request_login_code", key=address):
            raise get_adapter().validation_error("rate_limited")
        # The names under which allauth's view asks for them.
        self.cleaned_data["email" if is_email else "phone"] = address
        return address

    @property
    def _user(self) -> User | None:
        """Whom allauth's view sends the code to; None for an address we do not know."""
        contact = contacts.for_sign_in(self.cleaned_data["address"])
        return contact.person if contact else None


class ConfirmCodeForm(BaseConfirmCodeForm):  # type: ignore[misc]
    """The code that was sent."""

    code = code_field("Code", "6 Ziffern. Sie stehen in der SMS oder in der E-Mail.")

    def __init__(self, *args: Any, attempts_left: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.attempts_left = attempts_left

    def clean_code(self) -> str:
        """Return the code if it is the right one, else say how many attempts are left."""
        try:
            code: str = super().clean_code()
        except ValidationError:
            raise ValidationError(_wrong_code(self.attempts_left)) from None
        return code


def _wrong_code(attempts_left: int) -> str:
    attempts = "1 Versuch" if attempts_left == 1 else f"{attempts_left} Versuche"
    return f"Der Code stimmt nicht. Sie haben noch {attempts}."


FROM_APP = "6 Ziffern. Sie stehen in Ihrer Authenticator-App."
OR_SPARE = f"{FROM_APP} Sie können auch einen Ersatzcode eingeben."


class AuthenticateForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""

    code = code_field("Code aus Ihrer App", OR_SPARE)


class ReauthenticateForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something important."""

    code = code_field("Code aus Ihrer App", OR_SPARE)


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a newly set up app."""

    code = code_field("Code aus Ihrer App", FROM_APP)
