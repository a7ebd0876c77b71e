"""Links of every kind in the hands of people, and all the ways in which one is not right."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.test import Client

from background.clock import now
from matching.models import Assignment, Proposal
from notifications import letters, links
from notifications.models import Channel, Contact, Link, LinkPurpose
from pools.models import Pool, User
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.proofs.people import proposal_for
from volunteers.models import Volunteer

PATHS = {"offer": "/a/{}", "confirmation": "/b/{}", "unsubscribe": "/webhooks/abmelden/{}/"}
PRESSED = {
    "offer": ("yes", "no", "undo", "cancel", "coming", "stand_by"),
    "confirmation": ("took_place", "client_absent"),
    "unsubscribe": ("One-Click",),
}
FIRST_PRESS = {
    "offer": {"action": "no", "reason": "decline_no_time"},
    "confirmation": {"outcome": "took_place", "minutes": "60"},
    "unsubscribe": {"List-Unsubscribe": "One-Click"},
}
LATER = timedelta(days=30)


@dataclass(frozen=True)
class Token:
    """A link in somebody's hand, and what was pressed on it already, if anything was."""

    kind: str
    plain: str
    pressed: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """Return its address."""
        return PATHS[self.kind].format(self.plain)


@dataclass(frozen=True)
class Hands:
    """The links that count, those that count no more, and the browser that said yes."""

    good: list[Token]
    over: list[Token]
    foreign: list[Token]
    yes_path: str
    yes_cookie: tuple[str, str]
    street: str


def in_hands(n: int) -> Hands:
    """Return n links of each kind in each state, over two pools."""
    good, over, foreign = [], [], []
    for number in range(n):
        pool = builders.a_pool("06531" if number % 2 else "06534")
        volunteer = builders.a_volunteer(pool)
        offered = _offer(pool, volunteer)
        held = _held_yesterday(pool, volunteer)
        mailbox = builders.a_contact(volunteer.person, channel=Channel.EMAIL)
        targets = [
            ("offer", LinkPurpose.OFFER, volunteer.person, offered.public_id),
            ("confirmation", LinkPurpose.CONFIRMATION, volunteer.person, held.public_id),
            (
                "confirmation",
                LinkPurpose.CONFIRMATION,
                held.service_request.posted_by,
                held.public_id,
            ),
        ]
        for kind, purpose, person, target in targets:
            good.append(Token(kind, _issued(pool, purpose, person, target, now() + LATER)))
            over.append(Token(kind, _issued(pool, purpose, person, target, now())))
            over.append(
                _revoked(Token(kind, _issued(pool, purpose, person, target, now() + LATER)))
            )
            # Right for one kind of page, and for no other.
            other = "confirmation" if kind == "offer" else "offer"
            foreign.append(Token(other, good[-1].plain))
            # Of somebody else, or signed by somebody else.
            stranger = builders.a_person()
            not_hers = _issued(pool, LinkPurpose.OFFER, stranger, target, now() + LATER)
            foreign.append(Token("offer", not_hers))
            foreign.append(Token(kind, links.new_token()))
        good.append(Token("unsubscribe", _way_out(mailbox)))
        for salt, key in (("notifications.unsubscribe", "another key"), ("elsewhere", None)):
            signer = signing.Signer(salt=salt, **({"key": key} if key else {}))
            foreign.append(Token("unsubscribe", signer.sign(str(mailbox.public_id))))
        good += _said_already(pool, volunteer)
    return Hands(good, over, foreign, *_a_yes())


def _offer(pool: Pool, volunteer: Volunteer, *, days: int = 3, street: str = "Weg 1") -> Proposal:
    service_request = builders.a_request(
        pool, starts_at=now() + timedelta(days=days), look_again_at=None, address=street
    )
    proposal = proposal_for(service_request, volunteer)
    proposal.save()
    return proposal


