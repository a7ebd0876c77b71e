"""Addresses of this part; `service_requests.telling.page_address` writes the second one."""

from __future__ import annotations

from django.urls import path

from pages.institution import changing, ending, following, new_request

urlpatterns = [
    path("anfragen/", following.requests, name="institution_requests"),
    path("anfragen/<uuid:public_id>/", following.detail, name="institution_request"),
    path("anfragen/neu/", new_request.new_request, name="institution_new_request"),
    path("anfragen/<uuid:public_id>/zurueckziehen/", ending.withdraw, name="withdraw_request"),
    path("anfragen/<uuid:public_id>/absagen/", ending.cancel, name="cancel_request"),
    path("anfragen/<uuid:public_id>/aendern/", changing.change, name="change_request"),
    path("anfragen/<uuid:public_id>/bestaetigen/", ending.confirm, name="confirm_request"),
]
