"""What keeps somebody from being asked: every hard filter, by name, and the values they compare.

Scalar probes with LIMIT 1, so that the planner runs them per surviving row and cannot turn them
into joins (retrieval.md, pitfall 2). `c` is the candidate row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matching.need import SETTING_OFF, Need
from matching.waves import NIGHT, before_waking

BUDGET_WINDOW = timedelta(days=7)
BLOCKED_BY_SILENCE = timedelta(hours=24)
TRAVEL_AT_MOST = timedelta(hours=7)  # 200 km, the longest way somebody can be ready to go: 5 hours

# Each filter has a name, so that one can be relaxed or, later, counted by itself.
# «asked»: who could not come along with a change (decision 7) never said no; the other filters
# judge her at the new time. Who was silent about it has been asked.
FILTERS: dict[str, str] = {
    "kind": "c.kinds & %(kind)s <> 0",
    "gender": "c.gender = %(gender)s",
    "level": "c.level >= %(minimum_level)s",
    "paused": "COALESCE(c.asked_again_on <= %(today)s::date, true)",
    "hours": "bit_count(c.week & %(week_mask)s::bit(168)) >= %(hours)s",
    "records": """
        (SELECT count(DISTINCT w.need) FROM volunteers_qualification q
           JOIN unnest(%(record_types)s::text[], %(record_needs)s::int[]) AS w(type, need)
             ON w.type = q.type_id
          WHERE q.volunteer_id = c.volunteer_id AND q.revoked_at IS NULL
            AND q.valid @> %(first_day)s::date
            AND (q.language_id IS NULL OR q.language_id = c.language_id)) = %(n_required)s""",
    "absent": """
        COALESCE((SELECT false FROM volunteers_absence a WHERE a.profile_id = c.person_id
           AND a.days && daterange(%(first_day)s::date, %(last_day)s::date, '[]')
           LIMIT 1), true)""",
    "setting": """
        COALESCE((SELECT false FROM volunteers_profile_opted_out_settings o
           WHERE o.profile_id = c.person_id AND o.setting_id = %(setting)s LIMIT 1), true)""",
    "conflict": """
        COALESCE((SELECT false FROM volunteers_profile_avoided_organisations o
           WHERE o.profile_id = c.person_id AND o.organisation_id = %(organisation)s LIMIT 1), true)
        AND COALESCE((SELECT false FROM pools_membership m WHERE m.person_id = c.person_id
           AND m.organisation_id = %(organisation)s AND m.ended_at IS NULL LIMIT 1), true)
        AND COALESCE((SELECT false FROM matching_requestvolunteer w
           WHERE w.service_request_id = %(request)s AND w.volunteer_id = c.volunteer_id
             AND w.wish = 'excluded' LIMIT 1), true)""",
    "asked": """
        COALESCE((SELECT false FROM matching_proposal p
           WHERE p.service_request_id = %(request)s AND p.person_id = c.person_id
             AND (p.search_round = %(round)s OR p.state = 'declined') LIMIT 1), true)
        AND COALESCE((SELECT false FROM matching_assignment s
           WHERE s.service_request_id = %(request)s AND s.person_id = c.person_id
             AND s.cancelled_by NOT IN ('undo', 'change') LIMIT 1), true)""",
    "pair": """
        COALESCE((SELECT false FROM matching_proposal p WHERE p.service_request_id = %(pair)s
             AND p.person_id = c.person_id AND p.state IN ('asked', 'accepted') LIMIT 1), true)""",
    "contact": """
        COALESCE((SELECT true FROM notifications_contact n WHERE n.person_id = c.person_id
           AND n.consented_at IS NOT NULL AND n.stopped_at IS NULL AND n.closed_at IS NULL
           LIMIT 1), false)""",
    "weekly_cap": """
        COALESCE((SELECT f.assignments_per_week > (SELECT count(*) FROM matching_assignment s
             WHERE s.person_id = c.person_id AND s.cancelled_at IS NULL
               AND s.period && tstzrange(%(week_from)s, %(week_until)s))
           FROM volunteers_profile f WHERE f.person_id = c.person_id), true)""",
    "budget": """
        COALESCE((SELECT f.messages_per_week > (SELECT count(*) FROM notifications_message g
             WHERE g.person_id = c.person_id AND g.message_class = 'offer'
               AND g.created_at > %(budget_since)s
               AND g.state NOT IN ('superseded', 'expired', 'failed'))
             OR (%(is_urgent)s AND f.urgent_beyond_budget)
           FROM volunteers_profile f WHERE f.person_id = c.person_id), true)""",
    "unanswered": """
        COALESCE((SELECT false FROM matching_proposal p
           JOIN requests_servicerequest r ON r.id = p.service_request_id
          WHERE p.person_id = c.person_id AND p.state = 'asked' AND r.status = 'searching'
            AND lower(r.period) > %(now)s AND p.asked_at > %(silent_since)s
            AND p.service_request_id <> %(request)s LIMIT 1), true)""",
}
BUSY = (
    "NOT matching_is_busy(c.person_id, tstzrange(%(starts_at)s, %(ends_at)s),"
    " %(place)s::geography, {on_site})"
)

# Whoever would set off later than half an hour from now (decision 9); on site only.
SETTING_OFF_S = int(SETTING_OFF.total_seconds())
ARRIVES = (
    "%(now)s + make_interval(secs => %(setting_off_s)s"
    " + 60 * matching_travel_minutes(c.pt <-> {place})) <= %(starts_at)s"
)

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
    pairs = [(code, place) for place, group in enumerate(need.required) for code in group]
    return {
        "kind": need.kind,
        "gender": need.gender,
        "minimum_level": need.minimum_level,
        "today": need.today,
        "week_mask": need.week_mask,
        "hours": need.hours,
        "record_types": [code for code, _ in pairs],
        "record_needs": [place for _, place in pairs],
        "n_required": len(need.required),
        "first_day": need.first_day,
        "last_day": need.last_day,
        "setting": need.setting,
        "organisation": need.organisation_id,
        "request": need.request_id,
        "round": need.search_round,
        "pair": need.pair,
        "week_from": week_from,
        "week_until": week_from + timedelta(days=7),
        "month_from": month_from,
        "month_until": (month_from + timedelta(days=32)).replace(day=1),
        "budget_since": now - BUDGET_WINDOW,
        "fatigue_since": now - timedelta(days=42),
        "is_urgent": need.is_urgent(now),
        "now": now,
        "setting_off_s": SETTING_OFF_S,
        "silent_since": before_waking(now, BLOCKED_BY_SILENCE, NIGHT, zone),
        "starts_at": need.starts_at,
        "ends_at": need.ends_at,
        "lon": need.longitude,
        "lat": need.latitude,
        "place": f"SRID=4326;POINT({need.longitude} {need.latitude})",
        "municipality": need.municipality,
    }
