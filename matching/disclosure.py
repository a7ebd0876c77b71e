"""What a volunteer may know of an appointment before the yes, and what is added after it.

Pages and API show it from here, so that neither tells more than the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from matching.models import Assignment, Proposal
from reference.models import SettingClass
from reference.places import area_of
from service_requests.models import ServiceRequest
from volunteers.models import Mode


def place_before_the_yes(service_request: ServiceRequest, mode: str) -> str:
    """Return the municipality; of a hidden place only the area."""
    if mode == Mode.PHONE:
        return "am Telefon"
    if mode == Mode.VIDEO:
        return "per Video"
    return municipality_or_area(service_request)


def municipality_or_area(service_request: ServiceRequest) -> str:
    """Return where it is, as far as somebody may know who has not said yes."""
    municipality = service_request.municipality
    if service_request.is_hidden_place:
        if municipality is None:
            return "Deutschland"  # outside Hesse there are no areas
        area = area_of(municipality.ags, service_request.period.lower.date())
        return area.name if area else "Hessen"
    if municipality is None:
        return service_request.postcode.places.split(",")[0] or service_request.postcode.code
    return municipality.name


def setting_label(service_request: ServiceRequest) -> str:
    """Return the kind of place, in its neutral form where the place is hidden or sensitive."""
    setting = service_request.setting
    is_sensitive = setting.setting_class == SettingClass.SENSITIVE
    if service_request.is_hidden_place or is_sensitive:
        return setting.label_sms
    return setting.label_de


def distance_km(holder: Proposal | Assignment) -> int | None:
    """Return how far the person has to go, rounded; of a hidden place nothing."""
    proposal = holder.proposal if isinstance(holder, Assignment) else holder
    if proposal is None or proposal.distance_m is None or holder.mode != Mode.ON_SITE:
        return None
    if holder.service_request.is_hidden_place:
        return None
    return max(1, round(proposal.distance_m / 1000))


@dataclass(frozen=True)
class Address:
    """What is known only after the yes."""

    organisation: str
    street: str
    town: str
    contact_name: str
    contact_phone: str
    note: str


def address_of(assignment: Assignment) -> Address:
    """Return where to go and whom to ask for; without a street when it is not on site."""
    service_request = assignment.service_request
    is_on_site = assignment.mode == Mode.ON_SITE
    municipality = service_request.municipality
    town = municipality.name if municipality else service_request.postcode.places.split(",")[0]
    return Address(
        organisation=service_request.organisation.name,
        street=service_request.address if is_on_site else "",
        town=f"{service_request.postcode.code} {town}".strip() if is_on_site else "",
        contact_name=service_request.contact_name,
        contact_phone=service_request.contact_phone,
        note=service_request.note,
    )
