"""What a volunteer presses on an offer: each button is one verb, then the page as it stands now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDictKeyError

from background.clock import now
from matching import assignments, coming, replies, standing, undoing
from matching.models import Assignment, Proposal
from pages.volunteer.yes_cookie import remember_yes, remembered
from reference.models import Reason

DOUBLE_CLICK_S = 60
PRESS_IS_KEPT_S = (
    2 * DOUBLE_CLICK_S
)  # longer, so that no later browser takes the place of the first
SEE_OTHER = 303
NOT_LOST = "Das hat nicht geklappt. Ihre Antwort ist nicht verloren. Tippen Sie noch einmal."
UNDO_TOO_LATE = "Rückgängig geht nicht mehr. Sie können den Einsatz noch absagen."
TOO_LATE_TO_CANCEL = "Der Einsatz hat schon begonnen. Rufen Sie Ihre Koordination an."
ONE_TAP_REASONS = (
    ("decline_no_time", "Keine Zeit"),
    ("decline_too_far", "Zu weit"),
    ("decline_topic", "Das Thema möchte ich nicht"),
    ("decline_knows_person", "Ich kenne die Person"),
    ("decline_other", "Anderer Grund"),
)


def answer(request: HttpRequest, proposal: Proposal, *, via: str, back: str) -> HttpResponse:
    """Do what was pressed and lead back to the page, which then says how it stands.

    The redirect makes a reload and the back button harmless.
    """
    response = HttpResponseRedirect(back)
    response.status_code = SEE_OTHER
    try:
        press = _BUTTONS[request.POST["action"]]
    except (KeyError, MultiValueDictKeyError):
        return response
    press(request, response, proposal, via)
    return response


def _yes(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    # Before the yes, because the second press of a double click may be answered first.
    cache.add(_pressed(proposal), _browser(request), PRESS_IS_KEPT_S)
    said = replies.accept(proposal, via=via)
    if said.assignment is not None:
        if said.kind is replies.Kind.ACCEPTED:
            cache.set(_pressed(proposal), _browser(request), PRESS_IS_KEPT_S)
        if _no_other_browser_said_yes(request, said.assignment) and (
            said.kind is replies.Kind.ACCEPTED
            or _is_double_click(request, proposal, said.assignment)
        ):
            remember_yes(response, said.assignment)
        return
    proposal.refresh_from_db()
    if standing.of_offer(proposal).kind is standing.Kind.OPEN:
        messages.error(request, NOT_LOST)


def _no_other_browser_said_yes(request: HttpRequest, assignment: Assignment) -> bool:
    """Return whether nobody said yes to this before, or this browser did.

    Else somebody with a forwarded link could take the yes back, press it anew and read on.
    """
    earlier = Assignment.objects.filter(
        service_request=assignment.service_request_id, person=assignment.person_id
    ).exclude(pk=assignment.pk)
    ids = {str(public_id) for public_id in earlier.values_list("public_id", flat=True)}
    return not ids or remembered(request, assignment) in ids


def _is_double_click(request: HttpRequest, proposal: Proposal, assignment: Assignment) -> bool:
    """The browser throws the first answer away, cookie and all, when a button is pressed twice."""
    is_fresh = now() - assignment.accepted_at < timedelta(seconds=DOUBLE_CLICK_S)
    browser = _browser(request)
    return is_fresh and bool(browser) and cache.get(_pressed(proposal)) == browser


def _pressed(proposal: Proposal) -> str:
    return f"yes-{proposal.public_id}"


def _browser(request: HttpRequest) -> str:
    """Return what tells one browser from another: a digest of its CSRF secret."""
    secret = request.META.get("CSRF_COOKIE", "")
    return salted_hmac("pages.volunteer.answering", secret).hexdigest() if secret else ""


def _no(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    code = request.POST.get("reason", "")
    replies.decline(proposal, reason=_reason("decline", code))


def _undo(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    held = _held(proposal)
    if held is not None and not undoing.undo(held):
        messages.error(request, UNDO_TOO_LATE)


def _stand_by(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    replies.stand_by(proposal)


def _cancel(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    held = _held(proposal)
    if held is not None:
        cancel(request, held)


def _coming(request: HttpRequest, response: HttpResponse, proposal: Proposal, via: str) -> None:
    held = _held(proposal)
    if held is not None:
        coming.confirm_coming(held)


def cancel(request: HttpRequest, assignment: Assignment) -> None:
    """Let the volunteer out, with the reason she chose, if she chose one."""
    reason = _reason("cancel_by_volunteer", request.POST.get("reason", ""))
    done = assignments.cancel_by_volunteer(assignment, reason=reason)
    if not done and assignment.period.lower <= now():
        messages.error(request, TOO_LATE_TO_CANCEL)


def _held(proposal: Proposal) -> Assignment | None:
    """Return the appointment this person holds for the request, whichever offer it came from."""
    return (
        Assignment.objects.active()
        .filter(service_request=proposal.service_request_id, person=proposal.person_id)
        .select_related("service_request__pool", "person", "pool", "proposal")
        .first()
    )


def _reason(kind: str, code: str) -> Reason | None:
    return Reason.objects.filter(kind=kind, code=code).first()


_BUTTONS: dict[str, Callable[[HttpRequest, HttpResponse, Proposal, str], None]] = {
    "yes": _yes,
    "no": _no,
    "undo": _undo,
    "stand_by": _stand_by,
    "cancel": _cancel,
    "coming": _coming,
}
