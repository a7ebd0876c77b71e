"""manage.py demo: an invented world that obeys the rules of the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker, Settings

from background.clock import now
from config.demo.build import build, clear
from matching import search
from matching.models import Assignment, Proposal
from notifications.models import Contact, Message, MessageState
from pools.models import Organisation, Pool, User
from reference.models import Language
from service_requests.models import Event, ServiceRequest, Status
from volunteers.models import Consent, SpokenLanguage, Volunteer

FOR_FILMS = re.compile(r"\+49(1713920\d{3}|17604069\d{3})")
OF_OFFICES = re.compile(r"069 90009 \d{3}")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration, built once for all these tests; each of them is undone by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        build()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(world: None, db: None, settings: Settings) -> None:
    """The demonstration and its settings."""
    settings.IS_DEMO = True


def counts() -> dict[str, int]:
    tables = (User, Pool, Organisation, Volunteer, ServiceRequest, Proposal, Message, Event)
    return {table.__name__: table._default_manager.count() for table in tables}


def test_it_is_as_large_as_promised(demo: None) -> None:
    assert Pool.objects.count() == 3
    assert Volunteer.objects.count() == 130
    assert SpokenLanguage.objects.values("language").distinct().count() >= 35
    assert Organisation.objects.count() == 20
    assert ServiceRequest.objects.count() == 60
    assert set(ServiceRequest.objects.values_list("status", flat=True)) == set(Status.values)


def test_a_second_run_changes_nothing(demo: None) -> None:
    before = counts()
    call_command("demo", "--if-empty", stdout=StringIO())
    call_command("demo", stdout=StringIO())
    assert counts() == before


def test_only_numbers_and_addresses_that_belong_to_nobody_are_used(demo: None) -> None:
    for channel, address in Contact.objects.values_list("channel", "address"):
        if channel == "sms":
            assert FOR_FILMS.fullmatch(address)
        else:
            assert address.endswith("@example.org")
    offices = [
        *Pool.objects.values_list("phone", flat=True),
        *Organisation.objects.values_list("phone", flat=True),
        *ServiceRequest.objects.values_list("contact_phone", flat=True),
    ]
    assert all(OF_OFFICES.fullmatch(phone) for phone in offices)
    shared = Contact.objects.values("address").annotate(people=Count("person", distinct=True))
    assert not shared.filter(people__gt=1).exists()


def test_everybody_has_consented_and_no_telephone_sleeps(demo: None) -> None:
    assert Consent.objects.in_force().values("person").distinct().count() == 130
    quiet = Contact.objects.values_list("quiet_from", "quiet_until")
    assert all(begins == ends for begins, ends in quiet)


def test_the_past_is_past_and_the_future_is_to_come(demo: None) -> None:
    instant = now()
    over = ("took_place", "record_confirmed", "settled", "closed", "did_not_take_place")
    assert not ServiceRequest.objects.filter(status__in=over, period__endswith__gt=instant)
    still_open = ("submitted", "searching")
    assert not ServiceRequest.objects.filter(status__in=still_open, period__startswith__lt=instant)
    assert not Event.objects.filter(at__gt=now()).exists()
    assert not Assignment.objects.filter(accepted_at__gt=now()).exists()
    assert not ServiceRequest.objects.filter(created_at__gt=now()).exists()


def test_every_step_of_the_past_was_one_the_lifecycle_allows(demo: None) -> None:
    from service_requests.lifecycle import NEXT

    for event in Event.objects.exclude(from_status=""):
        assert event.to_status in NEXT[Status(event.from_status)]
    for service_request in ServiceRequest.objects.exclude(status=Status.DRAFT):
        moves = service_request.events.exclude(to_status="").order_by("at", "pk")
        last = moves.last()
        assert last is not None
        assert last.to_status == service_request.status


def test_the_first_offers_go_out_as_soon_as_somebody_looks_and_amina_gets_one(demo: None) -> None:
    before = Proposal.objects.count()
    search.sweep()
    asked = Proposal.objects.filter(state=Proposal.State.ASKED)
    assert Proposal.objects.count() >= before + 6
    assert asked.filter(person__given_name="Amina", person__family_name="Rahimi").count() == 1
    waiting = Message.objects.filter(template__startswith="offer", state=MessageState.PENDING)
    assert waiting.filter(person__given_name="Amina").exists()


def test_the_sign_ins_are_printed_and_known(demo: None) -> None:
    out = StringIO()
    call_command("demo", "--show", stdout=out)
    addresses = re.findall(r"\S+@example\.org", out.getvalue())
    assert len(addresses) == 7
    assert set(addresses) <= set(Contact.objects.values_list("address", flat=True))
    assert reverse("demo_outbox") in out.getvalue()
    for address in addresses:
        assert Contact.objects.get(address=address).verified_at is not None


def test_the_boards_of_all_pools_open(demo: None, client: Client, settings: Settings) -> None:
    settings.MFA_REQUIRED_ROLES = frozenset()
    for coordinator in User.objects.filter(memberships__role="coordinator"):
        client.force_login(coordinator)
        assert client.get(reverse("coordinator_board")).status_code == 200
        for service_request in ServiceRequest.objects.filter(pool__memberships__person=coordinator):
            page = client.get(reverse("coordinator_request", args=[service_request.public_id]))
            assert page.status_code == 200


def test_a_reset_forgets_people_and_keeps_what_everybody_knows(demo: None) -> None:
    languages = Language.objects.count()
    connection.check_constraints()  # TRUNCATE wants what is deferred to be over
    clear()
    assert sum(counts().values()) == 0
    assert Language.objects.count() == languages


def test_outside_the_demonstration_nothing_is_invented(db: None, settings: Settings) -> None:
    settings.IS_DEMO = False
    before = counts()
    for option in ([], ["--reset"], ["--if-empty"], ["--show"]):
        with pytest.raises(CommandError):
            call_command("demo", *option)
    assert counts() == before
