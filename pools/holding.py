"""Whoever decides about a person takes the person first, before rows that hang on her."""

from __future__ import annotations

from pools.models import User


def hold_person(person_pk: int) -> None:
    """Let whoever else decides about this person, of whatever pool, wait until we committed."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person_pk)


def try_to_hold_person(person_pk: int) -> bool:
    """Hold the person if nobody else does right now; waits for nobody."""
    person = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return person.filter(pk=person_pk).first() is not None
