"""Records: what may be kept, on which days it holds, and what must never be kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from reference.models import Language, QualificationType
from tests.builders import a_coordinator, a_pool, a_volunteer
from tests.clock import MovableClock
from volunteers.models import Qualification, Volunteer
from volunteers.qualifications import held, months_after, proposed_until, record, revoke

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)
CERTIFICATE = {"certificate_on": dt.date(2026, 10, 1), "has_no_relevant_entry": True}


@pytest.fixture
def volunteer(clock: MovableClock) -> Volunteer:
    """Somebody without records."""
    return a_volunteer(a_pool(), records=[])


def keep(volunteer: Volunteer, code: str, **changes: Any) -> Qualification:
    """Record a type by its code."""
    given_values: dict[str, Any] = {
        "valid_from": TODAY,
        "valid_until": None,
        "inspected_on": TODAY,
        "inspected_by": volunteer.person,
        **changes,
    }
    return record(volunteer, type=QualificationType.objects.get(code=code), **given_values)


def refusal(volunteer: Volunteer, code: str, **changes: Any) -> dict[str, list[str]]:
    """Return what is said at which field, and see that nothing was kept."""
    with pytest.raises(ValidationError) as refused:
        keep(volunteer, code, **changes)
    assert not Qualification.objects.exists()
    return refused.value.message_dict


def test_a_record_without_an_end_holds_from_its_first_day_on_for_good(
    volunteer: Volunteer,
) -> None:
    kept = keep(volunteer, "german_b1")
    days = (TODAY - DAY, TODAY, TODAY + 9999 * DAY)
    assert [kept in held(volunteer, day) for day in days] == [False, True, True]


def test_a_record_with_an_end_holds_on_its_last_day(volunteer: Volunteer) -> None:
    kept = keep(volunteer, "german_b1", valid_until=TODAY + 5 * DAY)
    days = (TODAY + 5 * DAY, TODAY + 6 * DAY)
    assert [kept in held(volunteer, day) for day in days] == [True, False]


def test_a_revoked_record_holds_on_no_day(volunteer: Volunteer) -> None:
    kept, first = keep(volunteer, "german_b1"), a_coordinator(volunteer.pool)
    revoke(kept, by=first)
    revoke(kept, by=a_coordinator(volunteer.pool))
    kept.refresh_from_db()
    assert kept.revoked_at is not None
    assert kept.revoked_by == first
    assert not held(volunteer, TODAY).exists()


def test_a_renewal_is_a_record_of_its_own(volunteer: Volunteer) -> None:
    keep(volunteer, "german_b1", valid_until=TODAY + 5 * DAY)
    keep(volunteer, "german_b1", valid_from=TODAY + 3 * DAY)
    assert held(volunteer, TODAY + 9 * DAY).count() == 1


def test_issuer_and_units_are_kept_of_a_training(volunteer: Volunteer) -> None:
    kept = keep(volunteer, "basic_interpreting", issuer=" VHS Gießen ", units=26)
    assert (kept.issuer, kept.units) == ("VHS Gießen", 26)


@pytest.mark.parametrize("changes", [{"issuer": "VHS"}, {"units": 4}])
def test_of_what_is_only_seen_nothing_more_is_kept(
    volunteer: Volunteer, changes: dict[str, Any]
) -> None:
    assert set(refusal(volunteer, "selection_interview", **changes)) == set(changes)


def test_there_is_no_place_for_a_file() -> None:
    kinds = {type(field).__name__ for field in Qualification._meta.get_fields()}
    assert not {"FileField", "ImageField", "BinaryField"} & kinds


def test_a_certificate_is_kept_as_four_facts(volunteer: Volunteer) -> None:
    kept = keep(volunteer, "police_certificate", **CERTIFICATE)
    assert (kept.certificate_on, kept.has_no_relevant_entry) == (dt.date(2026, 10, 1), True)
    assert (kept.inspected_on, kept.inspected_by) == (TODAY, volunteer.person)
    assert (kept.issuer, kept.units) == ("", None)


@pytest.mark.parametrize("code", ["police_certificate", "police_certificate_extended"])
def test_of_a_certificate_with_an_entry_nothing_is_stored(volunteer: Volunteer, code: str) -> None:
    said = refusal(volunteer, code, **(CERTIFICATE | {"has_no_relevant_entry": False}))
    assert "nichts gespeichert" in said["has_no_relevant_entry"][0]


def test_the_database_keeps_no_entry_either(volunteer: Volunteer) -> None:
    kept = keep(volunteer, "police_certificate", **CERTIFICATE)
    row = Qualification.objects.filter(pk=kept.pk)
    with (
        pytest.raises(IntegrityError, match="with_an_entry_is_never_kept"),
        transaction.atomic(),
    ):
        row.update(has_no_relevant_entry=False)


@pytest.mark.parametrize(
    ("certificate_on", "is_kept"),
    [
        (dt.date(2026, 8, 23), False),
        (dt.date(2026, 8, 24), True),
        (dt.date(2026, 11, 24), True),
        (dt.date(2026, 11, 25), False),
    ],
)
def test_a_certificate_is_at_most_three_months_old_when_it_is_shown(
    volunteer: Volunteer, certificate_on: dt.date, is_kept: bool
) -> None:
    changes = CERTIFICATE | {"certificate_on": certificate_on}
    if is_kept:
        assert keep(volunteer, "police_certificate", **changes).pk
    else:
        assert set(refusal(volunteer, "police_certificate", **changes)) == {"certificate_on"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"certificate_on": None}, "certificate_on"),
        ({"has_no_relevant_entry": None}, "has_no_relevant_entry"),
        ({"valid_from": dt.date(2026, 9, 30)}, "valid_from"),
    ],
)
def test_a_certificate_needs_all_its_facts(
    volunteer: Volunteer, changes: dict[str, Any], field: str
) -> None:
    assert set(refusal(volunteer, "police_certificate", **(CERTIFICATE | changes))) == {field}


def test_the_facts_of_a_certificate_belong_to_certificates_only(volunteer: Volunteer) -> None:
    assert set(refusal(volunteer, "german_b1", **CERTIFICATE)) == set(CERTIFICATE)


def test_a_record_per_language_names_its_language(volunteer: Volunteer) -> None:
    assert set(refusal(volunteer, "language_c1")) == {"language"}
    dari = Language.objects.get(code="prs")
    assert keep(volunteer, "language_c1", language=dari).language == dari


def test_a_record_for_all_languages_names_none(volunteer: Volunteer) -> None:
    dari = Language.objects.get(code="prs")
    assert set(refusal(volunteer, "german_b1", language=dari)) == {"language"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": TODAY - DAY}, "valid_until"),
        ({"inspected_on": TODAY + DAY}, "inspected_on"),
        ({"units": 0}, "units"),
        ({"issuer": "x" * 121}, "issuer"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    volunteer: Volunteer, changes: dict[str, Any], field: str
) -> None:
    assert set(refusal(volunteer, "german_b1", **changes)) == {field}


def test_five_years_are_proposed_for_a_certificate_and_no_end_for_a_training() -> None:
    types = QualificationType.objects.in_bulk(["police_certificate", "basic_interpreting"])
    assert proposed_until(types["police_certificate"], TODAY) == dt.date(2031, 11, 23)
    assert proposed_until(types["basic_interpreting"], TODAY) is None


def test_months_end_on_the_last_day_there_is() -> None:
    assert months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert months_after(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    st.integers(min_value=-200, max_value=200),
)
def test_months_are_counted_like_on_a_calendar(day: dt.date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
