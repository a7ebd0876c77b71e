"""An appointment in words, as a volunteer is offered it or holds it."""

from __future__ import annotations

from dataclasses import dataclass

from matching.allowance import allowance_text
from matching.disclosure import (
    address_of,
    distance_km,
    municipality_or_area,
    place_before_the_yes,
    setting_label,
)
from matching.models import Assignment, Proposal
from matching.telling import topic_for_messages
from pages import when
from reference.models import ANY_LANGUAGE, Language
from service_requests.models import Kind

__all__ = ["Facts", "address_of", "facts_of", "municipality_or_area"]


@dataclass(frozen=True)
class Facts:
    """An appointment in words; of a hidden place only the area, and no distance."""

    is_guidance: bool
    language: Language | None
    wanted: str
    variety: str
    when: str
    minutes: int
    place: str
    distance_km: int | None
    setting: str
    topic: str
    allowance: str
    alternatives: list[str]
    minors_present: bool

    @property
    def title(self) -> str:
        """Return «Dolmetschen: Dari», «Begleitung» or «Begleitung: Arabisch»."""
        what = "Begleitung" if self.is_guidance else "Dolmetschen"
        return f"{what}: {self.language.name_de}" if self.language else what


def facts_of(holder: Proposal | Assignment) -> Facts:
    """Return the facts as this person is offered them, or holds them."""
    service_request = holder.service_request
    pool = service_request.pool
    period = holder.period if isinstance(holder, Assignment) else service_request.period
    wanted = service_request.language
    language = None if holder.language.code == ANY_LANGUAGE else holder.language
    is_other = bool(wanted and language and wanted.pk != language.pk)
    return Facts(
        is_guidance=service_request.kind == Kind.GUIDE,
        language=language,
        wanted=wanted.name_de if wanted and is_other else "",
        variety="" if is_other else service_request.variety,
        when=when.period(period, pool.zone),
        minutes=when.minutes(period),
        place=place_before_the_yes(service_request, holder.mode),
        distance_km=distance_km(holder),
        setting=setting_label(service_request),
        topic=topic_for_messages(service_request),
        allowance=allowance_text(
            pool, service_request.kind, period.lower.astimezone(pool.zone).date()
        ),
        alternatives=[
            when.period(slot.period, pool.zone)
            for slot in service_request.alternatives.order_by("period")
        ],
        minors_present=service_request.minors_present,
    )
