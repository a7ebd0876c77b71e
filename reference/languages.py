"""Which language is meant by what somebody typed, and which other one may stand in for it.

An everyday name that can mean several languages («Kurdisch») is asked about before anything is
looked up; see reference/data/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity, TrigramStrictWordSimilarity
from django.db.models import Case, IntegerField, Min, Q, Value, When

from reference.folding import search_key, with_two_letters_exchanged
from reference.models import (
    Grade,
    Language,
    LanguageName,
    LanguagePrompt,
    LanguageSubstitution,
    SettingClass,
)

ALIKE = 0.35
"""Of the trigrams of both spellings, the share they have in common; «Kurmanschi» has 0.64."""


@dataclass(frozen=True)
class Found:
    """Languages, the best first. With a prompt they are its options: ask which before using one."""

    languages: list[Language]
    prompt: LanguagePrompt | None = None


def find_languages(text: str, limit: int = 10) -> Found:
    """Return what is meant by the text: asked about, else so named, else so begun, else alike."""
    key = search_key(text)
    if not key:
        return Found([])
    if prompt := _prompt([key]):
        return Found(options_of(prompt), prompt)
    if named := _named(key, limit):
        return Found(named)
    slips = with_two_letters_exchanged(key)
    if prompt := _prompt(slips):
        return Found(options_of(prompt), prompt)
    if slipped := list(Language.objects.shown().filter(names__folded__in=slips).distinct()[:limit]):
        return Found(slipped)
    return _alike(key, limit)


def name_prompt(text: str) -> LanguagePrompt | None:
    """Return what to ask when exactly this name can mean several languages."""
    key = search_key(text)
    return _prompt([key]) if key else None


def options_of(prompt: LanguagePrompt) -> list[Language]:
    """Return the languages a prompt offers, in its order."""
    by_code = {language.code: language for language in Language.objects.shown()}
    return [by_code[code] for code in prompt.options if code in by_code]


def substitutes_for(language: Language, setting_class: str) -> list[LanguageSubstitution]:
    """Return what may be proposed in such a setting, the best grade first, `never` left out.

    Those with `is_asked_first` are a second language of the person: propose them only after a yes
    to `ask`. Pairs are never chained, and a pair that is not listed is never proposed.
    """
    classes = SettingClass.values
    demanding_enough = classes[classes.index(setting_class) :]
    listed = LanguageSubstitution.objects.filter(wanted=language, max_setting__in=demanding_enough)
    pairs = listed.exclude(grade=Grade.NEVER).select_related("offered")
    return sorted(
        pairs.order_by("offered__name_de"), key=lambda pair: Grade.values.index(pair.grade)
    )


def _prompt(keys: list[str]) -> LanguagePrompt | None:
    return LanguagePrompt.objects.filter(folded__in=keys).order_by("pk").first()


def _named(key: str, limit: int) -> list[Language]:
    """The whole name, its beginning, the beginning of a later word."""
    begins, later = Q(names__folded__startswith=key), Q(names__folded__contains=f" {key}")
    rank = Case(
        When(names__folded=key, then=Value(0)),
        When(begins, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    named = Language.objects.shown().filter(begins | later).annotate(rank=Min(rank))
    return list(named.order_by("rank", "tier", "name_de")[:limit])


def _alike(key: str, limit: int) -> Found:
    """The nearest spellings; when the nearest of all is a name to ask about, ask."""
    names = LanguageName.objects.annotate(likeness=TrigramStrictWordSimilarity(key, "folded"))
    ranked = names.filter(likeness__gte=ALIKE).order_by("-likeness", "language__tier", "name")
    nearest = list(ranked.select_related("language"))
    prompts = LanguagePrompt.objects.annotate(likeness=TrigramSimilarity("folded", key))
    prompt = prompts.filter(likeness__gte=ALIKE).order_by("-likeness", "pk").first()
    if prompt and (not nearest or prompt.likeness >= nearest[0].likeness):
        return Found(options_of(prompt), prompt)
    return Found(list(dict.fromkeys(name.language for name in nearest))[:limit])
