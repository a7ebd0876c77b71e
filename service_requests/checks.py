"""What must be right about a wish whoever posts it, and what its pool says to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.core.exceptions import NON_FIELD_ERRORS

from pools.models import Organisation
from pools.responsibility import area_verdict
from pools.rules import YES, Verdict, rule, rule_list, setting_verdict
from reference.models import ANY_LANGUAGE
from service_requests import case_codes, free_text
from service_requests.findings import Finding, for_coordinator, hint, refused
from service_requests.models import Kind
from service_requests.slots import problem_with, problem_with_alternatives
from service_requests.wish import GENDERS, MODES, ON_SITE, Wish
from service_requests.working_days import lead_time_verdict

Check = Callable[[Wish, dt.datetime], Iterator[Finding]]

LEAST_DIGITS = 5
COORDINATORS_ONLY = "coordinators"
OVERRULED_BY_COORDINATORS = frozenset({"lead_time", "who_may_ask"})
"""Refusals that do not bind a coordinator; what protects people binds everybody."""


def findings(wish: Wish, now: dt.datetime) -> list[Finding]:
    """Return everything to say about a wish; a coordinator who posts has decided by posting."""
    found = [finding for check in CHECKS for finding in check(wish, now)]
    if not wish.by_coordinator:
        return found
    return [
        replace(finding, verdict=Verdict.ALLOWED)
        if finding.verdict == Verdict.COORDINATOR or finding.code in OVERRULED_BY_COORDINATORS
        else finding
        for finding in found
    ]


def _who(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    if wish.organisation.status != Organisation.Status.APPROVED:
        yield refused(
            NON_FIELD_ERRORS,
            "not_approved",
            f"Ihre Stelle ist nicht freigegeben. Rufen Sie die Koordination an: {wish.pool.phone}.",
        )
    if COORDINATORS_ONLY in rule_list(wish.pool, f"who_may_ask.{wish.role}", wish.day):
        yield refused(
            NON_FIELD_ERRORS,
            "who_may_ask",
            f"Diese Anfragen nimmt nur die Koordination an. Rufen Sie an: {wish.pool.phone}.",
        )


def _whom(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    if wish.kind not in Kind.values:
        yield refused("kind", "kind", "Wählen Sie: Dolmetschen oder Begleitung.")
    if wish.language is None and wish.is_interpreting:
        yield refused("language", "language", "Wählen Sie eine Sprache.")
    if wish.language is not None and wish.language.code == ANY_LANGUAGE:
        yield refused("language", "language", "Wählen Sie eine Sprache aus der Liste.")
    if any(bridge.code == ANY_LANGUAGE for bridge in wish.bridge_languages):
        yield refused("bridge_languages", "language", "Wählen Sie Sprachen aus der Liste.")
    needs_variety = rule_list(wish.pool, "language.variety_required", wish.day)
    if wish.language and wish.language.code in needs_variety and not wish.variety.strip():
        yield refused(
            "variety",
            "variety",
            f"{wish.language.name_de} klingt je nach Region anders. Schreiben Sie, woher die Person"
            " kommt, zum Beispiel eine Stadt oder ein Land.",
        )
    if wish.gender_wish and wish.gender_wish not in GENDERS:
        yield refused("gender_wish", "gender", "Wählen Sie eine Angabe aus der Liste.")
    if wish.gender_must and not wish.gender_wish:
        yield refused("gender_wish", "gender", "Wählen Sie, wer kommen soll.")


def _when(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    if problem := problem_with(wish.period, now):
        yield refused("period", "period", problem)
        return
    if problem := problem_with_alternatives(wish.period, wish.alternatives, now):
        yield refused("alternatives", "period", problem)
    posted_on = now.astimezone(wish.pool.zone).date()
    verdict, code, text = lead_time_verdict(wish.pool, posted_on=posted_on, day=wish.day)
    if code:
        yield Finding(verdict, "period", code, text)


def _how(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    if not wish.modes or set(wish.modes) - MODES.keys():
        yield refused("modes", "mode", "Wählen Sie: vor Ort, am Telefon oder per Video.")
        return
    allowed = rule_list(wish.pool, "mode.allowed", wish.day) or list(MODES)
    if closed := [MODES[mode] for mode in wish.modes if mode not in allowed]:
        yield refused(
            "modes",
            "mode",
            f"Das gibt es hier nicht: {', '.join(closed)}. Möglich ist:"
            f" {', '.join(MODES[mode] for mode in allowed if mode in MODES)}.",
        )


def _where(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    verdict = area_verdict(wish.pool, wish.place, wish.day)
    if verdict == Verdict.REFUSED:
        area = wish.place.area
        who = f" Zuständig ist: {area.centre_name}." if area else ""
        yield refused("postcode", "area", f"Für diesen Ort vermitteln wir niemanden.{who}")
    elif verdict == Verdict.COORDINATOR:
        yield for_coordinator(
            "postcode", "area", "Der Ort liegt in einem anderen Gebiet. Die Koordination prüft das."
        )
    nowhere = not (wish.address.strip() or wish.organisation.address)
    if ON_SITE in wish.modes and nowhere:
        yield refused("address", "address", "Für einen Termin vor Ort brauchen wir die Adresse.")
    phone = wish.contact_phone.strip() or wish.organisation.phone
    if sum(character.isdigit() for character in phone) < LEAST_DIGITS:
        yield refused(
            "contact_phone",
            "contact_phone",
            "Diese Telefonnummer ist zu kurz. Geben Sie sie mit Vorwahl an.",
        )


def _what_for(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    verdict, text = setting_verdict(wish.pool, wish.setting, wish.kind, wish.day)
    if verdict != Verdict.ALLOWED:
        yield Finding(verdict, "setting", "setting", text)
    if wish.topic and not wish.topic.settings.filter(pk=wish.setting.pk).exists():
        yield refused(
            "topic", "topic", "Dieses Thema passt nicht zu dieser Stelle. Wählen Sie ein anderes."
        )
    elif wish.topic and not (wish.is_interpreting or wish.topic.is_guidance):
        yield refused(
            "topic", "topic", "Bei diesem Thema hilft Begleitung nicht. Wählen Sie ein anderes."
        )
    needed = rule(wish.pool, "professional_present_required", wish.day) == YES
    if wish.is_interpreting and needed and not wish.professional_present:
        yield refused(
            "professional_present",
            "professional",
            "Beim Dolmetschen muss eine Fachkraft Ihrer Stelle dabei sein.",
        )


def _texts(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    named = {"note": wish.note, "urgency_reason": wish.urgency_reason, "variety": wish.variety}
    for field, text in named.items():
        found = free_text.check(text)
        for reason in found.refused:
            yield refused(field, "personal_data", reason)
        if not found.looks_like_name:
            continue
        if wish.name_warning_accepted:
            yield hint(field, "name_warning", "")
        else:
            yield refused(field, "name_warning", free_text.NAME_WARNING)


def _case(wish: Wish, now: dt.datetime) -> Iterator[Finding]:
    if len(wish.case_code) > case_codes.LONGEST:
        yield refused("case_code", "case_code", case_codes.TOO_LONG)
    elif wish.is_interpreting:
        yield from case_codes.cap_findings(wish.pool, wish.case_code, wish.day)


CHECKS: tuple[Check, ...] = (_who, _whom, _when, _how, _where, _what_for, _texts, _case)
