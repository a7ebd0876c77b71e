"""What is sent in the proof of the API: as the schema allows, as it forbids, and what makes sense.

What a schema allows is mostly nonsense to a service (an unknown language, a day in 2199), which
is refused before it gets far. Therefore three of four calls have it replaced by what exists.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from schemathesis import Case

from background.clock import now
from tests.proofs.api_people import Place

YOUNG = 6
"""Of what a caller has made herself, so many of the last; the first may have been removed."""
NEEDED = ("language", "contact_name", "contact_phone")
"""What the schema lets out, and a request for somebody who interprets cannot do without."""


def sensible(place: Place) -> dict[str, st.SearchStrategy[Any]]:
    """Return what a program would send, by the name of the field."""
    day = st.integers(2, 300).map(lambda days: (now() + timedelta(days=days)).isoformat())
    date = st.integers(40, 300).map(lambda days: (now() + timedelta(days=days)).date().isoformat())
    language = st.sampled_from(["prs", "ar", "tr", "uk"])
    return {
        "organisation": st.just(str(place.here.organisation.public_id)),
        "pool": st.just(str(place.here.pool.public_id)),
        "language": language,
        "bridge_languages": st.just([]),
        "starts_at": day,
        "starts_from": day,
        "starts_before": day,
        "ends_after": day,
        "modes": st.just(["on_site"]),
        "minutes": st.integers(15, 120),
        "alternatives": st.lists(day.map(lambda at: {"starts_at": at}), max_size=2),
        "setting": st.just("school"),
        "topic": st.just("parent_talk"),
        "postcode": st.just("35390"),
        "municipality": st.just("06531005"),
        "extra_municipalities": st.just(["06531005"]),
        "opted_out_settings": st.just([]),
        "address": st.just("Neuweg 2"),
        "contact_name": st.just("Frau Sommer"),
        "contact_phone": st.just("069 90009 100"),
        "reason": st.none(),
        "url": st.integers(1, 254).map(lambda number: f"https://1.1.1.{number}/in"),
        "first": date,
        "last": st.just((now() + timedelta(days=301)).date().isoformat()),
        "paused_until": date,
        "week": st.text("01", min_size=168, max_size=168),
        "quiet_from": st.just("20:00"),
        "quiet_until": st.just("08:00"),
        "languages": st.just([{"language": "prs", "level": 5, "can_read": True}]),
        "search": st.sampled_from(["35390", "Kurdisch", "Gie", "dari"]),
        "kind": st.sampled_from(["interpret", "guide"]),
    }


@st.composite
def sent(
    draw: Callable[..., Any], cases: st.SearchStrategy[Case[Any]], place: Place, kind: str
) -> tuple[Case[Any], bool]:
    """Return a call, and whether a program that knows what it does could have made it.

    `kind` names the object its address is about.
    """
    case: Case[Any] = draw(cases)
    makes_sense, is_own = draw(st.integers(0, 3)) > 0, True
    if kind and "public_id" in case.path_parameters:
        whose = draw(st.integers(0, 7))
        is_own = whose > 1
        if is_own:
            is_young, nth = draw(st.booleans()), draw(st.integers(0, 999))
            own = place.own[kind][-YOUNG if is_young else 0 :]
            case.path_parameters["public_id"] = own[nth % len(own)]
        elif whose == 1:
            case.path_parameters["public_id"] = place.foreign[kind]
    if not makes_sense:
        return case, False
    known = sensible(place)
    _make_sense(draw, case.query, known, allowed=tuple(case.query), required=("search",))
    if isinstance(case.body, dict):
        allowed, required = _body_of(case)
        _make_sense(draw, case.body, known, allowed=allowed, required=required)
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    case.headers.pop("Idempotency-Key", None)
    if case.method == "POST" and draw(st.booleans()):
        case.headers["Idempotency-Key"] = draw(st.uuids().map(str))
    return case, is_own


def _make_sense(
    draw: Callable[..., Any],
    fields: dict[str, Any],
    known: dict[str, st.SearchStrategy[Any]],
    *,
    allowed: Collection[str],
    required: Collection[str],
) -> None:
    """Fill in what is known, always what must be there; leave out the rest."""
    for name in allowed:
        if name in known and (name in required or name in NEEDED or draw(st.booleans())):
            fields[name] = draw(known[name])
        elif name not in required:
            fields.pop(name, None)


def _body_of(case: Case[Any]) -> tuple[Collection[str], Collection[str]]:
    """Return the fields the body may have, and those it must have."""
    described = case.operation.definition.raw["requestBody"]["content"]["application/json"]
    name = described["schema"]["$ref"].rpartition("/")[2]
    schema = case.operation.schema.raw_schema["components"]["schemas"][name]
    return tuple(schema["properties"]), tuple(schema.get("required", ()))
