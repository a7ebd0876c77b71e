"""Areas and their neighbours, municipalities under the keys of their time, postcodes."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.gis.geos import Point
from django.db.backends.postgresql.psycopg_any import DateRange

from reference.folding import fold
from reference.loading.files import day, read, several
from reference.loading.tables import Row, Table
from reference.models import Area, Municipality, Postcode, PostcodeMunicipality

ALWAYS = DateRange(None, None, "()")


def _areas() -> Iterator[Row]:
    validity, sms_names = _validity("area"), _sms_names("area")
    for line in read("centres_hessen"):
        key, name = line["area_key"], line["area_name"]
        yield {
            "key": key,
            "name": name,
            "name_sms": sms_names.get(key, name),
            "centre_name": line["centre_name_de"],
            "kind": line["kind"],
            "seat_municipality": line["seat_municipality"],
            "seat_postcode": line["seat_postcode"],
            "valid": validity.get(key, ALWAYS),
        }


def _neighbours() -> Iterator[Row]:
    for line in read("centres_hessen"):
        for neighbour in several(line["neighbours"]):
            yield {"from_area_id": line["area_key"], "to_area_id": neighbour}


def _municipalities() -> Iterator[Row]:
    validity, sms_names = _validity("municipality"), _sms_names("municipality")
    current = {}
    for line in read("gemeinden_hessen"):
        ags, name = line["ags"], line["name"]
        current[ags] = {
            "ags": ags,
            "name": name,
            "name_sms": sms_names.get(ags, name),
            "point": _point(line),
            "valid": validity.get(ags, ALWAYS),
            "successor_id": None,
        }
    yield from current.values()
    for line in read("dated_keys"):
        if line["successor"]:  # the same place under an earlier key
            ags, successor = line["key"], line["successor"]
            renamed = {"ags": ags, "valid": validity[ags], "successor_id": successor}
            yield current[successor] | renamed


def _postcodes() -> Iterator[Row]:
    hesse = {line["plz"]: line for line in read("plz_hessen")}
    municipalities = {line["ags"]: line["name"] for line in read("gemeinden_hessen")}
    for line in read("plz_deutschland"):
        places = several(line["orte"], "|")
        here = hesse.get(line["plz"], {})
        others = [municipalities[ags] for ags in several(here.get("alle_gemeinden_ags", ""), "|")]
        yield {
            "code": line["plz"],
            "places": ", ".join(places),
            "folded_places": _searched([*places, *others]),
            "kreis_key": line["kreis_ags"],
            "point": _point(here or line),  # the Hessian file has one digit more
        }


def _searched(names: list[str]) -> str:
    """Return «|limburg a d lahn|limburg an der lahn|»: as written there and as written here."""
    folded = dict.fromkeys(map(fold, names))
    return "|".join(("", *folded, "")) if folded else ""


def _municipalities_of_postcodes() -> Iterator[Row]:
    for line in read("plz_hessen"):
        usual = line["gemeinde_ags"]
        others = [ags for ags in several(line["alle_gemeinden_ags"], "|") if ags != usual]
        for position, ags in enumerate((usual, *others)):
            yield {"postcode_id": line["plz"], "municipality_id": ags, "position": position}


def _point(line: dict[str, str]) -> Point:
    return Point(float(line["lon"]), float(line["lat"]), srid=4326)


def _validity(kind: str) -> dict[str, DateRange]:
    return {
        line["key"]: _days(line["valid_from"], line["gone_on"])
        for line in read("dated_keys")
        if line["kind"] == kind
    }


def _days(valid_from: str, gone_on: str) -> DateRange:
    """Return the range as PostgreSQL gives it back: an open beginning is not part of it."""
    return DateRange(day(valid_from), day(gone_on), "[)" if valid_from else "()")


def _sms_names(kind: str) -> dict[str, str]:
    return {line["key"]: line["name_sms"] for line in read("sms_names") if line["kind"] == kind}


PLACE_TABLES = (
    Table(Area, ("key",), _areas),
    Table(Area.neighbours.through, ("from_area_id", "to_area_id"), _neighbours),
    Table(Municipality, ("ags",), _municipalities),
    Table(Postcode, ("code",), _postcodes),
    Table(PostcodeMunicipality, ("postcode_id", "municipality_id"), _municipalities_of_postcodes),
)
