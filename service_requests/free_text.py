"""Free text holds no personal data: what certainly is one is refused, what looks like a name warns.

Refused: dates of birth, telephone numbers, e-mail addresses, file numbers (decisions 14). A warning
may be overruled by the person who writes; that is logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from background.clock import now

BIRTH_DATE = "Hier steht wohl ein Geburtsdatum. Löschen Sie es, wir brauchen es nicht."
TELEPHONE = "Hier steht eine Telefonnummer. Tragen Sie sie in das Feld «Telefon» ein."
EMAIL = "Hier steht eine E-Mail-Adresse. Löschen Sie sie hier."
FILE_NUMBER = (
    "Hier steht ein Aktenzeichen oder eine Kundennummer. Löschen Sie die Nummer. Für Ihre eigene"
    " Zuordnung gibt es das Feld «Fallkennung»."
)
NAME_WARNING = (
    "Hier steht vielleicht der Name einer Person. Bitte nennen Sie keine Namen von Klientinnen und"
    " Klienten. Ist es kein solcher Name, können Sie trotzdem senden."
)

FIRST_YEAR = 1900
_MONTHS = (
    "Jan(?:uar)?|Feb(?:ruar)?|März|Mrz|April?|Mai|Juni?|Juli?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Okt(?:ober)?|Nov(?:ember)?|Dez(?:ember)?"
)
_DATES = (
    re.compile(r"(?<![\d.])\d{1,2}\s?([./-])\s?\d{1,2}\s?\1\s?(?P<year>\d{4})(?!\d|:)"),
    re.compile(r"(?<![\d.])\d{1,2}([./-])\d{1,2}\1(?P<year>\d{2})(?!\d|:|\s*(?:Uhr|h)\b)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})-\d{2}-\d{2}(?!\d)"),
    re.compile(rf"(?<!\d)\d{{1,2}}\.?\s*(?:{_MONTHS})\.?\s+(?P<year>\d{{4}})(?!\d)", re.IGNORECASE),
)
_LETTER_FROM = re.compile(r"\b(?:vom|seit|ab|bis)\s+$", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:geb(?:oren|urtsdatum|urtstag|urtsjahr)?|jahrgang|jg)(?![a-zäöüß])[\s:.]*"
    rf"(?:(?:am|im|in)\s+)?(?:\w+\s+)?(?:\d{{4}}\b|\d{{1,2}}\.\s?(?:\d|{_MONTHS}))",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+",
    re.IGNORECASE,
)
_FILE_NUMBERS = (
    # said to be one: «Az. 12 C 345/26», «BG-Nummer: 43504//0012345», «Kunden-Nr. 77»
    re.compile(
        r"\b(?:az|aktenzeichen|akten-?nr|geschäftszeichen|gz|azr|bg|"
        r"(?:fall|kunden|versicherten|versicherungs|patienten|ausweis|pass|steuer|personal|"
        r"mitglieds|vorgangs|bg|azr|sozialversicherungs|krankenversicherungs)"
        r"-?(?:nummer|nr|id)|steuer-?id|iban)\b[\s.:#]{0,4}(?:[A-Z]{0,3}[\s-]?)?\d",
        re.IGNORECASE,
    ),
    re.compile(r"\b\d{1,4}\s?[A-Z]{1,3}[a-z]?\s?\d{1,6}/\d{2,4}\b"),  # of a court: 12 F 345/26
    re.compile(r"\b\d{7}-\d{3}\b"),  # of the BAMF
    re.compile(r"\b\d{3}[A-Z]\d{5,6}\b"),  # of the Jobcenter
    re.compile(r"\b[A-Z]\d{9}\b"),  # of a health insurance
    re.compile(r"\b\d{2}\s?\d{6}\s?[A-Z]\s?\d{3}\b"),  # of the pension insurance
    re.compile(r"\b[A-Z]{2}\d{2}(?:\s?\d){10,30}\b"),  # IBAN
)
_LONG_NUMBERS = (
    re.compile(r"(?<![\d,.])\d{7,}(?![\d,.])"),
    re.compile(r"(?<![\d:.,])\d{2,4}(?: \d{3,4}){2,}(?![\d:.,])"),
)
_TELEPHONES = (  # with the least number of digits that makes it one
    (re.compile(r"(?<![\w.,/])(?:\+|00?)[\s(]?\d(?:[\s()/–-]{0,3}\d|\.\d{3,})*"), 7),
    (
        re.compile(
            r"\b(?:tel(?:efon)?(?:nummer|nr)?|handy(?:nummer|nr)?|mobil(?:nummer|nr)?|fon"
            r"|rufnummer|whatsapp)\b[\s.:]{0,3}(?:unter\s)?[+(]?\d[\d\s/()–-]+",
            re.IGNORECASE,
        ),
        5,
    ),
)

_WORD = r"(?P<word>[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]+)"
_TITLED = re.compile(
    r"\b(?:Frau|Herrn?|Familie|Fam\.|Eheleute|Ehepaar|Fr\.|Hr\.)\s+"
    rf"(?:(?:Dr|Prof|med)\.\s*)*{_WORD}"
)
_CALLED = re.compile(
    r"\b(?:(?:Frau|Mann|Mutter|Vater|Kind|Sohn|Tochter|Junge|Mädchen|Person|Klient(?:in)?"
    rf"|Patient(?:in)?|[Ss]ie|[Ee]r)\s+hei(?:ß|ss)t|namens|Name:)\s+{_WORD}"
)
# What people call each other by in offices: «Frau Direktorin», «Herr Doktor».
_NOT_A_NAME = re.compile(
    r"\w*(?:erin|orin|istin|antin|entin|ärztin|arzt|rätin|ogin|wältin|anwalt|meister|leitung|leiter"
    r"|lehrer|direktor|doktor|professor|pfarrer|minister|rektor|sekretär|betreuer|berater|therapeut"
    r"|psychologe|pädagoge|\wkraft|beauftragter?|angestellter?|vorsitzender?|zuständiger?|\whilfe"
    r"|\wamt|zentrum)",
    re.IGNORECASE,
)
_COMMON_AFTER_A_TITLE = frozenset(
    {"Anfang", "Ende", "Mitte", "Heute", "Morgen", "Termin", "Deutsch", "Mutter", "Vater"}
    | {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"}
    | {"Und", "Oder", "Kommt", "Hat", "Ist", "Braucht", "Spricht", "Sucht", "Möchte"}
)
# Frequent in the languages served here (the demo's among them), without those that are German words
# or usual names of schools and places. Never complete: a known name only ever warns.
KNOWN_NAMES = frozenset(
    (Path(__file__).parent / "known_names.txt").read_text(encoding="utf-8").split()
)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


LONGEST_READ = 2000
"""Characters; a longer text is refused for its length by the field itself."""


@dataclass(frozen=True)
class Findings:
    """What was found in a text: German reasons to refuse it, and whether it may hold a name."""

    refused: list[str]
    looks_like_name: bool


def check(text: str) -> Findings:
    """Return what a text may not or should not hold; most texts hold neither."""
    beginning = text[:LONGEST_READ]
    return Findings(list(_refusals(beginning)), _looks_like_name(beginning))


def _refusals(text: str) -> Iterator[str]:
    """What is recognised is taken out, so that its digits are nothing else as well."""
    if _BORN.search(text) or _is_of_the_past(text):
        yield BIRTH_DATE
    rest = _without(_DATES, text)
    without_files = _without(_FILE_NUMBERS, rest)
    if is_telephone := _holds_telephone(without_files):
        yield TELEPHONE
    if _EMAIL.search(text):
        yield EMAIL
    has_long_number = any(pattern.search(rest) for pattern in _LONG_NUMBERS)
    if without_files != rest or (has_long_number and not is_telephone):
        yield FILE_NUMBER


def _without(patterns: Iterable[re.Pattern[str]], text: str) -> str:
    for pattern in patterns:
        text = pattern.sub(" ", text)
    return text


def _is_of_the_past(text: str) -> bool:
    """A full date of an earlier year is taken for a birth date, unless a letter is «vom …»."""
    return any(
        FIRST_YEAR <= _year(found["year"]) < now().year
        and not _LETTER_FROM.search(text[: found.start()])
        for pattern in _DATES
        for found in pattern.finditer(text)
    )


def _year(digits: str) -> int:
    """«87» is 1987, «26» and «27» are now and next year, when appointments are."""
    if len(digits) == 4:
        return int(digits)
    this_year = now().year
    year = this_year - this_year % 100 + int(digits)
    return year - 100 if year > this_year + 1 else year


def _holds_telephone(text: str) -> bool:
    return any(
        sum(character.isdigit() for character in found[0]) >= least
        for pattern, least in _TELEPHONES
        for found in pattern.finditer(text)
    )


def _looks_like_name(text: str) -> bool:
    addressed = (found for pattern in (_TITLED, _CALLED) for found in pattern.finditer(text))
    if any(_is_name(found["word"]) for found in addressed):
        return True
    return any(_is_known(token) for token in _TOKEN.findall(text))


def _is_name(word: str) -> bool:
    return word not in _COMMON_AFTER_A_TITLE and not _NOT_A_NAME.fullmatch(word)


def _is_known(token: str) -> bool:
    if token in KNOWN_NAMES:
        return True
    return len(token) > 3 and token.isupper() and token.title() in KNOWN_NAMES
