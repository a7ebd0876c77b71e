"""Picking a language without JavaScript: from a list, or typed and then asked about.

A form adds the fields with `add_language_fields` in `__init__` and reads the language with
`settle_language` in `clean`. «Kurdisch» is never guessed: radio buttons ask which one.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from pages.forms import Form
from reference.folding import search_key
from reference.languages import find_languages
from reference.models import Language, LanguageName

FIRST_TIER = 1
MOST_OPTIONS = 8
LONGEST_NAME = 80
UNKNOWN = "Diese Sprache finden wir nicht. Prüfen Sie die Schreibweise oder rufen Sie uns an."
NONE_CHOSEN = "Wählen Sie eine Sprache aus, oder schreiben Sie sie in das Feld darunter."


def add_language_fields(
    form: Form, name: str, *, label: str = "Sprache", required: bool = True, help_text: str = ""
) -> list[str]:
    """Add the list, the field to type in and, when it must be asked, the question.

    Returns the names of the fields in the order in which they are to be drawn.
    """
    typed, meant = f"{name}_typed", f"{name}_meant"
    form.fields[name] = forms.ChoiceField(
        label=label, choices=_listed, required=False, help_text=help_text
    )
    form.fields[typed] = forms.CharField(
        label=f"{label}: nicht in der Liste?",
        help_text="Schreiben Sie den Namen der Sprache.",
        max_length=LONGEST_NAME,
        required=False,
    )
    form.unmarked = form.unmarked | {typed} | ({name} if required else set())
    names = [name, typed]
    question = _question(form, name)
    if question:
        text, options = question
        form.fields[meant] = forms.ChoiceField(
            label=text,
            choices=[(language.code, language.name_de) for language in options],
            widget=forms.RadioSelect,
        )
        names.append(meant)
    return names


def settle_language(form: Form, name: str, *, required: bool = True) -> Language | None:
    """Return the language that was picked; else leave the error at its field and return None."""
    typed, meant = f"{name}_typed", f"{name}_meant"
    if any(field in form.errors for field in (name, typed, meant)):
        return None
    text = form.cleaned_data.get(typed, "")
    code = form.cleaned_data.get(name) or form.cleaned_data.get(meant)
    if code:
        return Language.objects.shown().get(code=code)
    if not text:
        if required:
            form.add_error(name, ValidationError(NONE_CHOSEN))
        return None
    languages = _exactly(text)
    if len(languages) == 1:
        return languages[0]
    form.add_error(typed, ValidationError(UNKNOWN))
    return None


def _listed() -> list[tuple[str, str]]:
    first = Language.objects.shown().filter(tier=FIRST_TIER)
    return [("", "Bitte auswählen"), *((language.code, language.name_de) for language in first)]


def _question(form: Form, name: str) -> tuple[str, list[Language]] | None:
    """Return what to ask about the typed name; nothing when it is clear, unknown or not needed."""
    if not form.is_bound or form.data.get(form.add_prefix(name)):
        return None
    text = form.data.get(form.add_prefix(f"{name}_typed"), "")
    if not text or len(text) > LONGEST_NAME:
        return None
    found = find_languages(text, limit=MOST_OPTIONS)
    if found.prompt:
        return found.prompt.question_de, found.languages
    if len(_exactly(text)) == 1 or not found.languages:
        return None
    return "Welche Sprache meinen Sie?", found.languages


def _exactly(text: str) -> list[Language]:
    """Return the languages that bear exactly this name, unless it must be asked about."""
    if find_languages(text).prompt:
        return []
    named = LanguageName.objects.filter(folded=search_key(text)).select_related("language")
    shown = set(Language.objects.shown().values_list("pk", flat=True))
    return list(dict.fromkeys(name.language for name in named if name.language_id in shown))
