"""A second factor for staff in tests of pages."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client

from pools.models import User


def give(person: User) -> str:
    """Set up a second factor for the person and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return str(secret)


def sign_in(client: Client, person: User) -> None:
    """Sign the person in as if code and second factor had just been given."""
    if not is_mfa_enabled(person):
        give(person)
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
    session.save()
