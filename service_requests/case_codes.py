"""The code an institution chooses for a client: a keyed hash of it is kept, to count by.

The programme pays for so many appointments per client; without a name there is no other way to
know how many there were.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import unicodedata
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from pools.models import Pool
from pools.rules import rule, rule_int
from service_requests.findings import Finding, for_coordinator, hint
from service_requests.models import Kind, ServiceRequest, Status

LONGEST = 40
TOO_LONG = f"Die Fallkennung hat höchstens {LONGEST} Zeichen. Kürzen Sie sie."
NOT_COUNTED = (
    Status.DRAFT,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.CANCELLED,
    Status.NOT_FILLED,
    Status.DID_NOT_TAKE_PLACE,
)


def digest(pool: Pool, code: str) -> str:
    """Return the keyed hash over pool and code, «» without a code.

    Case, blanks and punctuation do not matter: «AB-12» and «ab 12» are one client.
    """
    letters = unicodedata.normalize("NFKC", code).casefold()
    plain = "".join(letter for letter in letters if letter.isalnum())
    if not plain:
        return ""
    message = f"{pool.public_id}:{plain}".encode()
    return hmac.new(settings.CASE_CODE_KEY.encode(), message, hashlib.sha256).hexdigest()


def count(pool: Pool, case_digest: str) -> int:
    """Return how many interpreted appointments a case has had or will have in the pool."""
    requests = ServiceRequest.objects.filter(
        pool=pool, case_digest=case_digest, kind=Kind.INTERPRET
    )
    return requests.exclude(status__in=NOT_COUNTED).count()


def cap_findings(pool: Pool, code: str, on: dt.date) -> Iterator[Finding]:
    """Say when a case nears or reaches the cap of the pool (rules `cap.case_*`).

    Holds the case until the transaction ends, so that two posts at once are both counted.
    """
    case_digest = digest(pool, code)
    cap = rule_int(pool, "cap.case_assignments", on, default=0)
    if not (case_digest and cap):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [case_digest])
    used = count(pool, case_digest)
    if used >= cap:
        text = f"Für diese Fallkennung gab es schon {used} von {cap} Einsätzen."
        if rule(pool, "cap.case_policy", on) == "hint_only":
            yield hint("case_code", "case_cap", text)
        else:
            decides = f"{text} Die Koordination entscheidet."
            yield for_coordinator("case_code", "case_cap", decides)
    elif used + 1 >= rule_int(pool, "cap.case_warn_at", on, default=cap):
        text = f"Das ist Einsatz {used + 1} von {cap} für diese Fallkennung."
        yield hint("case_code", "case_warn", text)
