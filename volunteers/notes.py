"""What coordinators write down about a volunteer; the person may ask to read it."""

from __future__ import annotations

from pools.plain_text import checked
from volunteers.models import Volunteer


def write_notes(volunteer: Volunteer, text: str) -> None:
    """Replace the notes about a volunteer."""
    texts = checked(Volunteer, several_lines=("notes",), notes=text)
    Volunteer.objects.filter(pk=volunteer.pk).update(**texts)
    volunteer.notes = texts["notes"]
