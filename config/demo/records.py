"""Which records a volunteer of the demonstration holds: what her pool asks for, and some more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from config.demo.calendar import today
from config.demo.plans import Plan
from pools.models import Pool
from pools.rules import required_groups
from reference.models import Language, QualificationType
from volunteers.qualifications import POLICE, proposed_until

EXTENDED = "police_certificate_extended"
NOT_YET = frozenset({EXTENDED, "basic_interpreting", "basic_guide"})


@dataclass(frozen=True)
class Record:
    """One record as it will be kept."""

    type: QualificationType
    language: Language | None
    since: dt.date
    until: dt.date | None

    @property
    def is_police(self) -> bool:
        """Whether it is a criminal-record certificate."""
        return self.type.code in POLICE

    @property
    def units(self) -> int | None:
        """Return the teaching units, of what is kept with them."""
        is_seen = self.type.storage == QualificationType.Storage.SEEN_NOT_STORED
        return None if is_seen else self.type.units_default


def records_of(plan: Plan, pool: Pool) -> list[Record]:
    """Return her records; who is not unlocked yet lacks the important ones."""
    codes = {code for role in plan.roles for code in _asked_for(pool, role)} | plan.modules
    codes = {EXTENDED if code in POLICE else code for code in codes}
    if plan.state == "locked":
        codes -= NOT_YET
    made = []
    for code in sorted(codes):
        type_ = _types()[code]
        languages = plan.languages if type_.is_per_language else [None]
        until = _until(plan, type_)
        made += [
            Record(type_, _language(spoken) if spoken else None, plan.since, until)
            for spoken in languages
        ]
    return made


def _until(plan: Plan, type_: QualificationType) -> dt.date | None:
    """Some certificates end soon, so that there is something to remind of."""
    until = proposed_until(type_, plan.since)
    return until.replace(year=plan.since.year + 2) if until and plan.number % 25 == 3 else until


@cache
def _asked_for(pool: Pool, role: str) -> frozenset[str]:
    return frozenset(group[0] for group in required_groups(pool, kind=role, on=today()))


@cache
def _types() -> dict[str, QualificationType]:
    return {row.code: row for row in QualificationType.objects.all()}


@cache
def _language(code: str) -> Language:
    return Language.objects.get(code=code)
