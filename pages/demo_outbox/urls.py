"""The address of this part; elsewhere than in the demonstration it answers 404."""

from __future__ import annotations

from django.urls import path

from pages.demo_outbox.views import outbox

urlpatterns = [path("vorfuehrung/nachrichten/", outbox, name="demo_outbox")]
