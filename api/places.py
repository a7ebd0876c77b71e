"""A place as a program names it: a postcode and, where that is not enough, a municipality."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from background.clock import now
from reference.places import AmbiguousPlace, Place, UnknownPostcode, resolve

UNKNOWN = "Diese Postleitzahl kennen wir nicht. Sie hat 5 Ziffern."
WHICH = "Diese Postleitzahl gehört zu mehreren Orten. Nennen Sie einen davon: {choices}."


def settle(postcode: str, ags: str) -> Place:
    """Return the place; raises ValidationError at `postcode` or `municipality`, with the choice."""
    try:
        return resolve(postcode, ags or None, localdate(now()))
    except UnknownPostcode:
        raise ValidationError({"postcode": UNKNOWN}) from None
    except AmbiguousPlace as error:
        choices = ", ".join(f"{choice.ags} ({choice.name})" for choice in error.choices)
        raise ValidationError({"municipality": WHICH.format(choices=choices)}) from None
