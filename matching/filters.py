"""What keeps somebody from being asked: every hard filter by name, and what each compares.

`c` is the candidate row, which carries whatever changes seldom. What changes with every message
and appointment is looked up once per row that is left (LOOKED_UP): scalar aggregates, so that the
planner cannot turn them into joins over everybody (retrieval.md, pitfall 2).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matching.need import SETTING_OFF, Need
from matching.waves import NIGHT, before_waking

BUDGET_WINDOW = timedelta(days=7)
FATIGUE_WINDOW = timedelta(days=42)
BLOCKED_BY_SILENCE = timedelta(hours=24)
TRAVEL_AT_MOST = timedelta(hours=7)  # 200 km, the longest way somebody can be ready to go: 5 hours
NEAR_IN_TIME = timedelta(hours=6)  # as in matching_is_busy: further away no journey matters
RECORDS_SINCE = date(2000, 1, 1)
DAYS_PER_TYPE = 1 << 20

# Each filter has a name, so that one can be relaxed or counted by itself.
# «asked»: who could not come along with a change (decision 7) never said no; the other filters
# judge her at the new time. Who was silent about it has been asked.
IN_ROW: dict[str, str] = {
    "kind": "c.kinds & %(kind)s::int <> 0",
    "gender": "c.gender = %(gender)s",
    "level": "c.level >= %(minimum_level)s::int",
    "paused": "(c.asked_again_on IS NULL OR c.asked_again_on <= %(today)s::date)",
    "hours": "bit_count(c.week & %(week_mask)s::bit(168)) >= %(hours)s::int",
    "records": "c.records && ALL(%(required)s::int8multirange[])",
    "absent": "NOT c.away && daterange(%(first_day)s::date, %(last_day)s::date, '[]')",
    "setting": "%(setting)s <> ALL(c.avoids)",
    "conflict": """
        (%(organisation)s::bigint <> ALL(c.conflicts)
         AND c.volunteer_id <> ALL(ARRAY(SELECT x.volunteer_id FROM matching_requestvolunteer x
           WHERE x.service_request_id = %(request)s::bigint AND x.wish = 'excluded')))""",
    "asked": """
        c.person_id <> ALL(ARRAY(
          SELECT x.person_id FROM matching_proposal x
           WHERE x.service_request_id = %(request)s::bigint
             AND (x.search_round = %(round)s::int OR x.state = 'declined')
           UNION ALL
          SELECT x.person_id FROM matching_assignment x
           WHERE x.service_request_id = %(request)s::bigint
             AND x.cancelled_by NOT IN ('undo', 'change')))""",
    "pair": """
        c.person_id <> ALL(ARRAY(
          SELECT x.person_id FROM matching_proposal x WHERE x.service_request_id = %(pair)s::bigint
             AND x.state IN ('asked', 'accepted')))""",
}
LOOKED_UP: dict[str, str] = {
    "contact": "n.person_id IS NOT NULL",
    "weekly_cap": "(c.assignments_per_week IS NULL OR b.this_week < c.assignments_per_week)",
    "budget": """
        (w.messages < c.messages_per_week
         OR (%(is_urgent)s::boolean AND c.urgent_beyond_budget))""",
    "unanswered": "o.is_blocking IS NOT TRUE",
}
FILTERS = IN_ROW | LOOKED_UP
BUSY = {
    "on_site": """
        (b.is_near IS NOT TRUE OR NOT matching_is_busy(c.person_id,
           tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz),
           ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)::geography, true))""",
    "remote": "b.is_booked IS NOT TRUE",
}
# Whoever would set off later than half an hour from now (decision 9); on site only.
ARRIVES = """
        %(now)s::timestamptz + make_interval(secs => %(setting_off_s)s::int
           + 60 * matching_travel_minutes(c.pt <-> at.place)) <= %(starts_at)s::timestamptz"""

CONTACT = """
  LEFT JOIN LATERAL (
       SELECT k.person_id, extract(epoch FROM k.quiet_from)::int AS quiet_from_s,
              extract(epoch FROM k.quiet_until)::int AS quiet_until_s
         FROM notifications_contact k
        WHERE k.person_id = c.person_id AND k.consented_at IS NOT NULL
          AND k.stopped_at IS NULL AND k.closed_at IS NULL
        ORDER BY k.rank, k.id LIMIT 1) n ON true"""
MESSAGES = """
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE g.created_at > %(budget_since)s::timestamptz) AS messages,
              sum(exp(-extract(epoch FROM %(now)s::timestamptz - g.created_at) / 604800)) AS fatigue
         FROM notifications_message g
        WHERE g.person_id = c.person_id AND g.message_class = 'offer'
          AND g.created_at > %(fatigue_since)s::timestamptz
          AND g.state NOT IN ('superseded', 'expired', 'failed')) w"""
OFFERS = """
 CROSS JOIN LATERAL (
       SELECT count(*) AS open_offers,
              bool_or(lower(r.period) > %(now)s::timestamptz
                      AND p.asked_at > %(silent_since)s::timestamptz
                      AND r.id <> %(request)s::bigint) AS is_blocking
         FROM matching_proposal p JOIN requests_servicerequest r ON r.id = p.service_request_id
        WHERE p.person_id = c.person_id AND p.state = 'asked' AND r.status = 'searching') o"""
BOOKINGS = """
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE lower(s.period) >= %(month_from)s::timestamptz
                      AND lower(s.period) < %(month_until)s::timestamptz) AS this_month,
              count(*) FILTER (WHERE s.period
                && tstzrange(%(week_from)s::timestamptz, %(week_until)s::timestamptz)) AS this_week,
              bool_or(s.period
                && tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz)) AS is_booked,
              bool_or(s.period
                && tstzrange(%(near_from)s::timestamptz, %(near_until)s::timestamptz)) AS is_near
         FROM matching_assignment s
        WHERE s.person_id = c.person_id AND s.cancelled_at IS NULL AND s.period
              && tstzrange(%(books_from)s::timestamptz, %(books_until)s::timestamptz)) b"""
ABOUT = CONTACT + MESSAGES + OFFERS + BOOKINGS
"""What is looked up about a candidate `c`, each table once: for the filters and for the ranking."""

AT = """
  (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326), 3035)
          AS place OFFSET 0) at"""
REACH = "ST_Expand(c.pt, c.radius_m) && at.place AND c.pt <-> at.place <= c.radius_m"

SETTING_OFF_S = int(SETTING_OFF.total_seconds())

# Asking one person by hand, or writing down what she said on the telephone, may go beyond comfort
# (budget, hours, reach), never beyond records, conflicts and other appointments.
COORDINATOR_MAY_RELAX = frozenset({"budget", "unanswered", "hours", "reach", "weekly_cap"})
TELEPHONE_MAY_RELAX = COORDINATOR_MAY_RELAX | {
    "arrives",
    "asked",
    "contact",
    "paused",
    "absent",
    "setting",
}


def record_on(code: str, day: date) -> int:
    """Return the number of a type of record on a day (twin of matching_record_on)."""
    type_number = int(hashlib.md5(code.encode(), usedforsecurity=False).hexdigest()[:10], 16)
    return type_number * DAYS_PER_TYPE + max(0, (day - RECORDS_SINCE).days)


def without_meaning(need: Need, now: datetime) -> list[str]:
    """Return the filters that do not apply: left out of the text, since an OR costs the index."""
    names = [] if need.gender else ["gender"]
    if need.is_urgent(now):
        names.append("unanswered")
    if need.pair is None:
        names.append("pair")
    if not need.required:
        names.append("records")
    if need.starts_at - now > TRAVEL_AT_MOST:
        names.append("arrives")
    return names


def parameters_of(need: Need, now: datetime) -> dict[str, Any]:
    """Return every value the statement compares with."""
    zone = ZoneInfo(need.time_zone)
    local = need.starts_at.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    week_from = midnight - timedelta(days=local.weekday())
    month_from = midnight.replace(day=1)
    spans = {
        "week": (week_from, week_from + timedelta(days=7)),
        "month": (month_from, (month_from + timedelta(days=32)).replace(day=1)),
        "near": (need.starts_at - NEAR_IN_TIME, need.ends_at + NEAR_IN_TIME),
    }
    spans["books"] = (
        min(begin for begin, _ in spans.values()),
        max(end for _, end in spans.values()),
    )
    return {
        "kind": need.kind,
        "gender": need.gender,
        "minimum_level": int(need.minimum_level),
        "today": need.today,
        "week_mask": need.week_mask,
        "hours": need.hours,
        "required": [_any_of(group, need.first_day) for group in need.required],
        "first_day": need.first_day,
        "last_day": need.last_day,
        "setting": need.setting,
        "organisation": need.organisation_id,
        "request": need.request_id,
        "round": need.search_round,
        "pair": need.pair,
        **{f"{name}_from": begin for name, (begin, _) in spans.items()},
        **{f"{name}_until": end for name, (_, end) in spans.items()},
        "budget_since": now - BUDGET_WINDOW,
        "fatigue_since": now - FATIGUE_WINDOW,
        "is_urgent": need.is_urgent(now),
        "now": now,
        "setting_off_s": SETTING_OFF_S,
        "silent_since": before_waking(now, BLOCKED_BY_SILENCE, NIGHT, zone),
        "starts_at": need.starts_at,
        "ends_at": need.ends_at,
        "lon": need.longitude,
        "lat": need.latitude,
        "municipality": need.municipality,
    }


def _any_of(codes: tuple[str, ...], day: date) -> str:
    """Return one of the required groups, any of whose records will do, as a multirange."""
    numbers = sorted(record_on(code, day) for code in codes)
    return "{" + ",".join(f"[{one},{one + 1})" for one in numbers) + "}"
