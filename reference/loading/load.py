"""Loads every table in one transaction, parents first, and removes in the other direction."""

from __future__ import annotations

from django.db import connection, transaction

from reference.loading.languages import LANGUAGE_TABLES
from reference.loading.places import PLACE_TABLES
from reference.loading.rules import RULE_TABLES
from reference.loading.tables import Outcome, remove_stale, write

TABLES = (*LANGUAGE_TABLES, *PLACE_TABLES, *RULE_TABLES)
ONE_LOAD_AT_A_TIME = 6_411_636  # any number will do that nobody else locks


@transaction.atomic
def load_reference() -> list[Outcome]:
    """Make the reference tables equal to the files; all or nothing, a second time nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_LOAD_AT_A_TIME])
    outcomes = [write(table) for table in TABLES]
    for outcome in reversed(outcomes):
        remove_stale(outcome)
    return outcomes
