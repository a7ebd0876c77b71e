"""The form with which a requesting institution asks for access."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Field

from pages.forms import Form, Section
from pools.models import Organisation, User
from reference.models import Setting


def _length(model: type[Organisation] | type[User], field: str) -> int | None:
    declared: Field[Any, Any] = model._meta.get_field(field)  # type: ignore[assignment]
    return declared.max_length


class OrganisationForm(Form):
    """The institution and the first person who works with it; the place comes from before."""

    sections = (
        Section("Ihre Stelle", ["name", "setting", "address", "phone", "is_hidden_place"]),
        Section("Ihre Ansprechperson", ["given_name", "family_name", "email"]),
    )

    name = forms.CharField(
        label="Name der Stelle",
        max_length=_length(Organisation, "name"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    setting = forms.ModelChoiceField(
        label="Art der Stelle", queryset=Setting.objects.all(), empty_label="Bitte auswählen"
    )
    address = forms.CharField(
        label="Straße und Hausnummer",
        help_text="Freiwillige sehen die Adresse erst nach ihrer Zusage.",
        max_length=_length(Organisation, "address"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label="Telefon der Stelle",
        max_length=_length(Organisation, "phone"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    is_hidden_place = forms.BooleanField(
        label="Unser Ort muss geheim bleiben, zum Beispiel ein Frauenhaus.",
        help_text="Dann sehen Freiwillige vor ihrer Zusage nur das Gebiet, nicht den Ort.",
        required=False,
    )
    given_name = forms.CharField(
        label="Vorname",
        max_length=_length(User, "given_name"),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label="Nachname",
        max_length=_length(User, "family_name"),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.CharField(
        label="Dienstliche E-Mail-Adresse",
        help_text="Mit ihr melden Sie sich an.",
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
    )
