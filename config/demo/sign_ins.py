"""Who may sign in to the demonstration, and where."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from config.demo.plans import AMINA
from config.demo.tables import MOBILE, mail_of
from pools.models import Membership

SHOWN = ("Kita Zwetschgenwolke", "Schule am Basaltgarten", "Kita Regenlaterne")


def lines() -> list[str]:
    """Return what a visitor needs to know to look around as everybody."""
    coordinators = Membership.objects.filter(
        role=Membership.Role.COORDINATOR, ended_at__isnull=True
    ).select_related("person", "pool")
    caseworkers = Membership.objects.filter(
        organisation__name__in=SHOWN, ended_at__isnull=True
    ).select_related("person", "organisation")
    people = [
        *((f"Koordination {one.pool}", _mail(one)) for one in coordinators.order_by("pk")),
        *((str(one.organisation), _mail(one)) for one in caseworkers.order_by("pk")),
        (
            f"Freiwillige {AMINA['given']} {AMINA['family']} (Dari)",
            f"{mail_of(AMINA['given'], AMINA['family'])} oder {MOBILE[0]}",
        ),
    ]
    width = max(len(who) for who, _ in people)
    return [
        f"Anmelden:     {settings.PUBLIC_URL}{reverse('account_login')}",
        f"Nachrichten:  {settings.PUBLIC_URL}{reverse('demo_outbox')}",
        "Der Code zum Anmelden und alle Anfragen an Freiwillige liegen bei den Nachrichten.",
        "",
        *(f"{who.ljust(width)}  {address}" for who, address in people),
    ]


def _mail(membership: Membership) -> str:
    return mail_of(membership.person.given_name, membership.person.family_name)
