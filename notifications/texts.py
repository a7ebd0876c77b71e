"""One registry of everything we write to people: a key, an SMS text, an e-mail (all German).

A line of an e-mail that names an optional parameter is left out when that one is empty
(`{name:.0}` prints nothing and only makes the line depend on it).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any

from notifications.gsm7 import LONGEST, septets, to_gsm7
from notifications.texts_for_answers import ANSWER_TEXTS
from notifications.texts_for_coordinators import COORDINATOR_TEXTS, FIGURES
from notifications.texts_for_institutions import INSTITUTION_TEXTS
from notifications.texts_for_volunteers import SMS_WITH_NUMBER, VOLUNTEER_TEXTS

LONGEST_SUBJECT = 60

GIVEN_BY_THE_SENDER = frozenset(
    {"vorname", "zentrum", "koordination", "telefon", "tel", "wann", "Wann"}
)
"""What the sender knows itself: the person, the pool, the day of sending."""

OPTIONAL = FIGURES | frozenset(
    {
        "dolmetschen",
        "grund",
        "hinweis",
        "km",
        "koordination",
        "pauschale",
        "telefon",
        "thema",
        "vorname",
    }
)

CUTS_OF_SMS = (" ({art})", ", {dauer} Min", " ({nachweis})", " Gefragt: {pers}.")
CUTS_OF_SUBJECTS = (" {in_ort}",)

SIGNATURE = """
Freundliche Grüße
{koordination}
{zentrum}
Telefon: {telefon}
"""

_REGISTRY: dict[str, tuple[str, str, str]] = {
    **VOLUNTEER_TEXTS,
    **INSTITUTION_TEXTS,
    **COORDINATOR_TEXTS,
    **ANSWER_TEXTS,
    "code": (
        "Ihr Code: {code}. Gültig 10 Minuten. Geben Sie ihn nicht weiter. WIR-Vielfaltszentrum",
        "Ihr Code für die Anmeldung",
        """
Ihr Code: {code}

Er gilt 10 Minuten. Geben Sie ihn nicht weiter.
Sie haben keinen Code bestellt? Dann müssen Sie nichts tun.
""",
    ),
}

TEMPLATES: Collection[str] = _REGISTRY.keys()


class TextIncomplete(KeyError):
    """A template is unknown, or a parameter it needs was not given: a mistake of ours."""


@dataclass(frozen=True)
class Rendered:
    """A text as it goes out; an SMS has no subject."""

    subject: str
    text: str


def render(template: str, channel: str, parameters: Mapping[str, Any]) -> Rendered:
    """Return the text of a template for a channel («sms» or «email»).

    The same parameters give the same text, so that a message can be recognised at the provider.
    Raises TextIncomplete.
    """
    sms, subject, email = _texts(template)
    values = _complete(parameters)
    if channel == "sms":
        if values.get("nr"):
            sms = SMS_WITH_NUMBER.get(template, sms)
        return Rendered("", _shortened(sms, CUTS_OF_SMS, values, LONGEST))
    return Rendered(
        _shortened(subject, CUTS_OF_SUBJECTS, values, LONGEST_SUBJECT),
        _without_empty_lines(email + SIGNATURE, values),
    )


def check_parameters(template: str, parameters: Mapping[str, Any]) -> None:
    """Raise TextIncomplete unless the caller gave what any channel may need."""
    missing = required_parameters(template) - set(parameters)
    if missing:
        raise TextIncomplete(f"{template}: {', '.join(sorted(missing))} missing")


@cache
def required_parameters(template: str) -> frozenset[str]:
    """Return the names the caller of outbox.write must give (`link` also as its own argument)."""
    named = _names("".join(_texts(template)))
    if "in_ort" in named:
        named = named - {"in_ort"} | {"ort"}
    if "sprache_lang" in named:
        named = named - {"sprache_lang"} | {"sprache"}
    return named - GIVEN_BY_THE_SENDER - OPTIONAL


def _texts(template: str) -> tuple[str, str, str]:
    try:
        return _REGISTRY[template]
    except KeyError:
        raise TextIncomplete(f"no template {template}") from None


def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _complete(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the values as single lines, with what follows from others."""
    values = {
        name: "" if value is None or value is False else " ".join(str(value).split())
        for name, value in parameters.items()
    }
    values.setdefault("in_ort", f"in {values.get('ort', '')}".strip())
    values.setdefault("sprache_lang", values.get("sprache", ""))
    values.setdefault("tel", values.get("telefon", ""))
    if (people := values.get("pers", "")).isdigit():
        values["pers"] = "1 Person" if people == "1" else f"{people} Personen"
    if wann := values.get("wann"):
        values["Wann"] = wann[0].upper() + wann[1:]
    return values


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    try:
        return pattern.format_map(values)
    except KeyError as missing:
        raise TextIncomplete(f"{missing.args[0]} missing") from None


def _shortened(pattern: str, cuts: Collection[str], values: Mapping[str, str], longest: int) -> str:
    """Fill the pattern, leaving out what can be spared when it gets too long."""
    is_sms = longest == LONGEST
    for cut in ("", *cuts):
        pattern = pattern.replace(cut, "") if cut else pattern
        text = _filled(pattern, values)
        if is_sms:
            text = to_gsm7(text)
        if septets(text) <= longest:
            break
    return text


def _without_empty_lines(pattern: str, values: Mapping[str, str]) -> str:
    lines = [
        _filled(line, {**dict.fromkeys(OPTIONAL, ""), **values})
        for line in pattern.strip().splitlines()
        if all(values.get(name) for name in _names(line) & OPTIONAL)
    ]
    return "\n".join(lines) + "\n"
