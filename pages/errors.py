"""Error pages: one sentence of cause, what to do, an incident number to tell on the telephone."""

from __future__ import annotations

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from pages import telephones

log = logging.getLogger(__name__)
API = "/api/"

TEXTS = {
    400: (
        "Das konnten wir nicht lesen",
        "Die Angaben enthielten Zeichen, die wir nicht annehmen können."
        " Gehen Sie zurück und geben Sie den Text noch einmal ein.",
    ),
    403: (
        "Kein Zugang",
        "Diese Seite ist für Ihr Konto nicht freigegeben."
        " Melden Sie sich mit einem anderen Konto an oder rufen Sie uns an.",
    ),
    404: (
        "Seite nicht gefunden",
        "Diese Seite gibt es nicht oder nicht mehr."
        " Prüfen Sie die Adresse oder gehen Sie zur Startseite.",
    ),
    413: ("Zu viel Text", "Der Text ist zu lang. Kürzen Sie ihn und senden Sie ihn noch einmal."),
    429: ("Zu viele Versuche", "Warten Sie ein paar Minuten. Versuchen Sie es dann noch einmal."),
    500: (
        "Bei uns ist etwas schiefgegangen",
        "Ihre Angaben wurden nicht verarbeitet. Versuchen Sie es in ein paar Minuten noch einmal.",
    ),
    503: (
        "Gerade geht es nicht",
        "Wahrscheinlich wurden Ihre Angaben nicht gespeichert. Sehen Sie in ein paar Minuten nach."
        " Wenn es eilt, rufen Sie an.",
    ),
}
DATABASE_IS_AWAY = (OperationalError, InterfaceError)
"""Stopped, restarting, its disk full: nothing was stored, and soon it may work again."""
TRY_AGAIN_AFTER_S = 60


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page for a status, with an incident number that also stands in the log."""
    incident = secrets.token_hex(4)
    log.warning("error_page", extra={"status": status, "incident": incident})
    title, text = TEXTS[status]
    if request.path.startswith(API):
        return _problem(title, text, incident, status)
    return render(
        request,
        "error.html",
        {"title": title, "text": text, "incident": incident, "status": status},
        status=status,
    )


def _problem(title: str, text: str, incident: str, status: int) -> HttpResponse:
    """Tell a program what a page would tell a person, as the API tells all that went wrong."""
    problem = {
        "type": f"urn:lotsenruf:problem:http-{status}",
        "title": title,
        "status": status,
        "detail": text,
        "incident": incident,
    }
    return JsonResponse(problem, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away; drawn without the database."""
    incident = secrets.token_hex(4)
    status = 503 if isinstance(sys.exception(), DATABASE_IS_AWAY) else 500
    log.error("error_page", extra={"status": status, "incident": incident})
    title, text = TEXTS[status]
    response = (
        _problem(title, text, incident, status)
        if request.path.startswith(API)
        else _plain_page(title, text, incident, status)
    )
    if status == 503:
        response["Retry-After"] = str(TRY_AGAIN_AFTER_S)
    return response


def _plain_page(title: str, text: str, incident: str, status: int) -> HttpResponse:
    context = {"title": title, "text": text, "incident": incident, "status": status}
    centres = telephones.known() if status == 503 else []
    return render(None, "error_plain.html", context | {"centres": centres}, status=status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    return render(
        request,
        "error.html",
        {
            "title": "Bitte noch einmal senden",
            "text": "Die Seite war zu lange offen."
            " Gehen Sie zurück, laden Sie die Seite neu und senden Sie noch einmal.",
            "incident": secrets.token_hex(4),
            "status": 403,
        },
        status=403,
    )
