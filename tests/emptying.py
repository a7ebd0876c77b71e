"""Tests that commit for real clean up by emptying every table but those that never change."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase


def empty_tables(test: TransactionTestCase | None = None) -> None:
    """Empty every table except the reference data, which are loaded once per run.

    Takes the place of TransactionTestCase._fixture_teardown, whose flush would take them too.
    """
    kept = {
        model._meta.db_table
        for label in ("reference", "contenttypes")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    } | {"auth_permission"}
    tables = set(connection.introspection.django_table_names(only_existing=True)) - kept
    tables.add(str(settings.CACHES["default"]["LOCATION"]))
    with transaction.atomic(), connection.cursor() as cursor:
        # Somebody who still holds a lock is a fault of the test: say so instead of waiting.
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        # No foreign keys and triggers meanwhile, so the order is free; a TRUNCATE of forty tables
        # takes a hundred times as long. Tests own their server: they make extensions in it.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in sorted(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - ours
