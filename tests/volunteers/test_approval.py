"""A coordinator takes somebody on, and opens a role once the records are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications.models import Message
from pools.rule_changes import set_rule
from tests.builders import ORDINARY_RECORDS, a_coordinator, a_pool, a_record, a_volunteer
from tests.clock import MovableClock
from tests.volunteers.registering import register
from volunteers.approval import approve, leave, lock, missing_records, refuse, unlock
from volunteers.models import Qualification, Volunteer
from volunteers.notes import write_notes

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
LOCKED: dict[str, Any] = {"interpreting_unlocked_at": None, "guiding_unlocked_at": None}


def codes(volunteer: Volunteer, role: str = "interpret", on: dt.date = TODAY) -> set[str]:
    """Return the codes of the missing records."""
    return {missing.code for missing in missing_records(volunteer, role, on)}


def test_approving_keeps_the_declared_adulthood_as_a_record(clock: MovableClock) -> None:
    volunteer = register(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    assert approve(volunteer, by=coordinator)
    assert volunteer.status == Volunteer.Status.APPROVED
    assert volunteer.decided_by == coordinator
    record = Qualification.objects.get(volunteer=volunteer)
    assert (record.type_id, record.inspected_by) == ("age_18", coordinator)
    assert record.valid.lower == TODAY
    assert record.valid.upper is None


def test_approving_twice_is_approving_once() -> None:
    volunteer = register(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    assert approve(volunteer, by=coordinator)
    assert not approve(volunteer, by=coordinator)
    assert Qualification.objects.filter(volunteer=volunteer).count() == 1
    assert Message.objects.filter(template="volunteer_approved").count() == 1


def test_who_was_refused_may_be_taken_on_later() -> None:
    volunteer = register(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    assert refuse(volunteer, by=coordinator)
    assert approve(volunteer, by=coordinator)


def test_what_was_decided_last_is_told_and_what_was_not_out_yet_is_taken_back() -> None:
    volunteer = register(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    for decide in (approve, refuse, approve):
        assert decide(volunteer, by=coordinator)
    told = Message.objects.filter(state="pending").exclude(template="welcome_volunteer")
    assert [message.template for message in told] == ["volunteer_approved"]


def test_all_records_of_the_general_list_are_missing_at_first() -> None:
    volunteer = a_volunteer(a_pool(), records=[])
    assert codes(volunteer) == {
        "age_18",
        "selection_interview",
        "basic_interpreting",
        "german_b1",
        "language_fluent",
        "confidentiality_interpreter",
        "police_certificate",
    }


def test_a_better_record_is_enough() -> None:
    volunteer = a_volunteer(a_pool(), records=["german_b2", "police_certificate_extended"])
    assert not {"german_b1", "police_certificate"} & codes(volunteer)


def test_a_record_is_missing_on_days_on_which_it_does_not_hold() -> None:
    volunteer = a_volunteer(a_pool(), records=[])
    a_record(volunteer, "german_b1", valid_from=TODAY, valid_until=TODAY + dt.timedelta(days=1))
    days = [TODAY + dt.timedelta(days=days) for days in (-1, 0, 1)]
    assert ["german_b1" in codes(volunteer, on=day) for day in days] == [True, False, True]


def test_each_role_has_its_own_records() -> None:
    volunteer = a_volunteer(
        a_pool(),
        records=["age_18", "selection_interview", "basic_guide", "confidentiality_guide"],
    )
    assert codes(volunteer, "guide") == set()
    assert codes(volunteer, "interpret")


def test_a_pool_that_asks_for_more_gets_more() -> None:
    pool = a_pool()
    volunteer = a_volunteer(pool)
    assert not codes(volunteer)
    set_rule(pool, name="required.interpreter", value="age_18;formal_obligation", since=TODAY)
    assert codes(volunteer) == {"formal_obligation"}


def test_unlocking_waits_for_the_last_record(clock: MovableClock) -> None:
    volunteer = a_volunteer(a_pool(), records=ORDINARY_RECORDS[:-4], **LOCKED)
    coordinator = a_coordinator(volunteer.pool)
    with pytest.raises(ValidationError, match="Führungszeugnis eingesehen"):
        unlock(volunteer, role="interpret", by=coordinator)
    for code in ORDINARY_RECORDS[-4:]:
        a_record(volunteer, code)
    assert unlock(volunteer, role="interpret", by=coordinator)
    volunteer.refresh_from_db()
    assert volunteer.interpreting_unlocked_at == clock.at
    assert volunteer.interpreting_unlocked_by == coordinator
    assert volunteer.guiding_unlocked_at is None
    assert volunteer.guiding_unlocked_by is None


def test_unlocking_tells_the_person_once() -> None:
    volunteer = a_volunteer(a_pool(), **LOCKED)
    coordinator = a_coordinator(volunteer.pool)
    assert unlock(volunteer, role="interpret", by=coordinator)
    assert not unlock(volunteer, role="interpret", by=coordinator)
    assert Message.objects.filter(template="volunteer_unlocked").count() == 1


def test_who_is_not_taken_on_cannot_be_unlocked() -> None:
    volunteer = register(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    with pytest.raises(ValidationError, match="noch nicht aufgenommen"):
        unlock(volunteer, role="interpret", by=coordinator)


def test_nobody_is_unlocked_for_what_she_does_not_want() -> None:
    volunteer = a_volunteer(a_pool(), wants_guiding=False, **LOCKED)
    coordinator = a_coordinator(volunteer.pool)
    with pytest.raises(ValidationError, match="möchte diese Aufgabe nicht"):
        unlock(volunteer, role="guide", by=coordinator)


def test_locking_closes_one_role() -> None:
    volunteer = a_volunteer(a_pool())
    coordinator = a_coordinator(volunteer.pool)
    Volunteer.objects.update(interpreting_unlocked_by=coordinator, guiding_unlocked_by=coordinator)
    assert lock(volunteer, role="interpret", by=coordinator)
    assert not lock(volunteer, role="interpret", by=coordinator)
    volunteer.refresh_from_db()
    assert volunteer.interpreting_unlocked_at is None
    assert volunteer.interpreting_unlocked_by is None
    assert volunteer.guiding_unlocked_at is not None
    assert volunteer.guiding_unlocked_by == coordinator


@pytest.mark.parametrize("end", [refuse, leave])
def test_who_is_no_longer_taken_on_has_no_open_role(end: Callable[..., bool]) -> None:
    volunteer = a_volunteer(a_pool())
    assert end(volunteer, by=a_coordinator(volunteer.pool))
    volunteer.refresh_from_db()
    assert volunteer.interpreting_unlocked_at is None
    assert volunteer.guiding_unlocked_at is None


def test_notes_are_replaced_and_limited() -> None:
    volunteer = a_volunteer(a_pool())
    write_notes(volunteer, " Ruft lieber an.\nNicht vor neun. ")
    volunteer.refresh_from_db()
    assert volunteer.notes == "Ruft lieber an.\nNicht vor neun."
    with pytest.raises(ValidationError) as refused:
        write_notes(volunteer, "a\x00")
    assert set(refused.value.message_dict) == {"notes"}
