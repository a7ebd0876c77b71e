"""Languages, the names they are searched by, what to ask for ambiguous ones, what may stand in."""

from __future__ import annotations

from collections.abc import Iterator

from reference.folding import fold
from reference.loading.files import read, several
from reference.loading.tables import Row, Table
from reference.models import (
    ANY_LANGUAGE,
    Language,
    LanguageName,
    LanguagePrompt,
    LanguageSubstitution,
)

_ANY: Row = {
    "code": ANY_LANGUAGE,
    "html_lang": "",
    "name_de": "Sprache egal",
    "name_sms": "Sprache egal",
    "name_en": "Any language",
    "autonym": "",
    "direction": "ltr",
    "is_signed": False,
    "tier": 2,
}


def _languages() -> Iterator[Row]:
    yield _ANY
    for line in read("languages"):
        yield {
            "code": line["code"],
            "html_lang": line["html_lang"],
            "name_de": line["name_de"],
            "name_sms": line["name_sms"],
            "name_en": line["name_en"],
            "autonym": line["autonym"],
            "direction": line["dir"],
            "is_signed": line["modality"] == "gebaerden",
            "tier": int(line["tier"]),
        }


def _names() -> Iterator[Row]:
    ids = _ids_by_code()
    for line in read("languages"):
        official = (line["name_de"], line["name_sms"], line["name_en"], line["autonym"])
        names = (*official, *several(line["search_aliases_de"]))
        once = {fold(name): name for name in reversed(names) if name}
        for folded, name in once.items():
            yield {"language_id": ids[line["code"]], "folded": folded, "name": name}


def _prompts() -> Iterator[Row]:
    for line in read("language_prompts"):
        yield {
            "typed_name": line["typed_name"],
            "folded": fold(line["typed_name"]),
            "question_de": line["question_de"],
            "options": several(line["options"]),
            "default_if_unknown": line["default_if_unknown"],
            "note_de": line["note_de"],
        }


def _substitutions() -> Iterator[Row]:
    ids = _ids_by_code()
    for line in read("language_substitutions"):
        yield {
            "wanted_id": ids[line["wanted"]],
            "offered_id": ids[line["offered"]],
            "grade": line["grade"],
            "max_setting": line["max_setting"],
            "needs_client_consent": line["needs_client_consent"] == "yes",
            "ask": line["ask"],
            "note_de": line["note_de"],
            "reviewed_by": line["reviewed_by"],
            "version": int(line["version"]),
        }


def _ids_by_code() -> dict[str, int]:
    return dict(Language.objects.values_list("code", "pk"))


LANGUAGE_TABLES = (
    Table(Language, ("code",), _languages),
    Table(LanguageName, ("language_id", "folded"), _names),
    Table(LanguagePrompt, ("typed_name",), _prompts),
    Table(LanguageSubstitution, ("wanted_id", "offered_id"), _substitutions),
)
