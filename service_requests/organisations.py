"""How a requesting institution gets in: it registers, a coordinator decides.

Organisations are rows of `pools`; the verbs live here because they store addresses and write
messages, which `pools` (below `notifications`) cannot.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from background.clock import now
from notifications import contacts, outbox
from notifications.models import Channel, Contact, MessageClass
from pools.memberships import end_membership, join_organisation
from pools.models import Membership, Organisation, Pool, User
from pools.plain_text import checked
from reference.models import Setting
from reference.places import Place

NEWS_FOR = dt.timedelta(days=5)


@transaction.atomic
def register_organisation(
    *,
    pool: Pool,
    name: str,
    setting: Setting,
    place: Place,
    phone: str,
    given_name: str,
    family_name: str,
    email: str,
    address: str = "",
    is_hidden_place: bool = False,
    person: User | None = None,
) -> Organisation:
    """Make an institution that waits for the coordinator, with its first caseworker.

    `person` is whoever is signed in. Without one this is always a new person, whatever the
    address is: the answer never tells whether an address is known.
    """
    texts = checked(Organisation, name=name, address=address, phone=phone)
    organisation = Organisation.objects.create(
        pool=pool,
        setting=setting,
        postcode=place.postcode,
        municipality=place.municipality,
        point=place.point,
        is_hidden_place=is_hidden_place,
        **texts,
    )
    add_caseworker(
        organisation, given_name=given_name, family_name=family_name, email=email, person=person
    )
    _tell(organisation, "organisation_received")
    return organisation


@transaction.atomic
def add_caseworker(
    organisation: Organisation,
    *,
    given_name: str,
    family_name: str,
    email: str,
    person: User | None = None,
) -> Membership:
    """Let somebody post for the institution; without `person` this is a new one."""
    names = checked(User, given_name=given_name, family_name=family_name)
    email = contacts.normalise_email(email)
    person = person or User.objects.create_user(**names)
    contacts.add_contact(person, channel=Channel.EMAIL, address=email)
    return join_organisation(organisation, person=person)


@transaction.atomic
def approve_organisation(organisation: Organisation, *, by: User) -> bool:
    """Let the institution post; False when it already may.

    A caseworker whose address somebody else has proved to be hers makes place for that person:
    signing in with the address leads there.
    """
    if not _decide(organisation, Organisation.Status.APPROVED, by=by):
        return False
    for membership in _caseworkers(organisation):
        _give_to_who_proved_the_address(membership, organisation)
    _tell(organisation, "organisation_approved")
    return True


@transaction.atomic
def refuse_organisation(organisation: Organisation, *, by: User, reason: str = "") -> bool:
    """Decline the institution; False when it was declined before."""
    if not _decide(organisation, Organisation.Status.REFUSED, by=by):
        return False
    _tell(organisation, "organisation_refused", grund=" ".join(reason.split())[:250])
    return True


def suspend_organisation(organisation: Organisation, *, by: User) -> bool:
    """Let the institution post no more; what it has posted goes on. False when already so."""
    return _decide(organisation, Organisation.Status.SUSPENDED, by=by)


def _decide(organisation: Organisation, status: Organisation.Status, *, by: User) -> bool:
    changed = (
        Organisation.objects.filter(pk=organisation.pk)
        .exclude(status=status)
        .update(status=status, decided_at=now(), decided_by=by)
    )
    if changed:
        organisation.refresh_from_db()
    return bool(changed)


def _caseworkers(organisation: Organisation) -> list[Membership]:
    current = Membership.objects.current().filter(organisation=organisation)
    return list(current.select_related("person").order_by("pk"))


def _give_to_who_proved_the_address(membership: Membership, organisation: Organisation) -> None:
    own = Contact.objects.filter(person=membership.person_id, closed_at__isnull=True)
    if own.filter(verified_at__isnull=False).exists():
        return
    proved = Contact.objects.filter(
        channel=Channel.EMAIL,
        address__in=own.filter(channel=Channel.EMAIL).values("address"),
        verified_at__isnull=False,
        closed_at__isnull=True,
        person__is_active=True,
    ).first()
    if proved is None:
        return
    end_membership(membership)
    join_organisation(organisation, person=proved.person)


def _tell(organisation: Organisation, template: str, **extra: str) -> None:
    for membership in _caseworkers(organisation):
        outbox.write(
            membership.person,
            pool=organisation.pool,
            template=template,
            parameters={
                "stelle": organisation.name,
                "link": f"{settings.PUBLIC_URL}/anfragen/",
                **extra,
            },
            message_class=MessageClass.NEWS,
            about=[f"organisation:{organisation.public_id}"],
            step=template,
            not_after=now() + NEWS_FOR,
        )
