"""Reads a request and the rules of its pool into the plain values the pure modules work on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from matching.models import Proposal
from matching.need import GUIDE, INTERPRET, Need
from matching.telling import about_proposal
from matching.waves import NIGHT, Limits, Pending, waking_time
from notifications.models import Message, MessageClass, MessageState
from pools import rules
from reference.models import ANY_LANGUAGE, Language
from service_requests.models import Kind, ServiceRequest
from volunteers.models import Level
from volunteers.week import week_mask

MINIMUM_LEVELS = {"C1": Level.C1, "C2": Level.C2}


def need_of(service_request: ServiceRequest, now: datetime) -> Need:
    """Return what is needed, with times in the pool's zone and the rules of the day."""
    pool = service_request.pool
    zone = pool.zone
    starts_at, ends_at = service_request.period.lower, service_request.period.upper
    first, last = starts_at.astimezone(zone), (ends_at - timedelta(seconds=1)).astimezone(zone)
    mask = week_mask(starts_at, ends_at, zone)
    wanted_level = rules.rule(pool, "level.language_min", first.date()) or ""
    return Need(
        request_id=service_request.pk,
        search_round=service_request.search_round,
        pools=(pool.pk,),
        languages=_languages(service_request),
        kind=INTERPRET if service_request.kind == Kind.INTERPRET else GUIDE,
        modes=tuple(service_request.modes),
        starts_at=starts_at.astimezone(zone),
        ends_at=ends_at.astimezone(zone),
        first_day=first.date(),
        last_day=last.date(),
        today=now.astimezone(zone).date(),
        week_mask=mask,
        hours=mask.count("1"),
        longitude=service_request.point.x,
        latitude=service_request.point.y,
        municipality=service_request.municipality_id,
        setting=service_request.setting_id,
        organisation_id=service_request.organisation_id,
        gender=service_request.gender_wish if service_request.gender_must else "",
        minimum_level=MINIMUM_LEVELS.get(wanted_level, Level.SPOKEN_ONLY),
        required=tuple(tuple(group) for group in service_request.required_records),
        time_zone=pool.time_zone,
        pair=service_request.pair_id,
    )


def _languages(service_request: ServiceRequest) -> tuple[int, ...]:
    """Return the wanted language, then those the requester said are fine too."""
    if service_request.language_id is None:
        return (Language.objects.get(code=ANY_LANGUAGE).pk,)
    bridges = service_request.bridge_languages.order_by("pk").values_list("pk", flat=True)
    return tuple(dict.fromkeys((service_request.language_id, *bridges)))


def limits_of(service_request: ServiceRequest, now: datetime) -> Limits:
    """Return the pool's limits on waves; a nought would divide by itself or ask nobody for ever."""
    pool, today = service_request.pool, now.astimezone(service_request.pool.zone).date()
    return Limits(
        max_size=max(1, rules.rule_int(pool, "wave.max_size", today, 8)),
        urgent_epoch=timedelta(
            minutes=max(1, rules.rule_int(pool, "wave.interval_minutes_urgent", today, 15))
        ),
        planned_epoch=timedelta(
            minutes=max(1, rules.rule_int(pool, "wave.interval_minutes_planned", today, 60))
        ),
    )


def pending_of(service_request: ServiceRequest, now: datetime) -> list[Pending]:
    """Return the offers of this round that nobody has answered yet and that reached somebody."""
    open_offers = Proposal.objects.filter(
        service_request=service_request,
        search_round=F("service_request__search_round"),
        state=Proposal.State.ASKED,
    )
    arrived_nowhere = _given_up(open_offers)
    zone = service_request.pool.zone
    return [
        Pending(offer.probability, waking_time(offer.asked_at, now, NIGHT, zone))
        for offer in open_offers
        if about_proposal(offer) not in arrived_nowhere
    ]


def _given_up(offers: Iterable[Proposal]) -> set[str]:
    """Return those none of whose messages got through: nobody can answer what nobody got."""
    messages = Message.objects.filter(
        about__overlap=[about_proposal(offer) for offer in offers],
        message_class=MessageClass.OFFER,
    ).values_list("about", "state")
    lost = (MessageState.FAILED, MessageState.EXPIRED)
    given_up = {name for about, state in messages if state in lost for name in about}
    return given_up - {name for about, state in messages if state not in lost for name in about}
