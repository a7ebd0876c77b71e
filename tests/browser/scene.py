"""A pool in the middle of its work: something in every state, and what each role sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from background.clock import now
from matching import replies
from matching.models import Assignment, Proposal
from notifications.links import issue
from notifications.models import LinkPurpose
from pools.models import Organisation, Pool, User
from reporting import records
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.phone import heartbeat
from volunteers.models import Volunteer

LONG_NAME = "Beratungsstelle für Familien, Schwangere und Alleinerziehende Mittelhessen"


@dataclass(frozen=True)
class Scene:
    """The people, and the addresses of what they see."""

    volunteer: User
    caseworker: User
    coordinator: User
    pages: dict[str, list[str]]


def a_busy_pool() -> Scene:
    """Build it: asked, taken, over, confirmed, refused, waiting."""
    pool = builders.a_pool()
    coordinator = builders.a_coordinator(pool)
    office = builders.an_organisation(pool, setting="social_advice", name=LONG_NAME)
    builders.an_organisation(pool, status=Organisation.Status.REGISTERED)
    caseworker = builders.a_caseworker(office)
    amal = builders.a_volunteer(pool, speaks=["prs", "ar"])
    other = builders.a_volunteer(pool)
    builders.a_volunteer(
        pool,
        speaks="ti",
        status=Volunteer.Status.REGISTERED,
        records=[],
        interpreting_unlocked_at=None,
        guiding_unlocked_at=None,
    )
    requests = _requests(office, caseworker)
    heartbeat()
    _answers(amal, other, requests)
    return Scene(
        amal.person,
        caseworker,
        coordinator,
        {
            "visitor": _of_visitors(pool),
            "volunteer": _of_volunteers(amal, requests),
            "caseworker": _of_caseworkers(requests),
            "coordinator": _of_coordinators(amal, office, requests),
        },
    )


def _requests(office: Organisation, caseworker: User) -> dict[str, ServiceRequest]:
    def a_request(hours: float, **more: object) -> ServiceRequest:
        return builders.a_request(
            organisation=office,
            posted_by=caseworker,
            starts_at=now() + timedelta(hours=hours),
            address="Licher Straße 74",
            note="Bitte am Eingang klingeln und in den zweiten Stock kommen.",
            **more,
        )

    return {
        "open": a_request(5),
        "yours": a_request(9),
        "taken": a_request(13),
        "declined": a_request(17),
        "over": a_request(1),
        "submitted": a_request(60, status=Status.SUBMITTED, look_again_at=None),
        "not_filled": a_request(70, status=Status.NOT_FILLED, look_again_at=None),
        "unknown": a_request(80, language="ti", variety="Asmara"),
    }


def _answers(amal: Volunteer, other: Volunteer, requests: dict[str, ServiceRequest]) -> None:
    def offer(key: str, *, to: Volunteer = amal) -> Proposal:
        return _offer(requests[key], to)

    replies.accept(offer("yours"), via="link")
    replies.accept(offer("taken", to=other), via="link")
    replies.decline(offer("declined"))
    over = replies.accept(offer("over"), via="link").assignment
    assert over is not None
    begins = now() - timedelta(hours=3)
    Assignment.objects.filter(pk=over.pk).update(period=(begins, begins + timedelta(hours=1)))
    requests["over"].period = (begins, begins + timedelta(hours=1))
    requests["over"].save(update_fields=["period"])
    records.sweep()


def _offer(service_request: ServiceRequest, volunteer: Volunteer) -> Proposal:
    offer, _ = Proposal.objects.get_or_create(
        service_request=service_request,
        volunteer=volunteer,
        defaults={
            "pool": service_request.pool,
            "volunteer_pool": volunteer.pool,
            "person": volunteer.person,
            "language": service_request.language,
            "mode": "on_site",
            "probability": 0.3,
            "distance_m": 4200,
        },
    )
    return offer


def _of_visitors(pool: Pool) -> list[str]:
    names = ("start", "join", "imprint", "privacy", "accessibility", "easy_language", "sources")
    where, form, office = reverse("centre"), reverse("join_form"), reverse("register_organisation")
    return [
        *map(reverse, names),
        reverse("account_login"),
        *(f"{where}?wo={text}" for text in ("35390", "giess", "10115", "99999", "34127")),
        f"{form}?wo=35390",
        office,
        f"{office}?wo=35390",
        "/gibt-es-nicht/",
        "/a/AAAAAAAAAAAAAAAA",
    ]


def _of_volunteers(amal: Volunteer, requests: dict[str, ServiceRequest]) -> list[str]:
    names = ("my_appointments", "my_times", "my_details", "my_records")
    held = {key: Assignment.objects.filter(service_request=one) for key, one in requests.items()}
    return [
        *map(reverse, names),
        *(_link(requests[key], amal) for key in ("open", "yours", "taken", "declined", "over")),
        *(reverse("my_appointment", args=[held[key].get().public_id]) for key in ("yours", "over")),
        reverse("my_offer", args=[_offer(requests["open"], amal).public_id]),
        reverse("confirm_my_appointment", args=[held["over"].get().public_id]),
        reverse("mfa_index"),
    ]


def _link(service_request: ServiceRequest, volunteer: Volunteer) -> str:
    token = issue(
        LinkPurpose.OFFER,
        person=volunteer.person,
        pool=volunteer.pool,
        target=_offer(service_request, volunteer).public_id,
        expires_at=now() + timedelta(days=3),
    )
    return reverse("offer", args=[token])


def _of_caseworkers(requests: dict[str, ServiceRequest]) -> list[str]:
    listing = reverse("institution_requests")
    return [
        *(f"{listing}?zeige={tab}" for tab in ("offen", "besetzt", "vorbei")),
        reverse("institution_new_request"),
        f"{reverse('institution_new_request')}?wie={requests['unknown'].public_id}",
        *_each("institution_request", requests, ("open", "yours", "over", "submitted")),
        *_each("institution_request", requests, ("not_filled",)),
        *_each("confirm_request", requests, ("over",)),
    ]


def _of_coordinators(
    amal: Volunteer, office: Organisation, requests: dict[str, ServiceRequest]
) -> list[str]:
    names = (
        "board",
        "requests",
        "new_request",
        "volunteers",
        "new_volunteer",
        "organisations",
        "messages",
        "rules",
    )
    record = reverse("coordinator_new_record", args=[amal.public_id])
    return [
        *(reverse(f"coordinator_{name}") for name in names),
        f"{reverse('coordinator_new_volunteer')}?wo=35390",
        *_each("coordinator_request", requests, ("open", "yours", "over", "submitted", "unknown")),
        *(
            reverse(f"coordinator_{name}", args=[amal.public_id])
            for name in ("volunteer", "edit_details", "edit_times")
        ),
        reverse(
            "coordinator_volunteer",
            args=[Volunteer.objects.get(status=Volunteer.Status.REGISTERED).public_id],
        ),
        record,
        f"{record}?type=police_certificate",
        f"{record}?type=language_c1",
        reverse("coordinator_organisation", args=[office.public_id]),
    ]


def _each(name: str, requests: dict[str, ServiceRequest], keys: Iterable[str]) -> Iterable[str]:
    return [reverse(name, args=[requests[key].public_id]) for key in keys]
