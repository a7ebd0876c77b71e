"""Addresses of people as they are read, not as they are stored."""

from __future__ import annotations

import phonenumbers

from notifications.models import Channel, Contact


def readable(contact: Contact) -> str:
    """Return «0171 3920078» or the e-mail address."""
    if contact.channel != Channel.SMS:
        return contact.address
    try:
        number = phonenumbers.parse(contact.address)
    except phonenumbers.NumberParseException:
        return contact.address
    is_german = number.country_code == phonenumbers.country_code_for_region("DE")
    style = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, style.NATIONAL if is_german else style.INTERNATIONAL)
    )
