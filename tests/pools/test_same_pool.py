"""A row of another pool cannot be referenced, whoever tries: the database refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from pools.models import Membership, Organisation, Pool
from pools.same_pool import SamePool
from reference.models import QualificationType
from service_requests.models import ServiceRequest
from tests.builders import a_person, a_pool, a_request, a_volunteer, an_organisation
from volunteers.models import Qualification, Volunteer

pytestmark = pytest.mark.django_db


def check_now() -> None:
    """Have the database check what it would check at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def is_refused(constraint: str, store: Callable[..., object], *args: object, **kw: object) -> None:
    """Assert that the database refuses to commit what this stores."""

    def store_and_commit() -> None:
        with transaction.atomic():
            store(*args, **kw)
            check_now()

    with pytest.raises(IntegrityError, match=constraint):
        store_and_commit()


def foreign_membership(own: Pool, other: Pool) -> None:
    """A caseworker of one pool in an organisation of another."""
    Membership.objects.create(
        pool=own, person=a_person(), role="caseworker", organisation=an_organisation(other)
    )


def foreign_organisation(own: Pool, other: Pool) -> None:
    """A request of one pool by an organisation of another."""
    row = ServiceRequest.objects.filter(pk=a_request(own).pk)
    row.update(organisation=an_organisation(other))


def foreign_pair(own: Pool, other: Pool) -> None:
    """A pair of requests across pools."""
    ServiceRequest.objects.filter(pk=a_request(own).pk).update(pair=a_request(other))


def foreign_record(own: Pool, other: Pool) -> None:
    """A record kept by one pool about a volunteer of another."""
    volunteer = a_volunteer(other, records=[])
    Qualification.objects.create(
        pool=own,
        volunteer=volunteer,
        type=QualificationType.objects.get(code="age_18"),
        valid=(dt.date(2026, 1, 1), None),
        inspected_on=dt.date(2026, 1, 1),
        inspected_by=volunteer.person,
    )


@pytest.mark.parametrize(
    ("try_to_store", "constraint"),
    [
        (foreign_membership, "membership_organisation_same_pool"),
        (foreign_organisation, "request_organisation_same_pool"),
        (foreign_pair, "request_pair_same_pool"),
        (foreign_record, "qualification_volunteer_same_pool"),
    ],
)
def test_a_reference_into_another_pool_cannot_be_stored(
    try_to_store: Callable[[Pool, Pool], None], constraint: str
) -> None:
    own, other = a_pool("06531"), a_pool("06534")
    is_refused(constraint, try_to_store, own, other)


def test_a_request_cannot_move_to_another_pool_alone() -> None:
    service_request, other = a_request(a_pool("06531")), a_pool("06534")
    row = ServiceRequest.objects.filter(pk=service_request.pk)
    is_refused("same_pool", row.update, pool=other)


def test_an_organisation_cannot_leave_its_people_behind() -> None:
    organisation, other = an_organisation(a_pool("06531")), a_pool("06534")
    Membership.objects.create(
        pool=organisation.pool, person=a_person(), role="caseworker", organisation=organisation
    )
    row = Organisation.objects.filter(pk=organisation.pk)
    is_refused("membership_organisation_same_pool", row.update, pool=other)


def test_rows_of_one_pool_may_refer_to_each_other() -> None:
    pool = a_pool()
    first, second = a_request(pool), a_request(pool)
    ServiceRequest.objects.filter(pk=first.pk).update(pair=second)
    check_now()


def test_a_null_reference_is_not_checked() -> None:
    Membership.objects.create(pool=a_pool(), person=a_person(), role="coordinator")
    check_now()


def test_deleting_an_organisation_takes_its_memberships_along() -> None:
    organisation = an_organisation(a_pool())
    Membership.objects.create(
        pool=organisation.pool, person=a_person(), role="caseworker", organisation=organisation
    )
    organisation.delete()
    check_now()
    assert not Membership.objects.exists()


def test_deleting_a_person_takes_the_volunteer_and_the_records_along() -> None:
    pool = a_pool()
    coordinator = a_person()
    volunteer = a_volunteer(pool, records=[])
    Qualification.objects.create(
        pool=pool,
        volunteer=volunteer,
        type=QualificationType.objects.get(code="age_18"),
        valid=(dt.date(2026, 1, 1), None),
        inspected_on=dt.date(2026, 1, 1),
        inspected_by=coordinator,
    )
    volunteer.person.delete()
    check_now()
    assert not Volunteer.objects.exists()
    assert not Qualification.objects.exists()


def test_deleting_one_of_a_pair_leaves_the_other() -> None:
    pool = a_pool()
    first, second = a_request(pool), a_request(pool)
    ServiceRequest.objects.filter(pk=first.pk).update(pair=second)
    second.delete()
    check_now()
    first.refresh_from_db()
    assert first.pair is None


def test_the_constraints_leave_the_migrations_clean() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_constraint_knows_its_like() -> None:
    one = SamePool(field="volunteer", name="x")
    assert one == SamePool(field="volunteer", name="x")
    assert one != SamePool(field="volunteer", name="x", pool_field="volunteer_pool")
    assert one != models.UniqueConstraint(fields=["pool"], name="x")
    assert hash(one) == hash(SamePool(field="volunteer", name="x"))
    assert one.clone() == one


def test_it_can_be_added_and_removed_again() -> None:
    constraint = next(each for each in Membership._meta.constraints if isinstance(each, SamePool))
    with connection.schema_editor() as editor:
        editor.remove_constraint(Membership, constraint)
        editor.add_constraint(Membership, constraint)
    own, other = a_pool("06531"), a_pool("06534")
    is_refused("membership_organisation_same_pool", foreign_membership, own, other)
