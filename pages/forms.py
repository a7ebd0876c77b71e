"""How every form looks and speaks: KERN markup, German messages, one error summary.

`{{ form }}` draws the error summary, all fields and the hidden ones. To arrange fields yourself,
include "forms/error_summary.html" once and write `{{ form.name.as_field_group }}` per field.
Inherit from `Form`; forms of libraries get the same look through settings.FORM_RENDERER.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django import forms
from django.forms.renderers import TemplatesSetting

ENTER = "Füllen Sie dieses Feld aus."
CHOOSE = "Wählen Sie eine Möglichkeit aus."
# By field class, most general first: what is, what to do; never «ungültig».
MESSAGES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": ENTER},
    forms.CharField: {
        "max_length": "Kürzen Sie den Text auf höchstens %(limit_value)d Zeichen."
        " Es sind jetzt %(show_value)d.",
        "min_length": "Geben Sie mindestens %(limit_value)d Zeichen ein.",
    },
    forms.EmailField: {
        "invalid": "Das ist keine vollständige E-Mail-Adresse. Beispiel: name@example.org"
    },
    forms.IntegerField: {
        "invalid": "Geben Sie eine ganze Zahl ein.",
        "min_value": "Geben Sie mindestens %(limit_value)s ein.",
        "max_value": "Geben Sie höchstens %(limit_value)s ein.",
    },
    forms.DateField: {"invalid": "Schreiben Sie den Tag so: 24.11.2026"},
    forms.TimeField: {"invalid": "Schreiben Sie die Uhrzeit so: 14:30"},
    forms.BooleanField: {"required": "Setzen Sie hier ein Häkchen."},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {
        "required": "Wählen Sie mindestens eine Möglichkeit aus.",
        "invalid_choice": CHOOSE,
        "invalid_list": CHOOSE,
    },
    forms.ModelChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {
        "required": "Wählen Sie mindestens eine Möglichkeit aus.",
        "invalid_choice": CHOOSE,
        "invalid_pk_value": CHOOSE,
        "invalid_list": CHOOSE,
    },
}
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class KernBoundField(forms.BoundField):
    """A field that knows its KERN classes and what templates/forms/field.html asks of it."""

    @property
    def look(self) -> str:
        """Return which part of the field template draws it."""
        widget = self.field.widget
        if getattr(widget, "draws_its_own_fieldset", False):
            return "own"
        if isinstance(widget, GROUPS):
            return "group"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if isinstance(widget, forms.Select):
            return "select"
        return "input"

    @property
    def is_marked_optional(self) -> bool:
        """Whether «(freiwillig)» stands behind the label."""
        return not self.field.required and self.name not in getattr(self.form, "unmarked", ())

    @property
    def anchor(self) -> str:
        """Return the id the error summary links to: the first control of the field."""
        if isinstance(self.field.widget, GROUPS):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def summary(self) -> list[str]:
        """Return the errors as the summary lists them; a tick box's label is too long for it."""
        if self.look == "check":
            return [str(error) for error in self.errors]
        stop = "" if str(self.label).endswith(("?", ".", "!")) else ":"
        return [f"{self.label}{stop} {error}" for error in self.errors]

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Add the KERN class and, at an error, its red variant."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        base = _kern_class(widget)
        if base:
            own = widget.attrs.get("class", "")
            red = f"{base}--error" if self.errors else ""
            built["class"] = " ".join(part for part in (base, red, own) if part)
        return built


def _has_something(field: forms.BoundField) -> bool:
    return bool(field.errors or field.value())


def _kern_class(widget: forms.Widget) -> str:
    if widget.is_hidden or getattr(widget, "draws_its_own_fieldset", False):
        return ""
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.CheckboxInput):
        return "kern-form-check__checkbox"  # first: Django's checkboxes inherit from its radios
    if isinstance(widget, forms.RadioSelect):
        return "kern-form-check__radio"
    if isinstance(widget, forms.Select):
        return "kern-form-input__select"
    return "kern-form-input__input"


class KernRenderer(TemplatesSetting):
    """settings.FORM_RENDERER: our templates around Django's widgets."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = KernBoundField
    # Django includes two templates per option; a list of languages took ten times as long.
    instead = MappingProxyType({"django/forms/widgets/select.html": "forms/select.html"})

    def get_template(self, template_name: str) -> Any:
        """Return the template, or ours that takes its place."""
        return super().get_template(self.instead.get(template_name, template_name))


class Section(NamedTuple):
    """Fields under one legend; a folded one opens by itself when something stands in it."""

    legend: str
    names: Sequence[str]
    is_folded: bool = False
    paragraphs: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """A section with its fields, as templates/forms/form.html draws it."""

    legend: str
    fields: list[forms.BoundField]
    is_folded: bool = False
    paragraphs: Sequence[str] = ()


class Form(forms.Form):
    """The base of our forms.

    `sections` groups fields under legends; a field named nowhere is drawn at the end.
    `unmarked` names fields that are not required by themselves but not optional either
    (one of two must be filled in), so that they are not marked «(freiwillig)».
    `shown_at` says at which field an error of a verb is shown, where the names differ.
    """

    sections: Sequence[Section | tuple[str, Sequence[str]]] = ()
    unmarked: frozenset[str] = frozenset()
    shown_at: Mapping[str, str] = MappingProxyType({})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def parts(self) -> Iterator[Part]:
        """Yield the sections that have fields; the last one has no legend and holds the rest."""
        drawn: set[str] = set()
        for section in (Section(*section) for section in self.sections):
            fields = [self[name] for name in section.names if name in self.fields]
            drawn.update(section.names)
            if fields:
                is_folded = section.is_folded and not any(map(_has_something, fields))
                yield Part(section.legend, fields, is_folded, section.paragraphs)
        rest = [field for field in self.visible_fields() if field.name not in drawn]
        if rest:
            yield Part("", rest)

    def add_errors(self, error: forms.ValidationError) -> None:
        """Show what a verb refused at its fields; what belongs to no field stands at the top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for refused, errors in error.error_dict.items():
            name = self.shown_at.get(refused, refused)
            self.add_error(name if name in self.fields else None, errors)


def speak_plainly() -> None:
    """Replace the standing messages of Django's fields by ours, for the forms of libraries too.

    Called once at start-up. A message that a form sets itself still wins.
    """
    for kind, messages in MESSAGES.items():
        kind.default_error_messages = {**kind.default_error_messages, **messages}
