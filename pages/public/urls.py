"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from pages.public import registering, views

urlpatterns = [
    path("", views.start, name="start"),
    path("zentrum/", views.centre, name="centre"),
    path("mitmachen/", registering.join, name="join"),
    path("mitmachen/eintragen/", registering.join_form, name="join_form"),
    path("mitmachen/danke/", registering.joined, name="joined"),
    path("stelle-anmelden/", registering.organisation_form, name="register_organisation"),
    path(
        "stelle-anmelden/danke/",
        registering.organisation_registered,
        name="organisation_registered",
    ),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("leichte-sprache/", views.easy_language, name="easy_language"),
    path("quellen/", views.sources, name="sources"),
]
