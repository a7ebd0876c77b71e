"""Builds the demonstration in one transaction: all of it is there, or nothing."""

from __future__ import annotations

import datetime as dt

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from background.clock import now
from config.demo.pools import make_organisations, make_pools
from config.demo.requests import make_requests
from config.demo.volunteers import make_volunteers
from notifications.models import Contact, Message, MessageState
from pools.models import Organisation, Pool
from reference.models import Language
from volunteers.models import Volunteer

OURS = ("pools", "notifications", "volunteers", "requests", "matching", "reporting")
NO_QUIET_HOURS = dt.time(0, 0)
DAYS_TO_DECIDE = dt.timedelta(days=4)


def is_empty() -> bool:
    """Return whether there is no pool yet."""
    return not Pool.objects.exists()


@transaction.atomic
def clear() -> None:
    """Forget every person, pool and request; what everybody knows stays."""
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)}, django_session CASCADE")


@transaction.atomic
def build() -> None:
    """Make everything; sends nothing by itself, the worker does that after the commit."""
    if not Language.objects.exists():
        call_command("load_reference", verbosity=0)
    pools = make_pools()
    organisations = make_organisations(pools)
    amina = make_volunteers(pools)
    _make_it_history()
    coordinators = {pool.pk: coordinator for pool, coordinator in pools.values()}
    make_requests(organisations, coordinators, amina)
    # Begin = end: a visitor at night sees offers going out as well.
    Contact.objects.update(quiet_from=NO_QUIET_HOURS, quiet_until=NO_QUIET_HOURS)


def _make_it_history() -> None:
    """Date back the institutions, and let their mail and that of volunteers have arrived."""
    for organisation in Organisation.objects.all():
        is_new = organisation.status == Organisation.Status.REGISTERED
        since = now() - dt.timedelta(days=1 if is_new else 300, hours=3)
        Organisation.objects.filter(pk=organisation.pk).update(
            registered_at=since, decided_at=None if is_new else since + DAYS_TO_DECIDE
        )
    decided = Contact.objects.exclude(person__memberships__organisation__status="registered")
    decided.filter(channel="email", person__memberships__isnull=False).update(
        verified_at=F("consented_at")
    )
    whens = ("public_id", "registered_at", "decided_at")
    for about, rows in (
        ("organisation", Organisation.objects.values_list(*whens)),
        ("volunteer", Volunteer.objects.values_list(*whens)),
    ):
        for public_id, registered_at, decided_at in rows:
            _arrived(f"{about}:{public_id}", registered_at, decided_at or registered_at)


def _arrived(about: str, registered_at: dt.datetime, decided_at: dt.datetime) -> None:
    """Let the mail about a registration have arrived when it was made, and when it was decided."""
    for pk, template in Message.objects.about(about).values_list("pk", "template"):
        is_first = template in ("organisation_received", "welcome_volunteer")
        sent_at = registered_at if is_first else decided_at
        Message.objects.filter(pk=pk).update(
            state=MessageState.DELIVERED,
            parameters={},
            attempts=1,
            created_at=sent_at,
            not_before=sent_at,
            handed_over_at=sent_at,
            accepted_at=sent_at,
            delivered_at=sent_at,
        )
