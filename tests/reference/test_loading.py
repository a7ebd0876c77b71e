"""One command brings the database up to the files, and does no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from time import perf_counter

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from reference.loading import load, load_reference
from reference.loading.rules import RULE_TABLES
from reference.loading.tables import DuplicateRow, Row, Table
from reference.models import (
    ANY_LANGUAGE,
    Area,
    Language,
    LanguageName,
    LanguagePrompt,
    LanguageSubstitution,
    Municipality,
    Postcode,
    PostcodeMunicipality,
    PresetRule,
    QualificationType,
    Reason,
    Setting,
    Topic,
)

pytestmark = pytest.mark.django_db


def versions() -> dict[str, list[tuple[str, ...]]]:
    """Which transaction wrote each row of each table last, and where it lies."""
    found = {}
    with connection.cursor() as cursor:
        for table in load.TABLES:
            name = table.model._meta.db_table
            cursor.execute(
                sql.SQL("SELECT ctid::text, xmin::text FROM {} ORDER BY ctid").format(
                    sql.Identifier(name)
                )
            )
            found[name] = cursor.fetchall()
    return found


def test_every_table_has_the_rows_of_its_file() -> None:
    assert Language.objects.shown().count() == 187
    assert Language.objects.count() == 188
    assert LanguagePrompt.objects.count() == 142
    assert LanguageSubstitution.objects.count() == 451
    assert LanguageName.objects.count() > 187
    assert Setting.objects.count() == 79
    assert Topic.objects.count() == 77
    assert Reason.objects.count() == 67
    assert QualificationType.objects.count() == 31
    assert QualificationType.unlocks_settings.through.objects.count() == 29
    assert PresetRule.objects.count() == 163
    assert Area.objects.count() == 33
    assert Area.neighbours.through.objects.count() == 2 * 72
    assert Municipality.objects.filter(successor=None).count() == 425
    assert Municipality.objects.count() == 426
    assert Postcode.objects.count() == 8168
    assert Postcode.objects.exclude(municipalities=None).count() == 542
    assert PostcodeMunicipality.objects.count() == 553


def test_a_second_load_writes_no_row() -> None:
    before = versions()
    outcomes = load_reference()
    assert {(done.added, done.changed, done.removed) for done in outcomes} == {(0, 0, 0)}
    assert versions() == before


def test_a_load_into_empty_tables_takes_less_than_20_seconds() -> None:
    for table in reversed(load.TABLES):
        table.model._base_manager.all().delete()
    begun = perf_counter()
    load_reference()
    assert perf_counter() - begun < 20
    assert Postcode.objects.count() == 8168


def test_a_load_repairs_what_was_changed_or_lost() -> None:
    Language.objects.filter(code="prs").update(name_de="Darisch")
    Postcode.objects.filter(code="35390").delete()
    Area.objects.get(key="06531").neighbours.clear()
    load_reference()
    assert Language.objects.get(code="prs").name_de == "Dari (Persisch, Afghanistan)"
    assert Postcode.objects.get(code="35390").municipalities.get().name == "Gießen"
    assert Area.objects.get(key="06531").neighbours.filter(key="06531005").exists()


def test_what_the_files_no_longer_hold_is_removed() -> None:
    language = Language.objects.create(code="xx", name_de="Früher", name_sms="Früher")
    LanguageName.objects.create(language=language, name="Früher", folded="fruher")
    load_reference()
    assert not Language.objects.filter(code="xx").exists()


def test_what_somebody_still_refers_to_stays() -> None:
    giessen = Municipality.objects.get(ags="06531005")
    former = {"name": "Früher", "name_sms": "Früher", "point": giessen.point}
    former["valid"] = giessen.valid
    kept = Municipality.objects.create(ags="06999001", **former)
    Municipality.objects.create(ags="06999002", successor=kept, **former)
    done = {outcome.name: outcome for outcome in load_reference()}["municipality"]
    assert (done.removed, done.kept) == (1, 1)
    assert Municipality.objects.filter(ags="06999001").exists()
    assert not Municipality.objects.filter(ags="06999002").exists()


def test_a_load_that_fails_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice() -> Iterator[Row]:
        yield from RULE_TABLES[0].rows()
        yield from RULE_TABLES[0].rows()

    Language.objects.filter(code="prs").update(name_de="Darisch")
    broken = Table(Setting, ("code",), twice)
    monkeypatch.setattr(load, "TABLES", (*load.TABLES, broken))
    with pytest.raises(DuplicateRow):
        load_reference()
    assert Language.objects.get(code="prs").name_de == "Darisch"


def test_the_command_prints_what_it_did() -> None:
    Reason.objects.filter(code="decline_no_time").delete()
    printed = StringIO()
    call_command("load_reference", stdout=printed)
    lines = [line.split() for line in printed.getvalue().splitlines()]
    assert ["reason", "67", "1", "0", "0", "0"] in lines
    assert ["postcode", "8168", "0", "0", "0", "0"] in lines


def test_the_reserved_language_is_there_but_never_shown() -> None:
    assert Language.objects.filter(code=ANY_LANGUAGE).exists()
    assert not Language.objects.shown().filter(code=ANY_LANGUAGE).exists()


def test_58_languages_are_shown_first_and_11_are_signed() -> None:
    assert Language.objects.shown().filter(tier=1).count() == 58
    assert Language.objects.filter(is_signed=True).count() == 11
    assert Language.objects.get(code="fa").direction == "rtl"


def test_languages_are_sorted_as_germans_sort() -> None:
    names = list(Language.objects.filter(code__in=["da", "de", "prs"]).order_by("name_de"))
    assert [language.code for language in names] == ["da", "prs", "de"]


def test_a_stricter_record_counts_as_the_weaker_one() -> None:
    pairs = QualificationType.objects.exclude(satisfies=None).values_list("code", "satisfies")
    assert set(pairs) == {
        ("german_b2", "german_b1"),
        ("language_c1", "language_fluent"),
        ("police_certificate_extended", "police_certificate"),
    }


def test_two_records_are_kept_per_language() -> None:
    per_language = QualificationType.objects.filter(is_per_language=True)
    assert {record.code for record in per_language} == {"language_fluent", "language_c1"}


def test_police_certificates_are_valid_for_60_months_and_reminded_of_three_times() -> None:
    record = QualificationType.objects.get(code="police_certificate")
    assert record.storage == QualificationType.Storage.SEEN_NOT_STORED
    assert record.validity_months_default == 60
    assert record.remind_days == [60, 30, 7]


def test_a_health_module_opens_a_practice_but_no_shelter() -> None:
    module = QualificationType.objects.get(code="module_health")
    opened = set(module.unlocks_settings.values_list("code", flat=True))
    assert "doctor" in opened
    assert not any("shelter" in code for code in opened)


def test_parent_talks_take_place_in_schools() -> None:
    topic = Topic.objects.get(code="parent_talk")
    assert topic.usual_minutes == 60
    assert topic.settings.filter(code="school").exists()
