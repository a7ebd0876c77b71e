"""Addresses of people: written one way only, verified, stopped, closed."""

from __future__ import annotations

import datetime as dt

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from background.clock import now
from notifications.models import Channel, Contact
from pools.models import Membership, Organisation, User

COUNTRY = "DE"
LONGEST_ADDRESS = 254

_NO_PHONE = (
    "Diese Telefonnummer kennen wir nicht. Geben Sie sie mit Vorwahl an, zum Beispiel 0171 1234567."
)
_NO_MOBILE = (
    "An eine Festnetz-Nummer können wir keine SMS schicken. "
    "Geben Sie eine Handy-Nummer oder eine E-Mail-Adresse an."
)
_NO_EMAIL = (
    "Diese E-Mail-Adresse ist nicht vollständig. Sie sieht so aus: name@beispiel.de. "
    "Prüfen Sie die Schreibweise."
)
_TAKEN = (
    "Diese Adresse gehört schon zu einer anderen Person. Melden Sie sich mit ihr an "
    "oder geben Sie eine andere an."
)


def normalise_phone(text: str) -> str:
    """Return the number as E.164; without a country code it is taken as German.

    Raises ValidationError at `phone`.
    """
    return phonenumbers.format_number(_number(text), phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str:
    """Return the address in lower case; raises ValidationError at `email`."""
    address = text.strip().lower()
    try:
        EmailValidator()(address)
    except ValidationError:
        raise ValidationError({"email": _NO_EMAIL}) from None
    if len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise ValidationError({"email": _NO_EMAIL})
    return address


def add_contact(
    person: User, *, channel: str, address: str, rank: int = 1, consented: bool = True
) -> Contact:
    """Return the person's contact with this address, new or known; not yet verified.

    Giving an address again opens it again if it was dead; consenting again ends a STOP.
    Without consent nothing but sign-in codes goes there. Raises ValidationError.
    """
    address = _mobile(address) if channel == Channel.SMS else normalise_email(address)
    contact, _ = Contact.objects.get_or_create(person=person, channel=channel, address=address)
    contact.rank = rank
    contact.closed_at = None
    if consented:
        contact.stopped_at = None
        contact.consented_at = contact.consented_at or now()
    try:
        with transaction.atomic():
            contact.save(update_fields=["rank", "closed_at", "stopped_at", "consented_at"])
    except IntegrityError:  # it was verified once, died, and belongs to somebody else by now
        raise ValidationError({_field(channel): _TAKEN}) from None
    return contact


def verify(contact: Contact, *, by: User | None = None) -> None:
    """Note that the address is the person's: a code came back, or a coordinator (`by`) says so.

    Raises ValidationError when another person has verified the same address.
    """
    try:
        with transaction.atomic():
            Contact.objects.filter(pk=contact.pk, verified_at__isnull=True).update(
                verified_at=now(), verified_by=by
            )
    except IntegrityError:
        raise ValidationError({_field(contact.channel): _TAKEN}) from None
    contact.refresh_from_db(fields=["verified_at", "verified_by"])


def for_sign_in(address: str) -> Contact | None:
    """Return the contact whose person may sign in with this address, None if there is none.

    Verified comes first, then who belongs to a pool or an approved organisation, then who was
    first. Somebody who has proved another address never signs in with one she has not proved:
    else a stranger could enter a victim's address and wait for the victim's own code to prove it.
    """
    try:
        if "@" in address:
            channel, address = Channel.EMAIL, normalise_email(address)
        else:
            channel, address = Channel.SMS, normalise_phone(address)
    except ValidationError:
        return None
    membership = Membership.objects.filter(person=OuterRef("person"), ended_at__isnull=True).filter(
        Q(organisation__isnull=True) | Q(organisation__status=Organisation.Status.APPROVED)
    )
    proved = Contact.objects.filter(
        person=OuterRef("person"), verified_at__isnull=False, closed_at__isnull=True
    )
    return (
        Contact.objects.filter(
            channel=channel, address=address, closed_at__isnull=True, person__is_active=True
        )
        .exclude(Q(verified_at__isnull=True) & Exists(proved))
        .select_related("person")
        .order_by(F("verified_at").asc(nulls_last=True), Exists(membership).desc(), "pk")
        .first()
    )


def usable(person: User) -> list[Contact]:
    """Return where the person may be written to, the preferred address first."""
    return list(
        reachable(Contact.objects.filter(person=person, person__is_active=True)).order_by(
            "rank", "pk"
        )
    )


def reachable(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """Keep contacts with consent that were neither stopped nor closed."""
    return contacts.filter(
        consented_at__isnull=False, stopped_at__isnull=True, closed_at__isnull=True
    )


def has_stopped(person: User, address: str) -> bool:
    """Return whether the person wrote STOP from this address: only she ends that."""
    known = normalise_email(address) if "@" in address else normalise_phone(address)
    return Contact.objects.filter(person=person, address=known, stopped_at__isnull=False).exists()


def stop(contact: Contact) -> None:
    """Write to no contact with this address any more: the person said STOP."""
    _same_address(contact).filter(stopped_at__isnull=True).update(stopped_at=now())


def resume(contact: Contact) -> None:
    """Write again: the person said START, or switched messages on again."""
    _same_address(contact).update(stopped_at=None)


def close(contact: Contact) -> None:
    """Note that nothing arrives at this address any more; the person must give another."""
    _same_address(contact).filter(closed_at__isnull=True).update(closed_at=now())


def set_quiet_hours(person: User, *, begins: dt.time, ends: dt.time) -> None:
    """Send nothing between these times to any address of the person; the same time twice: always.

    Sign-in codes are exempt, and urgent offers where the person allows it.
    """
    Contact.objects.filter(person=person).update(quiet_from=begins, quiet_until=ends)


def _same_address(contact: Contact) -> QuerySet[Contact]:
    # Two people may share a telephone; what its network says is true for both.
    return Contact.objects.filter(channel=contact.channel, address=contact.address)


def _number(text: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text.strip()[:40], COUNTRY)
    except phonenumbers.NumberParseException:
        raise ValidationError({"phone": _NO_PHONE}) from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError({"phone": _NO_PHONE})
    return number


def _mobile(text: str) -> str:
    if phonenumbers.number_type(_number(text)) == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise ValidationError({"phone": _NO_MOBILE})
    return normalise_phone(text)


def _field(channel: str) -> str:
    return "phone" if channel == Channel.SMS else "email"
