"""What all webhooks have in common: a signature instead of a session, and an answer at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
View = Callable[..., HttpResponse]
Check = Callable[[str, QueryDict, Any], bool]


def signed_by(is_signed: Check) -> Callable[[View], View]:
    """Let only forms through that the provider signed for their public address.

    What is refused is logged without its body; a database that is away is said so (503), and the
    poll makes up for it. CSRF does not apply: there is no session, and the signature is the key.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _length(request) > LARGEST_BODY:
                return HttpResponse(status=413)
            if not is_signed(_public_address(request), request.POST, request.headers):
                log.warning("webhook_refused", extra={"view": view.__name__})
                return HttpResponse(status=403)
            try:
                return view(request, *args, **kwargs)
            except DatabaseError:
                log.exception("webhook_not_stored", extra={"view": view.__name__})
                return HttpResponse(status=503)

        declared: Any = csrf_exempt(require_POST(checked))
        declared.audiences = frozenset({"public"})  # pages.access.Audience, which is not below us
        return declared  # type: ignore[no-any-return]

    return wrap


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LARGEST_BODY + 1


def _public_address(request: HttpRequest) -> str:
    """Return the address the provider called: ours from the settings, whatever the proxy did."""
    query = request.META.get("QUERY_STRING", "")
    return f"{settings.PUBLIC_URL}{request.path}{query and '?'}{query}"