def _held_yesterday(pool: Pool, volunteer: Volunteer) -> Assignment:
    """Return an appointment that has taken place and was confirmed by nobody yet."""
    start = now() - timedelta(days=1)
    service_request = builders.a_request(pool, starts_at=start, look_again_at=None)
    return _held(service_request, volunteer)


def _held(service_request: ServiceRequest, volunteer: Volunteer) -> Assignment:
    proposal = proposal_for(service_request, volunteer)
    proposal.state = Proposal.State.ACCEPTED
    proposal.save()
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=Status.CONFIRMED)
    return Assignment.objects.create(
        pool=service_request.pool,
        service_request=service_request,
        volunteer=volunteer,
        volunteer_pool=volunteer.pool,
        person=volunteer.person,
        language=proposal.language,
        proposal=proposal,
        period=service_request.period,
        mode="on_site",
        accepted_via="link",
        undo_until=service_request.period.lower,
    )


def _issued(pool: Pool, purpose: str, person: User, target: UUID, until: datetime) -> str:
    return links.issue(purpose, person=person, pool=pool, target=target, expires_at=until)


def _revoked(token: Token) -> Token:
    Link.objects.filter(digest=links.digest(token.plain)).update(revoked_at=now())
    return token


def _said_already(pool: Pool, volunteer: Volunteer) -> list[Token]:
    """Return a link of each kind, on which somebody has pressed."""
    asked = _offer(pool, volunteer, days=9).public_id
    start = now() - timedelta(days=2)
    held = _held(builders.a_request(pool, starts_at=start, look_again_at=None), volunteer).public_id
    mailbox = builders.a_contact(builders.a_person(), channel=Channel.EMAIL)
    until = now() + LATER
    return [
        _pressed("offer", _issued(pool, LinkPurpose.OFFER, volunteer.person, asked, until)),
        _pressed(
            "confirmation", _issued(pool, LinkPurpose.CONFIRMATION, volunteer.person, held, until)
        ),
        _pressed("unsubscribe", _way_out(mailbox)),
    ]


def _pressed(kind: str, plain: str) -> Token:
    token = Token(kind, plain, tuple(FIRST_PRESS[kind].items()))
    Client().post(token.path, FIRST_PRESS[kind])
    return token


def _way_out(mailbox: Contact) -> str:
    return letters.unsubscribe_address(mailbox).rstrip("/").rpartition("/")[2]


def _a_yes() -> tuple[str, tuple[str, str], str]:
    """Return the link of somebody who said yes, the cookie she got for it, and the street."""
    street = "Rosenweg 17"
    pool = builders.a_pool()
    volunteer = builders.a_volunteer(pool)
    proposal = _offer(pool, volunteer, street=street)
    plain = _issued(pool, LinkPurpose.OFFER, volunteer.person, proposal.public_id, now() + LATER)
    browser = Client()
    browser.post(f"/a/{plain}", {"action": "yes"})
    [name] = [name for name in browser.cookies if name.startswith("zusage-")]
    return f"/a/{plain}", (name, browser.cookies[name].value), street


# Ways to spoil a text; each may by accident give the same again, which spoiled() looks at.
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _one_character(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(ALPHABET) + text[at + 1 :]


def _one_bit(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << dice.randrange(7))) + text[at + 1 :]


def _two_change_places(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _cut(text: str, dice: random.Random) -> str:
    return text[: dice.randrange(1, len(text))]


def _longer(text: str, dice: random.Random) -> str:
    more = dice.choice(["A", "=", ".", "/", "%", "\n", " ", "\x00", "…", text, ":", "_" * 300])
    return text + more if dice.random() < 0.5 else more + text


def _other_case(text: str, dice: random.Random) -> str:
    return text.swapcase()


SPOILING: list[Callable[[str, random.Random], str]] = [
    _one_character,
    _one_bit,
    _two_change_places,
    _cut,
    _longer,
    _other_case,
]


def spoiled(text: str, dice: random.Random) -> str:
    """Return a text that is nearly this one."""
    while (other := dice.choice(SPOILING)(text, dice)) == text:
        pass
    return other
