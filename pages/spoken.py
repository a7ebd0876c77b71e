"""The languages a person speaks as blocks of a form: which, how well, from where, read too."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from pages.forms import Form
from pages.languages import FIRST_TIER, add_language_fields, settle_language
from volunteers.availability import LanguageInput
from volunteers.models import Level, SpokenLanguage


def add_spoken(
    form: Form, number: int, *, required: bool = False, known: SpokenLanguage | None = None
) -> list[str]:
    """Add one block, filled with a language that is known; return its names in drawing order.

    The labels name the number: the error summary lists fields of all blocks one below the other.
    """
    name = f"language_{number}"
    label = "Sprache" if number == 1 else f"{number}. Sprache"
    names = add_language_fields(form, name, label=label, required=required)
    own: dict[str, forms.Field] = {
        f"level_{number}": forms.TypedChoiceField(
            label=f"Wie gut sprechen Sie die {label}?",
            choices=[("", "Bitte auswählen"), *reversed(Level.choices)],
            coerce=int,
            required=False,
        ),
        f"region_{number}": forms.CharField(
            label=f"{label}: Region oder Dialekt",
            help_text="Zum Beispiel Aleppo",
            max_length=SpokenLanguage._meta.get_field("region").max_length,
            required=False,
        ),
        f"can_read_{number}": forms.BooleanField(
            label=f"Ich kann die {label} auch lesen.", required=False
        ),
    }
    if known is not None:
        own[f"gone_{number}"] = forms.BooleanField(
            label=f"Die {label} aus meiner Liste nehmen.", required=False
        )
        form.initial.update(_initial(number, known))
    form.fields.update(own)
    form.unmarked = form.unmarked | {name, f"level_{number}"}
    return [*names, *own]


def _initial(number: int, known: SpokenLanguage) -> dict[str, object]:
    """Return what stands in the block; a language that is not in the list stands typed."""
    language = known.language
    where = f"language_{number}" if language.tier == FIRST_TIER else f"language_{number}_typed"
    return {
        where: language.code if language.tier == FIRST_TIER else language.name_de,
        f"level_{number}": known.level,
        f"region_{number}": known.region,
        f"can_read_{number}": known.can_read,
    }


def settle_spoken(form: Form, number: int) -> LanguageInput | None:
    """Return what a block says, None for an empty one or one with an error left at its field."""
    if form.cleaned_data.get(f"gone_{number}"):
        return None
    language = settle_language(form, f"language_{number}", required=False)
    if language is None:
        return None
    level = form.cleaned_data.get(f"level_{number}")
    if not level:
        if f"level_{number}" not in form.errors:
            text = f"Wählen Sie aus, wie gut Sie {language.name_de} sprechen."
            form.add_error(f"level_{number}", ValidationError(text))
        return None
    return LanguageInput(
        language=language,
        level=level,
        can_read=form.cleaned_data.get(f"can_read_{number}", False),
        region=form.cleaned_data.get(f"region_{number}", ""),
    )
