"""Where something takes place: what somebody typed, the municipality, the area that answers for it.

Places are known to the postcode, never to the street. Keys of municipalities and areas are those
of a day: on 1 January 2026 Hanau left the Main-Kinzig-Kreis and got a new one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.contrib.gis.geos import Point
from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Length

from reference.folding import LONGEST_SEARCH, search_key, with_two_letters_exchanged
from reference.models import Area, Municipality, Postcode

ALIKE = 0.4
"""Of the trigrams of both spellings, the share they have in common; «Giesen» has 0.67."""

IN_HESSE = "06"
LIKELIER = 0.1  # added to the likeness of a place in Hesse: here a typing error is likelier

_POSTCODE = re.compile("[0-9]{5}")
_AGS = re.compile("[0-9]{8}")
_SMS_NAME = re.compile("[A-Za-zÄÖÜäöüß0-9 ()./-]{1,22}")


class PlaceError(ValueError):
    """The place is not settled: ask again."""


class UnknownPostcode(PlaceError):
    """No such postcode; those of large customers are in no source."""


class AmbiguousPlace(PlaceError):
    """The postcode lies in several municipalities, or not in the one given: ask which."""

    def __init__(self, postcode: Postcode, choices: list[Municipality]) -> None:
        super().__init__(postcode.code)
        self.postcode = postcode
        self.choices = choices


@dataclass(frozen=True)
class Place:
    """A settled place; without municipality and area it lies outside Hesse."""

    postcode: Postcode
    municipality: Municipality | None
    area: Area | None
    point: Point

    @property
    def name_sms(self) -> str:
        """At most 22 GSM-7 characters; outside Hesse the postcode, with its name if that fits."""
        if self.municipality:
            return self.municipality.name_sms
        full = str(self.postcode)
        return full if _SMS_NAME.fullmatch(full) else self.postcode.code


def find_places(text: str, limit: int = 8) -> list[Postcode]:
    """Return postcodes that begin with the digits, else places so named, then places alike.

    Within the named ones Hesse comes first; when one is there, those alike are left out.
    """
    key = search_key(text)
    if not key:
        return []
    if digits := re.search("[0-9]+", key):
        return list(Postcode.objects.filter(code__startswith=digits[0])[:limit])
    named = _named(key, limit)
    if any(postcode.kreis_key.startswith(IN_HESSE) for postcode in named):
        return named
    guessed = _slipped(key, limit) or _alike(key, limit)
    return list(dict.fromkeys([*named[: limit // 2], *guessed]))[:limit]


def municipalities_of(postcode: str, on: date) -> list[Municipality]:
    """Return those it may lie in, under their keys of that day, the usual one first.

    None for a postcode that is unknown or outside Hesse.
    """
    code = _code(postcode)
    current = Municipality.objects.filter(postcodes=code).order_by("postcodemunicipality__position")
    return [then for now in current if (then := _on_that_day(now, on))] if code else []


def area_of(ags: str, on: date) -> Area | None:
    """Return the area that answers for a municipality on that day: the longest key prefix wins.

    The key may be the one of another time. None outside Hesse.
    """
    if not _AGS.fullmatch(ags):
        return None
    municipality = Municipality.objects.filter(ags=ags).first()
    then = _on_that_day(municipality, on) if municipality else None
    key = then.ags if then else ags
    prefixes = [key[:length] for length in range(2, len(key) + 1)]
    areas = Area.objects.filter(key__in=prefixes, valid__contains=on)
    return areas.order_by(Length("key").desc()).first()


def areas_of(postcode: str, on: date) -> list[Area]:
    """Return every area the postcode may lie in, that of the usual municipality first."""
    areas = (area_of(municipality.ags, on) for municipality in municipalities_of(postcode, on))
    return list(dict.fromkeys(area for area in areas if area))


def resolve(postcode: str, ags: str | None, on: date) -> Place:
    """Settle a place, or raise UnknownPostcode, or AmbiguousPlace with the choices to offer.

    A municipality that is given must be one of the choices, under its key of any time; outside
    Hesse there are none and it is not looked at.
    """
    code = _code(postcode)
    found = Postcode.objects.filter(code=code).first() if code else None
    if found is None:
        raise UnknownPostcode(postcode[:20])
    choices = municipalities_of(found.code, on)
    if not choices:
        return Place(found, None, None, found.point)
    municipality = _chosen(choices, ags, on)
    if municipality is None:
        raise AmbiguousPlace(found, choices)
    return Place(found, municipality, area_of(municipality.ags, on), found.point)


def _code(postcode: str) -> str | None:
    if len(postcode) > LONGEST_SEARCH:
        return None
    code = postcode.strip()
    return code if _POSTCODE.fullmatch(code) else None


def _chosen(choices: list[Municipality], ags: str | None, on: date) -> Municipality | None:
    if not ags:
        return choices[0] if len(choices) == 1 else None
    if not _AGS.fullmatch(ags):
        return None
    given = Municipality.objects.filter(ags=ags).first()
    then = _on_that_day(given, on) if given else None
    return then if then in choices else None


def _on_that_day(municipality: Municipality, on: date) -> Municipality | None:
    """The same place under its key of that day, or None if it had none."""
    found: Municipality | None = municipality
    while found and found.valid.upper and found.valid.upper <= on:
        found = found.successor
    while found and found.valid.lower and found.valid.lower > on:
        found = Municipality.objects.filter(successor=found).order_by("ags").first()
    return found


def _named(key: str, limit: int) -> list[Postcode]:
    """The whole name, its beginning, the beginning of a later word; within each Hesse first."""
    rank = Case(
        When(folded_places__contains=f"|{key}|", then=Value(0)),
        When(folded_places__contains=f"|{key}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    begins = Q(folded_places__contains=f"|{key}") | Q(folded_places__contains=f" {key}")
    named = Postcode.objects.filter(begins).annotate(rank=rank, elsewhere=_elsewhere())
    return list(named.order_by("rank", "elsewhere", "code")[:limit])


def _slipped(key: str, limit: int) -> list[Postcode]:
    meant = Q(pk__in=[])
    for slip in with_two_letters_exchanged(key):
        meant |= Q(folded_places__contains=f"|{slip}|")
    return list(
        Postcode.objects.filter(meant)
        .annotate(elsewhere=_elsewhere())
        .order_by("elsewhere", "code")[:limit]
    )


def _alike(key: str, limit: int) -> list[Postcode]:
    likeness = TrigramStrictWordSimilarity(key, "folded_places")
    alike = Postcode.objects.annotate(likeness=likeness).filter(likeness__gte=ALIKE)
    ranked = alike.annotate(elsewhere=_elsewhere())
    return list(ranked.order_by(F("elsewhere") * LIKELIER - F("likeness"), "code")[:limit])


def _elsewhere() -> Case:
    """0 in Hesse, 1 outside."""
    return Case(
        When(kreis_key__startswith=IN_HESSE, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
