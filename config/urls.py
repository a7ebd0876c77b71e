"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from pages.access import Audience, audience

# Nobody has a password: the admin's own sign-in gives way to ours.
to_our_sign_in = audience(Audience.PUBLIC)(
    RedirectView.as_view(pattern_name="account_login", query_string=True)
)

urlpatterns = [
    path("", include("pages.urls")),
    path("api/", include("api.urls")),
    path("webhooks/", include("api.webhooks.urls")),
    path("verwaltung/login/", to_our_sign_in),
    path("verwaltung/", admin.site.urls),
]

handler400 = "pages.errors.bad_request"
handler403 = "pages.errors.forbidden"
handler404 = "pages.errors.not_found"
handler500 = "pages.errors.server_error"
