"""From «Wo?» to a place and the pool that answers for it, by GET alone and without JavaScript.

`wo` is what somebody typed; `plz`, `ort` (municipality key) and `zentrum` (pool) settle it.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from background.clock import now
from pages.place import UNKNOWN, municipality_choices
from pages.rendering import UNPROCESSABLE, page
from pools.models import Pool
from pools.responsibility import pools_for_place
from reference.folding import LONGEST_SEARCH
from reference.models import Area, Postcode
from reference.places import (
    AmbiguousPlace,
    Place,
    UnknownPostcode,
    find_places,
    resolve,
)

MOST_PLACES = 12
NO_SUCH_PLACE = (
    "Diesen Ort finden wir nicht. Prüfen Sie die Schreibweise oder geben Sie die Postleitzahl ein."
)
WHICH_PLACE = "Wählen Sie aus, welchen Ort Sie meinen."


@dataclass(frozen=True)
class Where:
    """A settled place and the pool that somebody there turns to."""

    place: Place
    pool: Pool

    @property
    def query(self) -> str:
        """Return what another address needs so that it need not ask again."""
        return urlencode({**_settled(self.place), "zentrum": self.pool.slug})


@dataclass(frozen=True)
class Choice:
    """One answer to the question where: a link that carries what is settled so far."""

    label: str
    settled: dict[str, str]

    @property
    def query(self) -> str:
        """Return it as it stands in an address."""
        return urlencode(self.settled)


@dataclass(frozen=True)
class Unsettled:
    """What must be asked or said before it goes on."""

    typed: str = ""
    error: str = ""
    question: str = ""
    choices: tuple[Choice, ...] = ()
    area: Area | None = None
    place: Place | None = None


def settle(request: HttpRequest) -> Where | Unsettled:
    """Return place and pool as far as the address of the page says, else what to ask."""
    typed = request.GET.get("wo", "").strip()
    postcode = request.GET.get("plz", "").strip()
    if not postcode:
        found = _postcode_of(typed)
        if isinstance(found, Unsettled):
            return found
        postcode = found.code
    return _pool_of(postcode, request.GET.get("ort", ""), request.GET.get("zentrum", ""))


def ask_where(
    request: HttpRequest, unsettled: Unsettled, *, template: str = "public/where.html", title: str
) -> HttpResponse:
    """Return the page that asks what is still open."""
    return page(
        request,
        template,
        {"where": unsettled, "page_title": title, "has_errors": bool(unsettled.error)},
        status=UNPROCESSABLE if unsettled.error else 200,
    )


def _postcode_of(typed: str) -> Postcode | Unsettled:
    if not typed:
        return Unsettled()
    if len(typed) > LONGEST_SEARCH:
        return Unsettled(error=NO_SUCH_PLACE)
    found = find_places(typed, limit=MOST_PLACES)
    if not found:
        return Unsettled(typed, UNKNOWN if typed.isdigit() else NO_SUCH_PLACE)
    if len(found) == 1 or typed == found[0].code:
        return found[0]
    choices = tuple(Choice(str(postcode), {"plz": postcode.code}) for postcode in found)
    return Unsettled(typed, question="Welchen Ort meinen Sie?", choices=choices)


def _pool_of(postcode: str, ags: str, slug: str) -> Where | Unsettled:
    today = localdate(now())
    try:
        place = resolve(postcode, ags, today)
    except UnknownPostcode:
        return Unsettled(postcode[:LONGEST_SEARCH], UNKNOWN)
    except AmbiguousPlace as ambiguous:
        choices = tuple(
            Choice(name, {"plz": postcode, "ort": key})
            for key, name in municipality_choices(ambiguous.choices)
        )
        question = f"{postcode} gehört zu mehreren Orten. Welchen meinen Sie?"
        return Unsettled(postcode, question=question, choices=choices)
    pools = pools_for_place(place, today)
    chosen = [pool for pool in pools if pool.slug == slug] or pools
    if len(chosen) == 1:
        return Where(place, chosen[0])
    if not chosen:
        return Unsettled(postcode, area=place.area, place=place)
    choices = tuple(
        Choice(pool.centre_name, {**_settled(place), "zentrum": pool.slug}) for pool in pools
    )
    question = "Hier helfen mehrere Zentren. Wählen Sie eines aus."
    return Unsettled(postcode, question=question, choices=choices, place=place)


def _settled(place: Place) -> dict[str, str]:
    municipality = {"ort": place.municipality.ags} if place.municipality else {}
    return {"plz": place.postcode.code, **municipality}
