"""Which pages of the demonstration are photographed, and as whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from matching.models import Assignment, Proposal
from notifications.models import DemoMessage
from pools.models import Membership, Organisation, User
from service_requests.models import ServiceRequest, Status
from tests.browser.screens import Screen
from tests.phone import LINK
from volunteers.models import Volunteer

AMINA = "Amina"


@dataclass(frozen=True)
class Role:
    """Somebody and what she sees; `offer` is an offer for the picture in the README."""

    name: str
    person: User | None
    screens: list[Screen]
    offer: str = ""


def roles() -> list[Role]:
    """Return everybody."""
    return [_visitor(), _volunteer(), _institution(), _coordinator()]


def _named(**names: str) -> list[Screen]:
    return [Screen(name, reverse(url)) for name, url in names.items()]


def _visitor() -> Role:
    form, office, centre = map(reverse, ("join_form", "register_organisation", "centre"))
    return Role(
        "visitor",
        None,
        [
            *_named(start="start", join="join", office="register_organisation"),
            *_named(sign_in="account_login", outbox="demo_outbox", imprint="imprint"),
            *_named(privacy="privacy", accessibility="accessibility", easy="easy_language"),
            *_named(sources="sources"),
            Screen("join_form", f"{form}?wo=35435", is_unfolded=True),
            Screen("office_form", f"{office}?wo=35435"),
            Screen("which_place", f"{form}?wo=giess"),
            Screen("which_centre", f"{form}?wo=35390"),
            Screen("centre", f"{centre}?wo=35435"),
            Screen("no_centre", f"{centre}?wo=34127"),
            Screen("unknown_place", f"{centre}?wo=99999"),
            Screen("not_found", "/gibt-es-nicht/"),
            Screen("unknown_link", "/a/AAAAAAAAAAAAAAAA"),
        ],
    )


def _volunteer() -> Role:
    amina = User.objects.get(given_name=AMINA)
    offers = Proposal.objects.filter(person=amina).order_by("-asked_at")
    held = Assignment.objects.filter(person=amina, cancelled_at=None).order_by("-period")
    links = _links(amina)
    screens = [
        *_named(appointments="my_appointments", times="my_times", details="my_details"),
        *_named(records="my_records"),
        *(Screen(f"link-{number}", path, is_unfolded=True) for number, path in enumerate(links, 1)),
        *(
            Screen(f"offer-{offer.state}", reverse("my_offer", args=[offer.public_id]))
            for offer in offers
        ),
        *(
            Screen(
                f"appointment-{one.service_request.status}",
                reverse("my_appointment", args=[one.public_id]),
                is_unfolded=True,
            )
            for one in held
        ),
    ]
    return Role("volunteer", amina, screens, offer=next(iter(links), ""))


def _links(person: User) -> list[str]:
    """Return the paths of the links a person has been sent, offers first."""
    addresses = person.contacts.values("address")
    texts = DemoMessage.objects.filter(address__in=addresses).values_list("text", flat=True)
    return sorted(f"/{found[1]}/{found[2]}" for text in texts for found in LINK.finditer(text))


def _institution() -> Role:
    busiest = max(Organisation.objects.approved(), key=lambda one: one.requests.count())
    person = Membership.objects.filter(organisation=busiest).earliest("pk").person
    screens = [
        *_named(requests="institution_requests", new="institution_new_request"),
        Screen("filled", f"{reverse('institution_requests')}?zeige=besetzt"),
        Screen("past", f"{reverse('institution_requests')}?zeige=vorbei"),
        Screen("new-unfolded", reverse("institution_new_request"), is_unfolded=True),
    ]
    for status in Status:
        found = busiest.requests.filter(status=status).first()
        if found:
            path = reverse("institution_request", args=[found.public_id])
            screens.append(Screen(f"request-{status}", path, is_unfolded=True))
    return Role("institution", person, screens)


def _coordinator() -> Role:
    membership = Membership.objects.filter(role=Membership.Role.COORDINATOR).earliest("pk")
    pool = membership.pool
    newcomer = Volunteer.objects.filter(pool=pool, status="registered").earliest("pk")
    active = Volunteer.objects.filter(pool=pool, status="approved").earliest("pk")
    office = Organisation.objects.filter(pool=pool).approved().earliest("pk")
    screens = [
        *_named(board="coordinator_board", requests="coordinator_requests"),
        *_named(volunteers="coordinator_volunteers", organisations="coordinator_organisations"),
        *_named(messages="coordinator_messages", rules="coordinator_rules"),
        *_named(new_volunteer="coordinator_new_volunteer", telephone="coordinator_new_request"),
        *_named(security="mfa_index"),
        _of("volunteer", active, is_unfolded=True),
        _of("volunteer", newcomer, name="newcomer"),
        _of("edit_details", active),
        _of("edit_times", active),
        _of("new_record", active),
        Screen("record", f"{_of('new_record', active).path}?type=police_certificate"),
        _of("organisation", office, is_unfolded=True),
    ]
    for status in Status:
        found = ServiceRequest.objects.filter(pool=pool, status=status).first()
        if found:
            screens.append(_of("request", found, name=f"request-{status}", is_unfolded=True))
    return Role("coordinator", membership.person, screens)


def _of(
    view: str,
    what: Volunteer | Organisation | ServiceRequest,
    *,
    name: str = "",
    is_unfolded: bool = False,
) -> Screen:
    path = reverse(f"coordinator_{view}", args=[what.public_id])
    return Screen(name or view, path, is_unfolded)
