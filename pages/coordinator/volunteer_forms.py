"""Small forms of the volunteer's page."""

from __future__ import annotations

from django import forms

from pages.forms import Form


class NotesForm(Form):
    """What coordinators write down; the person may ask to read it."""

    notes = forms.CharField(
        label="Notizen",
        help_text="Die Person darf lesen, was hier steht. Keine Gesundheitsdaten, keine Meinungen"
        " und nichts aus einem Führungszeugnis.",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
