"""The way out of e-mails: a mail program posts to it (RFC 8058), people press a button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import letters


def _unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop messages to a mailbox; opening the address changes nothing (mail scanners do).

    No session is used; the signature in the address is the key, so CSRF has nothing to protect.
    """
    contact = letters.mailbox_of(token)
    if contact is None:
        return render(request, "webhooks/unsubscribe.html", {"is_unknown": True}, status=404)
    if request.method == "POST":
        letters.unsubscribe(contact)
    context = {"is_done": request.method == "POST"}
    return render(request, "webhooks/unsubscribe.html", context)


unsubscribe: Any = csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(_unsubscribe))
unsubscribe.audiences = frozenset({"public"})
