"""Addresses of the API; objects are named by their public ids."""

from __future__ import annotations

from django.urls import URLPattern, path

from api.assignments import endpoints as assignments
from api.coordination import endpoints as coordination
from api.describing import SchemaEndpoint
from api.me import endpoints as me
from api.me import own
from api.offers import endpoints as offers
from api.organisations import endpoints as organisations
from api.reference import endpoints as reference
from api.requests import endpoints as requests
from api.telling import endpoints as telling

V1 = "v1/"
REQUEST = f"{V1}requests/<uuid:public_id>/"
OFFER = f"{V1}offers/<uuid:public_id>/"
ASSIGNMENT = f"{V1}assignments/<uuid:public_id>/"

own_patterns = [
    path(f"{V1}me/", me.Me.as_view(), name="api_me"),
    path(f"{V1}me/details/", own.Details.as_view(), name="api_my_details"),
    path(f"{V1}me/times/", own.Times.as_view(), name="api_my_times"),
    path(f"{V1}me/absences/", own.Absences.as_view(), name="api_my_absences"),
    path(f"{V1}me/absences/<uuid:public_id>/", own.OneAbsence.as_view(), name="api_my_absence"),
]
organisation_patterns = [
    path(f"{V1}organisations/", organisations.Organisations.as_view(), name="api_organisations"),
    path(
        f"{V1}organisations/<uuid:public_id>/",
        organisations.OneOrganisation.as_view(),
        name="api_organisation",
    ),
]
reference_patterns = [
    path(f"{V1}reference/languages/", reference.Languages.as_view(), name="api_languages"),
    path(f"{V1}reference/settings/", reference.Settings.as_view(), name="api_settings"),
    path(f"{V1}reference/topics/", reference.Topics.as_view(), name="api_topics"),
    path(f"{V1}reference/reasons/", reference.Reasons.as_view(), name="api_reasons"),
    path(f"{V1}reference/places/", reference.Places.as_view(), name="api_places"),
]
WEBHOOK = f"{V1}webhooks/<uuid:public_id>/"
webhook_patterns = [
    path(f"{V1}webhooks/", telling.Webhooks.as_view(), name="api_webhooks"),
    path(WEBHOOK, telling.OneWebhook.as_view(), name="api_webhook"),
    path(f"{WEBHOOK}resume/", telling.ResumeWebhook.as_view(), name="api_resume_webhook"),
    path(f"{WEBHOOK}deliveries/", telling.Deliveries.as_view(), name="api_deliveries"),
]
coordination_patterns = [
    path(
        f"{V1}coordination/requests/",
        coordination.CoordinationRequests.as_view(),
        name="api_coordination_requests",
    ),
    path(
        f"{V1}coordination/volunteers/",
        coordination.CoordinationVolunteers.as_view(),
        name="api_coordination_volunteers",
    ),
    path(
        f"{V1}coordination/organisations/",
        coordination.CoordinationOrganisations.as_view(),
        name="api_coordination_organisations",
    ),
]
urlpatterns: list[URLPattern] = [
    path("schema/", SchemaEndpoint.as_view(), name="api_schema"),
    path(f"{V1}requests/", requests.Requests.as_view(), name="api_requests"),
    path(REQUEST, requests.OneRequest.as_view(), name="api_request"),
    path(f"{REQUEST}withdraw/", requests.WithdrawRequest.as_view(), name="api_withdraw_request"),
    path(f"{REQUEST}cancel/", requests.CancelRequest.as_view(), name="api_cancel_request"),
    path(f"{V1}offers/", offers.Offers.as_view(), name="api_offers"),
    path(OFFER, offers.OneOffer.as_view(), name="api_offer"),
    path(f"{OFFER}accept/", offers.AcceptOffer.as_view(), name="api_accept_offer"),
    path(f"{OFFER}decline/", offers.DeclineOffer.as_view(), name="api_decline_offer"),
    path(f"{OFFER}stand-by/", offers.StandBy.as_view(), name="api_stand_by"),
    path(f"{V1}assignments/", assignments.Assignments.as_view(), name="api_assignments"),
    path(ASSIGNMENT, assignments.OneAssignment.as_view(), name="api_assignment"),
    path(
        f"{ASSIGNMENT}cancel/",
        assignments.CancelAssignment.as_view(),
        name="api_cancel_assignment",
    ),
    path(f"{ASSIGNMENT}undo/", assignments.UndoAssignment.as_view(), name="api_undo_assignment"),
    *own_patterns,
    *organisation_patterns,
    *reference_patterns,
    *coordination_patterns,
    *webhook_patterns,
]
