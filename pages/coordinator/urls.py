"""Addresses of this part."""

from __future__ import annotations

from django.urls import URLPattern, path

from pages.coordinator import (
    board,
    messages,
    new_volunteer,
    organisations,
    records,
    replies,
    request_steps,
    requests,
    rules,
    sending_again,
    volunteer_edit,
    volunteer_steps,
    volunteers,
)

REQUEST = "koordination/anfragen/<uuid:public_id>/"
VOLUNTEER = "koordination/freiwillige/<uuid:public_id>/"
ORGANISATION = "koordination/stellen/<uuid:public_id>/"
MESSAGE = "koordination/nachrichten/<uuid:message_id>/"

request_patterns = [
    path("koordination/anfragen/", requests.listing, name="coordinator_requests"),
    path("koordination/anfragen/neu/", organisations.new_request, name="coordinator_new_request"),
    path(REQUEST, requests.detail, name="coordinator_request"),
    path(f"{REQUEST}fragen/", request_steps.ask, name="coordinator_ask"),
    path(f"{REQUEST}naechste/", request_steps.ask_next, name="coordinator_ask_next"),
    path(f"{REQUEST}zusage/", request_steps.assign, name="coordinator_assign"),
    path(
        f"{REQUEST}vorschlaege/<uuid:proposal_id>/zurueckholen/",
        request_steps.retract,
        name="coordinator_retract",
    ),
    path(f"{REQUEST}freigeben/", request_steps.release, name="coordinator_release"),
    path(f"{REQUEST}ablehnen/", request_steps.reject, name="coordinator_reject"),
    path(f"{REQUEST}aufgeben/", request_steps.give_up, name="coordinator_give_up"),
    path(f"{REQUEST}zurueckziehen/", request_steps.withdraw, name="coordinator_withdraw"),
    path(f"{REQUEST}absagen/", request_steps.cancel, name="coordinator_cancel"),
    path(f"{REQUEST}kommt-nicht/", request_steps.let_go, name="coordinator_let_go"),
    path(f"{REQUEST}widerspruch/", request_steps.decide_dispute, name="coordinator_decide_dispute"),
]
volunteer_patterns = [
    path("koordination/freiwillige/", volunteers.listing, name="coordinator_volunteers"),
    path(
        "koordination/freiwillige/neu/",
        new_volunteer.new_volunteer,
        name="coordinator_new_volunteer",
    ),
    path(VOLUNTEER, volunteers.detail, name="coordinator_volunteer"),
    path(f"{VOLUNTEER}angaben/", volunteer_edit.details, name="coordinator_edit_details"),
    path(f"{VOLUNTEER}zeiten/", volunteer_edit.times, name="coordinator_edit_times"),
    path(f"{VOLUNTEER}abwesend/", volunteer_edit.add_absence, name="coordinator_add_absence"),
    path(
        f"{VOLUNTEER}abwesend/<uuid:absence>/entfernen/",
        volunteer_edit.remove_absence,
        name="coordinator_remove_absence",
    ),
    path(f"{VOLUNTEER}aufnehmen/", volunteer_steps.approve, name="coordinator_approve_volunteer"),
    path(f"{VOLUNTEER}ablehnen/", volunteer_steps.refuse, name="coordinator_refuse_volunteer"),
    path(f"{VOLUNTEER}ausgeschieden/", volunteer_steps.leave, name="coordinator_volunteer_left"),
    path(
        f"{VOLUNTEER}freischalten/<slug:role>/", volunteer_steps.unlock, name="coordinator_unlock"
    ),
    path(f"{VOLUNTEER}sperren/<slug:role>/", volunteer_steps.lock, name="coordinator_lock"),
    path(
        f"{VOLUNTEER}kontakte/<uuid:contact>/geprueft/",
        volunteer_steps.verify_contact,
        name="coordinator_verify_contact",
    ),
    path(f"{VOLUNTEER}pause/", volunteer_steps.pause, name="coordinator_pause"),
    path(f"{VOLUNTEER}weiter/", volunteer_steps.resume, name="coordinator_resume"),
    path(f"{VOLUNTEER}notizen/", volunteer_steps.notes, name="coordinator_volunteer_notes"),
    path(f"{VOLUNTEER}nachweise/neu/", records.new, name="coordinator_new_record"),
    path(
        f"{VOLUNTEER}nachweise/<uuid:record>/zuruecknehmen/",
        records.revoke,
        name="coordinator_revoke_record",
    ),
]
organisation_patterns = [
    path("koordination/stellen/", organisations.listing, name="coordinator_organisations"),
    path(ORGANISATION, organisations.detail, name="coordinator_organisation"),
    path(
        f"{ORGANISATION}freigeben/", organisations.approve, name="coordinator_approve_organisation"
    ),
    path(f"{ORGANISATION}ablehnen/", organisations.refuse, name="coordinator_refuse_organisation"),
    path(f"{ORGANISATION}sperren/", organisations.suspend, name="coordinator_suspend_organisation"),
    path(f"{ORGANISATION}personen/", organisations.add_member, name="coordinator_add_member"),
    path(
        f"{ORGANISATION}personen/<uuid:membership>/beenden/",
        organisations.end_member,
        name="coordinator_end_member",
    ),
]
urlpatterns: list[URLPattern] = [
    path("koordination/", board.board, name="coordinator_board"),
    path("koordination/nachrichten/", messages.listing, name="coordinator_messages"),
    path("koordination/antworten/", replies.listing, name="coordinator_replies"),
    path(
        "koordination/antworten/<uuid:public_id>/gelesen/",
        replies.read,
        name="coordinator_read_reply",
    ),
    path(MESSAGE, messages.detail, name="coordinator_message"),
    path(f"{MESSAGE}erledigt/", messages.see_to, name="coordinator_see_to_message"),
    path(f"{MESSAGE}noch-einmal/", sending_again.send_again, name="coordinator_send_again"),
    path("koordination/regeln/", rules.listing, name="coordinator_rules"),
    *request_patterns,
    *volunteer_patterns,
    *organisation_patterns,
]
