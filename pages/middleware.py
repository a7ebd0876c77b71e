"""What happens before and after every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from background import trace
from pages.access import Audience, may_open
from pages.errors import error_page
from pools.scoping import scope_of
from pools.second_factor import Owed, owed

# Views of the Django admin cannot declare their audience; its modules are opened as a whole.
LIBRARY_AUDIENCES = {
    "django.contrib.admin.sites": frozenset({Audience.OPERATOR}),
    "django.contrib.admin.options": frozenset({Audience.OPERATOR}),
}
FREE_OF_SECOND_FACTOR = {
    Audience.PUBLIC,
    Audience.LINK,
    Audience.SIGNED_IN_WITHOUT_SECOND_FACTOR,
    Audience.API,  # api.authentication asks for it, and answers programs as they understand
}
GetResponse = Callable[[HttpRequest], HttpResponse]


def traced(get_response: GetResponse) -> GetResponse:
    """Give each request an id that its log lines, its messages and its answer carry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with trace.following() as its_id:
            response = get_response(request)
            response["X-Request-ID"] = its_id
            return response

    return middleware


def refuse_bad_input(get_response: GetResponse) -> GetResponse:
    """Answer NUL bytes, strange encodings and oversized forms with a page, not an exception.

    PostgreSQL cannot store NUL; no name, note or search term has one.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_page(request, 400)
        if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            # «charset=unicode_escape» would make NUL and halves of characters out of plain text.
            request.encoding = "utf-8"
            return error_page(request, 400)
        if request.method == "POST":
            try:
                values = [value for _, held in request.POST.lists() for value in held]
            except (RequestDataTooBig, TooManyFieldsSent):
                return error_page(request, 413)
            if any("\x00" in value for value in values):
                return error_page(request, 400)
        return get_response(request)

    return middleware


def private_headers(get_response: GetResponse) -> GetResponse:
    """Keep pages out of caches, search engines and other people's referrers."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("X-Robots-Tag", "noindex")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


class DefaultDeny:
    """Let a request through to a view only when the view is declared for such a person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = scope_of(request.user)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what is not declared, and whom it is not declared for."""
        scope = request.scope  # type: ignore[attr-defined]
        audiences = getattr(view, "audiences", None) or LIBRARY_AUDIENCES.get(view.__module__)
        if audiences is None:
            raise PermissionDenied("this view declares no audience")
        if may_open(audiences, scope):
            return None if audiences & FREE_OF_SECOND_FACTOR else _second_factor(request)
        if scope.person_id is None:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied("not for this person")


def _second_factor(request: HttpRequest) -> HttpResponse | None:
    """Let those who must have a second factor go on only once this very session has shown it."""
    missing = owed(request, request.scope)  # type: ignore[attr-defined]
    if missing == Owed.SET_UP:
        return redirect("mfa_activate_totp")
    if missing == Owed.SHOWN:
        return redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))
    return None
