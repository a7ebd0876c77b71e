"""A pool's own number for SMS: written one way, and nobody else's."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from tests.builders import a_pool

pytestmark = pytest.mark.django_db
NUMBER = "+4917604069001"


def test_a_pool_gets_a_number_and_loses_it_again() -> None:
    pool = a_pool()
    for number in (NUMBER, ""):
        call_command("sms_number", pool.slug, number, verbosity=0)
        pool.refresh_from_db()
        assert pool.sms_number == number


@pytest.mark.parametrize("number", ["0176 04069001", "+0", "hallo"])
def test_a_number_without_its_country_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="Schreiben Sie die Nummer so"):
        call_command("sms_number", a_pool().slug, number)


def test_two_pools_cannot_have_the_same_number() -> None:
    a_pool(sms_number=NUMBER)
    with pytest.raises(CommandError, match="gehört schon einem anderen Pool"):
        call_command("sms_number", a_pool().slug, NUMBER)


def test_an_unknown_pool_is_said_so() -> None:
    with pytest.raises(CommandError, match="there is no pool"):
        call_command("sms_number", "nirgends", NUMBER)
