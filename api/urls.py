"""Addresses of the API; objects are named by their public ids."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.describing import SchemaEndpoint
from api.me import endpoints as me

V1 = "v1/"

urlpatterns: list[URLPattern] = [
    path("schema/", SchemaEndpoint.as_view(), name="api_schema"),
    path(f"{V1}me/", me.Me.as_view(), name="api_me"),
]
