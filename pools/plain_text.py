"""What people type: one clear sentence at the field when it is too long or cannot be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Field, Model

LINE_BREAKS = "\n\r\t"
EMPTY = "Dieses Feld ist leer. Tragen Sie hier etwas ein."
CANNOT_BE_STORED = (
    "Im Text steht ein Zeichen, das wir nicht speichern können. Tippen Sie den Text neu ein."
)
HOLDS_ADDRESS = (
    "Hier steht eine Internet-Adresse oder E-Mail-Adresse. Schreiben Sie nur den Namen, nach einem"
    " Punkt mit Leerzeichen."
)
# What mail programs make a link of. A «/» alone is none: «Frau Weber / Herr Roth».
_ADDRESS = re.compile(r"https?:|://|www\.|@|[^\s.][.。][^\W\d_]{2,}", re.IGNORECASE)


def without_address(name: str) -> None:
    """Refuse a name that a message would carry as a link: a validator of the models' fields."""
    if _ADDRESS.search(unicodedata.normalize("NFKC", name)):
        raise ValidationError(HOLDS_ADDRESS)


def checked(
    model: type[Model], *, several_lines: Collection[str] = (), **values: str
) -> dict[str, str]:
    """Return the texts trimmed, or raise ValidationError with a German sentence per field.

    The limits are those of the model's fields of the same names; a field that may not be blank
    must have something in it, and the fields' own validators count. Line breaks stay only in the
    fields named in `several_lines`.
    """
    errors: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name, value in values.items():
        field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
        text = value.strip() if name in several_lines else " ".join(value.split())
        problem = _problem(text, limit=field.max_length, may_be_blank=field.blank)
        if problem or (problem := _refused_by_its_own(field, text)):
            errors[name] = problem
        texts[name] = text
    if errors:
        raise ValidationError(dict(errors))
    return texts


def _problem(text: str, *, limit: int | None, may_be_blank: bool) -> str:
    if limit is not None and len(text) > limit:
        has, may = _german(len(text)), _german(limit)
        return f"Der Text hat {has} Zeichen. Erlaubt sind {may}. Kürzen Sie ihn."
    if any(_is_unstorable(character) for character in text):
        return CANNOT_BE_STORED
    if not text and not may_be_blank:
        return EMPTY
    return ""


def _refused_by_its_own(field: Field[Any, Any], text: str) -> str:
    for validator in field.validators:
        if isinstance(validator, MaxLengthValidator):
            continue  # told above, in our words
        try:
            validator(text)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""


def _is_unstorable(character: str) -> bool:
    if character in LINE_BREAKS:
        return False
    return unicodedata.category(character) in {"Cc", "Cs"}


def _german(number: int) -> str:
    return f"{number:,}".replace(",", ".")
