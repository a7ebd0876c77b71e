"""Addresses of signing in; of allauth's views only those that are needed are mounted."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path

from pages.access import Audience, audience
from pages.sign_in import views

public = audience(Audience.PUBLIC)
# Of somebody who still has to set up or show the second factor, so that he can.
signed_in = audience(Audience.SIGNED_IN_WITHOUT_SECOND_FACTOR)
request_code = public(views.RequestCode.as_view())

urlpatterns = [
    path("start/", views.home, name="home"),
    path("anmelden/", request_code, name="account_login"),
    path("anmelden/", request_code, name="account_request_login_code"),
    path("anmelden/code/", public(views.ConfirmCode.as_view()), name="account_confirm_login_code"),
    path("anmelden/zweiter-faktor/", public(mfa.authenticate), name="mfa_authenticate"),
    path("anmelden/gesperrt/", public(account.account_inactive), name="account_inactive"),
    path("abmelden/", public(account.logout), name="account_logout"),
    path("konto/sicherheit/", signed_in(mfa.index), name="mfa_index"),
    path(
        "konto/sicherheit/einrichten/",
        signed_in(views.ActivateApp.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "konto/sicherheit/entfernen/",
        signed_in(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path("konto/sicherheit/zeigen/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "konto/ersatzcodes/",
        signed_in(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "konto/ersatzcodes/neu/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
