"""What coordinators hear unasked: each working morning what waits, and at once what is red."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, IntegerField, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from background.clock import now
from background.failpoints import failpoint
from background.one_by_one import one_by_one
from matching import endangered, telling
from matching.explain import risk_of
from matching.risk import HURRY, Level
from notifications import outbox
from notifications.models import Message, MessageClass
from pools.models import Membership, Organisation, Pool, User
from reporting.models import Record
from service_requests import lifecycle
from service_requests.models import Event, ServiceRequest, Status
from service_requests.querysets import ServiceRequestQuerySet
from service_requests.working_days import is_working_day
from volunteers.models import Volunteer

log = logging.getLogger(__name__)
FROM, UNTIL = time(7), time(18)
FAILURES_SINCE = timedelta(days=14)
NOBODY_LOOKS_AFTER = timedelta(hours=2)
KEPT_S = 24 * 3600
LOOKED_AT_MOST = 200


@dataclass(frozen=True)
class Figures:
    """How many of each wait for a coordinator of one pool."""

    anfragen_rot: int
    anfragen_pruefen: int
    einsaetze_gefaehrdet: int
    einsaetze_strittig: int
    freiwillige_neu: int
    stellen_neu: int
    nachrichten_tot: int

    @property
    def is_empty(self) -> bool:
        """Return whether nothing waits."""
        return not any(asdict(self).values())


def figures_of(pool: Pool, instant: datetime) -> Figures:
    """Return what waits in a pool."""
    requests = ServiceRequest.objects.filter(pool=pool)
    searching = requests.searching().filter(period__startswith__gt=instant).order_by("period")
    red = (risk_of(one, instant).level == Level.RED for one in searching[:LOOKED_AT_MOST])
    failed = Message.objects.filter(pool=pool).dead()
    return Figures(
        anfragen_rot=sum(red),
        anfragen_pruefen=requests.submitted().count(),
        einsaetze_gefaehrdet=len(endangered.find([pool.pk])),
        einsaetze_strittig=Record.objects.disputed().filter(pool=pool).count(),
        freiwillige_neu=Volunteer.objects.filter(pool=pool).waiting().count(),
        stellen_neu=Organisation.objects.filter(pool=pool).waiting().count(),
        nachrichten_tot=failed.filter(created_at__gte=instant - FAILURES_SINCE).count(),
    )


def sweep() -> None:
    """Write what is due; one pool or request that fails does not stop the others."""
    instant = now()
    for pool in Pool.objects.all():
        local = instant.astimezone(pool.zone)
        if not (FROM <= local.time() < UNTIL and is_working_day(local.date())):
            continue
        # Only spares the work: that nobody is told twice is the outbox's promise. Noted when it is
        # done, so that who dies in the middle of it leaves it to the next beat.
        done = f"digest-{pool.pk}-{local.date()}"
        if cache.get(done):
            continue
        try:
            write_digest(pool, instant)
            failpoint("digest.written")
            cache.set(done, "written", KEPT_S)
        except Exception:
            log.exception("digest_failed")
    some = _nobody_looks_at(instant).values_list("pk", flat=True)[:LOOKED_AT_MOST]
    one_by_one(some, escalate, log, fails_as="escalation_failed", of="request")


@transaction.atomic
def write_digest(pool: Pool, instant: datetime) -> int:
    """Tell each coordinator of the pool what waits; return how many were told. Nothing, nobody."""
    figures = figures_of(pool, instant)
    if figures.is_empty:
        return 0
    shown = {name: number or "" for name, number in asdict(figures).items()}
    day = instant.astimezone(pool.zone).date()
    told = [
        outbox.write(
            person,
            pool=pool,
            template="coordinator_digest",
            parameters={**shown, "link": f"{settings.PUBLIC_URL}/koordination/"},
            message_class=MessageClass.NEWS,
            about=[f"pool:{pool.public_id}"],
            step=day.isoformat(),
            not_after=instant + timedelta(hours=12),
        )
        for person in coordinators_of(pool)
    ]
    return sum(message is not None for message in told)


def coordinators_of(pool: Pool) -> list[User]:
    """Return who coordinates a pool now."""
    held = Membership.objects.filter(
        pool=pool, role=Membership.Role.COORDINATOR, ended_at__isnull=True, person__is_active=True
    )
    return [membership.person for membership in held.select_related("person")]


def _nobody_looks_at(instant: datetime) -> ServiceRequestQuerySet:
    """Return searches that have been red for a while without a step of any coordinator."""
    long_ago = instant - NOBODY_LOOKS_AFTER
    of_this = Event.objects.filter(service_request=OuterRef("pk"))
    its_round = Cast(KeyTextTransform("round", "detail"), IntegerField())
    of_this_round = of_this.annotate(its_round=its_round).filter(its_round=OuterRef("search_round"))
    is_told = of_this_round.filter(kind="escalated")
    nobody_left = of_this_round.filter(kind="nobody_left", at__lte=long_ago)
    by_coordinator = of_this.filter(
        at__gt=long_ago,
        by__memberships__role=Membership.Role.COORDINATOR,
        by__memberships__pool=OuterRef("pool"),
    )
    return (
        ServiceRequest.objects.filter(status=Status.SEARCHING, created_at__lte=long_ago)
        .filter(period__startswith__gt=instant)
        .filter(
            Q(period__startswith__lte=instant + HURRY - NOBODY_LOOKS_AFTER) | Exists(nobody_left)
        )
        .filter(~Exists(is_told), ~Exists(by_coordinator))
        .order_by(F("period"))
    )


@transaction.atomic
def escalate(request_pk: int) -> bool:
    """Tell the coordinators, once per round, that nobody has looked at a red request."""
    service_request = (
        ServiceRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("pool", "language", "setting", "topic", "municipality", "postcode")
        .filter(pk=request_pk, status=Status.SEARCHING)
        .first()
    )
    if service_request is None:
        return False
    detail = {"round": service_request.search_round}
    if service_request.events.filter(kind="escalated", detail=detail).exists():
        return False
    lifecycle.write_event(service_request, "escalated", by=None, detail=detail)
    failpoint("escalation.noted")
    for person in coordinators_of(service_request.pool):
        outbox.write(
            person,
            pool=service_request.pool,
            template="coordinator_escalation",
            parameters={
                **telling.appointment(service_request, person),
                "link": f"{settings.PUBLIC_URL}/koordination/anfragen/{service_request.public_id}/",
            },
            message_class=MessageClass.NEWS,
            about=[telling.about_request(service_request)],
            step=f"escalated-{service_request.search_round}",
            not_after=service_request.period.lower,
            priority=3,
        )
    return True
