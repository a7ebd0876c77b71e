"""Addresses of this part."""

from __future__ import annotations

from django.urls import path

from pages.programs import views

urlpatterns = [
    path("konto/programme/", views.programs, name="programs"),
    path("konto/programme/<uuid:public_id>/sperren/", views.revoke, name="revoke_program"),
]
