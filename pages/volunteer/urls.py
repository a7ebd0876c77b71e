"""Addresses of this part; those of links are short because they stand in SMS."""

from __future__ import annotations

from django.urls import path

from pages.volunteer import appointments, confirmation, details, offer, times, why

urlpatterns = [
    path("a/<str:token>", offer.offer, name="offer"),
    path("b/<str:token>", confirmation.confirmation, name="confirmation"),
    path("meine-einsaetze/", appointments.my_appointments, name="my_appointments"),
    path("meine-einsaetze/anfrage/<uuid:public_id>/", offer.my_offer, name="my_offer"),
    path("meine-einsaetze/<uuid:public_id>/", appointments.my_appointment, name="my_appointment"),
    path(
        "meine-einsaetze/<uuid:public_id>/absagen/",
        appointments.cancel_my_appointment,
        name="cancel_my_appointment",
    ),
    path(
        "meine-einsaetze/<uuid:public_id>/bestaetigen/",
        appointments.confirm_my_appointment,
        name="confirm_my_appointment",
    ),
    path("meine-zeiten/", times.my_times, name="my_times"),
    path("meine-zeiten/pause/", times.pause, name="begin_pause"),
    path("meine-zeiten/pause/beenden/", times.resume, name="end_pause"),
    path("meine-zeiten/abwesend/", times.add_absence, name="add_absence"),
    path(
        "meine-zeiten/abwesend/<uuid:public_id>/entfernen/",
        times.remove_absence,
        name="remove_absence",
    ),
    path("meine-angaben/", details.my_details, name="my_details"),
    path("meine-angaben/orte/", details.add_place, name="add_place"),
    path("meine-angaben/orte/<str:ags>/entfernen/", details.remove_place, name="remove_place"),
    path("meine-nachweise/", details.my_records, name="my_records"),
    path("meine-anfragen/warum/", why.why_not_me, name="why_not_me"),
]
