"""All addresses of pages, each part in its own module."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("pages.public.urls")),
    path("", include("pages.sign_in.urls")),
    path("", include("pages.volunteer.urls")),
    path("", include("pages.institution.urls")),
    path("", include("pages.coordinator.urls")),
    path("", include("pages.demo_outbox.urls")),
]
