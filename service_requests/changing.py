"""A request whose time or place changes: checked like a new one, and stored with its event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from pools.models import User
from pools.plain_text import checked
from pools.rules import Verdict, required_records
from reference.places import Place
from service_requests import lifecycle
from service_requests.checks import findings
from service_requests.models import ServiceRequest
from service_requests.slots import Slot, inform_at
from service_requests.wish import Wish

CASE = "case_code"
FOR_THE_COORDINATION = "Diese Änderung muss Ihre Koordination machen. Rufen Sie an: {phone}."


@dataclass(frozen=True)
class Change:
    """When and where it is to be from now on, and whom to ask for there."""

    period: Slot
    place: Place
    address: str
    contact_name: str
    contact_phone: str


@transaction.atomic
def change(
    service_request: ServiceRequest, wanted: Change, *, by: User, by_coordinator: bool
) -> frozenset[str]:
    """Store the change and its event; return what of «time», «place» and «contact» is different.

    Empty, and nothing written, if nothing is. Raises ValidationError with what the pool refuses,
    at its fields. Whoever holds or was asked for the appointment is the caller's matter.
    """
    texts = _accepted(service_request, wanted, by=by, by_coordinator=by_coordinator)
    columns: dict[str, Any] = {
        "period": wanted.period,
        "postcode": wanted.place.postcode,
        "municipality": wanted.place.municipality,
        "point": wanted.place.point,
    } | texts
    what = _what(service_request, columns)
    if not what:
        return what
    columns["required_records"] = required_records(
        service_request.pool,
        kind=service_request.kind,
        setting=service_request.setting,
        minors_present=service_request.minors_present,
        on=wanted.period[0].astimezone(service_request.pool.zone).date(),
    )
    if "time" in what:
        columns |= {"inform_at": inform_at(wanted.period[0], now()), "informed_at": None}
    ServiceRequest.objects.filter(pk=service_request.pk).update(**columns)
    service_request.refresh_from_db()
    lifecycle.write_event(service_request, "changed", by=by, detail={"what": sorted(what)})
    return what


def _what(service_request: ServiceRequest, columns: dict[str, Any]) -> frozenset[str]:
    period = service_request.period
    return frozenset(
        name
        for name, differs in {
            "time": (period.lower, period.upper) != columns["period"],
            "place": service_request.postcode_id != columns["postcode"].pk
            or service_request.municipality != columns["municipality"]
            or service_request.address != columns["address"],
            "contact": service_request.contact_name != columns["contact_name"]
            or service_request.contact_phone != columns["contact_phone"],
        }.items()
        if differs
    )


def _accepted(
    service_request: ServiceRequest, wanted: Change, *, by: User, by_coordinator: bool
) -> dict[str, str]:
    """Return the texts as they are stored; raises with everything that is refused."""
    wish = Wish(
        organisation=service_request.organisation,
        posted_by=by,
        kind=service_request.kind,
        language=service_request.language,
        modes=service_request.modes,
        period=wanted.period,
        setting=service_request.setting,
        place=wanted.place,
        variety=service_request.variety,
        topic=service_request.topic,
        address=wanted.address,
        contact_name=wanted.contact_name,
        contact_phone=wanted.contact_phone,
        professional_present=service_request.professional_present,
        gender_wish=service_request.gender_wish,
        gender_must=service_request.gender_must,
        minors_present=service_request.minors_present,
        name_warning_accepted=True,  # was looked at when it was posted
        by_coordinator=by_coordinator,
    )
    errors: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    try:
        texts = checked(
            ServiceRequest,
            address=wanted.address or wish.organisation.address,
            contact_name=wanted.contact_name or service_request.contact_name,
            contact_phone=wanted.contact_phone or wish.organisation.phone,
        )
    except ValidationError as error:
        errors = error.message_dict
    for finding in findings(wish, now()):
        # The case was counted when it was posted; only its digest is known here.
        if finding.code == CASE or finding.field == CASE or finding.field in errors:
            continue
        if finding.verdict == Verdict.REFUSED:
            errors[finding.field] = [finding.text]
        elif finding.verdict == Verdict.COORDINATOR and finding.field in ("period", "postcode"):
            errors[finding.field] = [FOR_THE_COORDINATION.format(phone=wish.pool.phone)]
    if errors:
        raise ValidationError(dict(errors))
    return texts
