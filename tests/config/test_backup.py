"""script/backup and script/restore: what was there is there again, candidates and guards too."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from matching.models import Candidate
from tests import builders
from tests.emptying import empty_tables

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def url_of(name: str) -> str:
    here = settings.DATABASES["default"]
    parts = {
        "host": here["HOST"],
        "port": here["PORT"],
        "user": here["USER"],
        "password": here["PASSWORD"],
    }
    query = "&".join(f"{key}={value}" for key, value in parts.items() if value)
    return f"postgresql:///{name}?{query}"


def run(script: str, *arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"LOTSENRUF_DATABASE_URL": url_of(database)}
    environment.pop("LOTSENRUF_OWN_DATABASE_URL", None)
    return subprocess.run(  # noqa: S603 - our own scripts
        [ROOT / "script" / script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def empty_database(db: None) -> Iterator[str]:
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def count(database: str, table: str) -> int:
    with psycopg.connect(url_of(database)) as there:
        row = there.execute(f"SELECT count(*) FROM {table}").fetchone()  # type: ignore[arg-type]  # noqa: S608
        assert row is not None
        return int(row[0])


def test_a_copy_restores_into_an_empty_database_and_never_over_people_unasked(
    empty_database: str, tmp_path: Path
) -> None:
    builders.a_volunteer(builders.a_pool())
    here = str(connection.settings_dict["NAME"])
    saved = run("backup", str(tmp_path), database=here)
    assert saved.returncode == 0, saved.stderr
    (file,) = tmp_path.iterdir()
    assert saved.stdout.strip() == str(file)
    assert file.stat().st_mode & 0o077 == 0, "only its owner reads names"

    restored = run("restore", str(file), database=empty_database)
    assert restored.returncode == 0, restored.stderr
    assert count(empty_database, "matching_candidate") == Candidate.objects.count() == 2
    assert count(empty_database, "reference_postcode") == 8168
    with psycopg.connect(url_of(empty_database)) as there:
        there.execute("UPDATE volunteers_profile SET radius_km = 7")
        radius = there.execute("SELECT DISTINCT radius_m FROM matching_candidate").fetchall()
        assert radius == [(7000,)], "the triggers are back"
        assert there.execute("SHOW jit").fetchone() == ("off",)
        assert there.execute("SHOW plan_cache_mode").fetchone() == ("force_generic_plan",)

    again = run("restore", str(file), database=empty_database)
    assert again.returncode == 1
    assert "--replace" in again.stderr
    empty_tables()
    run("backup", str(tmp_path / "empty"), database=here)
    (nobody,) = (tmp_path / "empty").iterdir()
    assert run("restore", "--replace", str(nobody), database=empty_database).returncode == 0
    assert count(empty_database, "pools_user") == 0


def test_a_broken_copy_changes_nothing(empty_database: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.dump"
    broken.write_bytes(b"PGDMP not really")
    assert run("restore", str(broken), database=empty_database).returncode != 0
    with psycopg.connect(url_of(empty_database)) as there:
        assert there.execute("SELECT to_regclass('pools_user')").fetchone() == (None,)
