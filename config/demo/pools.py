"""Three pools, their coordinators, twenty institutions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from config.demo import tables
from config.demo.tables import mail_of, place_of
from notifications import contacts
from notifications.models import Channel
from pools.memberships import add_coordinator
from pools.models import Organisation, Pool, PoolArea, User
from pools.rule_changes import set_rule
from reference.models import Setting
from service_requests.organisations import (
    approve_organisation,
    register_organisation,
    suspend_organisation,
)


@dataclass(frozen=True)
class PoolPlan:
    """A pool of the demonstration and who coordinates it."""

    slug: str
    name: str
    key: str
    preset: str
    centre: str
    given: str
    family: str
    phone: str


POOLS = (
    PoolPlan(
        "giessen-stadt",
        "Stadt Gießen",
        "06531005",
        "giessen_stadt",
        "WIR-Vielfaltszentrum Stadt Gießen",
        "Petra",
        "Becker",
        tables.landline(1),
    ),
    PoolPlan(
        "giessen-landkreis",
        "Landkreis Gießen",
        "06531",
        "neutral",
        "WIR-Vielfaltszentrum Landkreis Gießen",
        "Jonas",
        "Seibert",
        tables.landline(2),
    ),
    PoolPlan(
        "marburg",
        "Marburg",
        "06534014",
        "marburg_biedenkopf",
        "WIR-Vielfaltszentrum Marburg",
        "Miriam",
        "Aydin",
        tables.landline(3),
    ),
)
SINCE = dt.date(2024, 1, 1)


def make_pools() -> dict[str, tuple[Pool, User]]:
    """Make the pools; return each with its coordinator, by slug."""
    made = {}
    for plan in POOLS:
        pool = Pool.objects.create(
            slug=plan.slug,
            name=plan.name,
            centre_name=plan.centre,
            contact_name=f"{plan.given} {plan.family}",
            phone=plan.phone,
            email=f"{plan.slug}@example.org",
            preset=plan.preset,
        )
        PoolArea.objects.create(pool=pool, key=plan.key, valid=(SINCE, None))
        coordinator = User.objects.create_user(given_name=plan.given, family_name=plan.family)
        address = mail_of(plan.given, plan.family)
        contact = contacts.add_contact(coordinator, channel=Channel.EMAIL, address=address)
        contacts.verify(contact)
        add_coordinator(pool, person=coordinator)
        made[plan.slug] = (pool, coordinator)
    # One rule of its own, so that the page of rules has something to tell apart.
    set_rule(made["giessen-landkreis"][0], name="wave.max_size", value="6", since=SINCE)
    return made


def make_organisations(pools: dict[str, tuple[Pool, User]]) -> dict[str, Organisation]:
    """Register the institutions and decide about most of them; return them by their keys."""
    made = {}
    for number, row in enumerate(tables.rows("organisations"), start=100):
        pool, coordinator = pools[row["pool"]]
        organisation = register_organisation(
            pool=pool,
            name=row["name"],
            setting=Setting.objects.get(code=row["setting"]),
            place=place_of(row["postcode"]),
            phone=tables.landline(number),
            address=row["address"],
            given_name=row["given"],
            family_name=row["family"],
            email=mail_of(row["given"], row["family"]),
            is_hidden_place=row["setting"] == "womens_shelter",
        )
        if row["state"] != Organisation.Status.REGISTERED:
            approve_organisation(organisation, by=coordinator)
        if row["state"] == Organisation.Status.SUSPENDED:
            suspend_organisation(organisation, by=coordinator)
        made[row["key"]] = organisation
    return made
