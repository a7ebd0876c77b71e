"""All addresses of pages, each part in its own module."""

from __future__ import annotations

from django.urls import include, path

from pages import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("pages.public.urls")),
    path("", include("pages.sign_in.urls")),
    path("", include("pages.programs.urls")),
    path("", include("pages.volunteer.urls")),
    path("", include("pages.institution.urls")),
    path("", include("pages.coordinator.urls")),
    path("", include("pages.demo_outbox.urls")),
]
