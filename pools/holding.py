"""Whoever decides about a person takes the person first, before rows that hang on her."""

from __future__ import annotations

from pools.models import User


def hold_person(person_pk: int) -> None:
    """Let whoever else decides about this person, of whatever pool, wait until we committed."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person_pk)
