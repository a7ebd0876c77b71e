"""Sign-in by code: allauth's adapter over our contacts and our outbox (decisions.md 25)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from notifications import codes, contacts
from pools.models import User

CODE_TEMPLATE = "account/email/login_code"
WRONG_CODE = "Der Code stimmt nicht."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are found and told through notifications.Contact; allauth stores no addresses.

    Nobody signs up through allauth: volunteers and organisations have their own forms.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": (
            "Das waren zu viele Versuche. Warten Sie ein paar Minuten"
            " und fordern Sie dann einen neuen Code an."
        ),
        "rate_limited": "Das ging zu schnell. Warten Sie ein paar Minuten.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False always."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the code; allauth has no other mail to send here."""
        if template_prefix == CODE_TEMPLATE:
            _send_code(email, context["code"])

    def send_verification_code_sms(self, user: User, phone: str, code: str, **_: Any) -> None:
        """Send the code by SMS."""
        _send_code(phone, code)

    def generate_phone_verification_code(self, *, user: User, phone: str) -> str:
        """Return the same kind of code as for e-mail."""
        code: str = self.generate_login_code()
        return code

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Do nothing: pages.sign_in.views notes it, for e-mail as well."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor, with our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": f"{WRONG_CODE} Warten Sie auf den nächsten in Ihrer App.",
    }


def _send_code(address: str, code: str) -> None:
    contact = contacts.for_sign_in(address)
    if contact is not None:
        codes.send_code(contact, code=code)
