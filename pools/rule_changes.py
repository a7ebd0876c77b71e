"""How a coordinator changes a rule: from a day on, never backwards."""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from pools.models import Pool, Rule
from pools.plain_text import checked
from reference.models import PresetRule, Setting

OF_A_SETTING = re.compile(
    r"setting\.(?P<code>[a-z_]+)\.(interpreting|guidance)(?P<waiver>\.no_unlock_needed)?"
)
LARGEST = 10_000
VERDICTS = ("allowed", "coordinator", "refused")


@transaction.atomic
def set_rule(pool: Pool, *, name: str, value: str, since: dt.date) -> Rule:
    """Let a value hold from that day on; what held before keeps its days, later changes go."""
    _refuse_unknown(name, value)
    texts = checked(Rule, name=name, value=value)
    Pool.objects.select_for_update().get(pk=pool.pk)  # two coordinators take turns
    own = Rule.objects.filter(pool=pool, name=name)
    own.filter(valid__startswith__gte=since).delete()
    for earlier in own.filter(valid__contains=since):
        earlier.valid = DateRange(earlier.valid.lower, since)
        earlier.save(update_fields=["valid"])
    return Rule.objects.create(pool=pool, valid=DateRange(since, None), **texts)


def _refuse_unknown(name: str, value: str) -> None:
    of_a_setting = OF_A_SETTING.fullmatch(name)
    if of_a_setting is None:
        if not PresetRule.objects.filter(rule=name).exists():
            raise ValidationError({"name": f"Die Regel «{name[:60]}» gibt es nicht."})
        least = 1 if name.startswith("wave.") else 0
        if value.isdecimal() and not least <= int(value) <= LARGEST:
            text = f"Tragen Sie eine Zahl von {least} bis {LARGEST} ein."
            raise ValidationError({"value": text})
        return
    if not Setting.objects.filter(code=of_a_setting["code"]).exists():
        raise ValidationError({"name": "Diese Art von Stelle gibt es nicht."})
    allowed = ("yes", "no") if of_a_setting["waiver"] else VERDICTS
    if value not in allowed:
        raise ValidationError({"value": f"Möglich sind hier nur: {', '.join(allowed)}."})
