"""Leaves candidates one index to be found by, and their statement uncompiled.

The indexes Django gives every foreign key tempted the planner into reading all speakers of a
language in all pools. And PostgreSQL compiled the statement, whose probes look dear to it, at each
call: 0.1 s for a search of 0.01 s.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WITHOUT_COMPILING = """
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END $$
"""
AS_BEFORE = """
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET jit', current_database()); END $$
"""


class Migration(migrations.Migration):
    """Counts for connections made from now on."""

    dependencies = [
        ("matching", "0002_candidates_follow_their_sources"),
        ("pools", "0001_initial"),
        ("reference", "0001_initial"),
        ("volunteers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="candidate",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="reference.language",
            ),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="pool",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="pools.pool",
            ),
        ),
        migrations.AlterField(
            model_name="candidate",
            name="volunteer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="volunteers.volunteer",
            ),
        ),
        migrations.AlterField(
            model_name="candidatemunicipality",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="reference.language",
            ),
        ),
        migrations.AlterField(
            model_name="candidatemunicipality",
            name="municipality",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="reference.municipality",
            ),
        ),
        migrations.AlterField(
            model_name="candidatemunicipality",
            name="pool",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="pools.pool",
            ),
        ),
        migrations.RunSQL(WITHOUT_COMPILING, AS_BEFORE),
    ]
