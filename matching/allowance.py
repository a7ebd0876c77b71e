"""What a volunteer gets for an appointment, in words, when the pool's rule is simple."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from pools import rules
from pools.models import Pool
from service_requests.models import Kind

UNITS = {
    "per_assignment": "pauschal für den Einsatz",
    "per_hour": "für jede Stunde",
    "per_started_hour": "für jede angefangene Stunde",
}


def allowance_text(pool: Pool, kind: str, on: dt.date) -> str:
    """Return «20 Euro pauschal für den Einsatz», or nothing where the rule is not that simple.

    A rate that a coordinator has yet to confirm is not promised to anybody.
    """
    if rules.rule(pool, "allowance.verify_before_use", on) == rules.YES:
        return ""
    role = "guide" if kind == Kind.GUIDE else "interpreter"
    parts = rules.rule_list(pool, f"allowance.{role}", on)
    if len(parts) < len(("amount", "currency", "unit")) or parts[1] != "EUR":
        return ""
    try:
        amount = Decimal(parts[0])
    except InvalidOperation:
        return ""
    unit = UNITS.get(parts[2])
    return f"{_euros(amount)} Euro {unit}" if unit else ""


def _euros(amount: Decimal) -> str:
    return f"{amount:.0f}" if amount == int(amount) else f"{amount:.2f}".replace(".", ",")
