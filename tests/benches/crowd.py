"""Many volunteers around German postcodes, as rows that the search reads; made in the database.

Sixty languages by Zipf's law and ten that a handful of people speak; a radius of one's own, hours
of the week, records of which some have run out, absences, appointments. Spread over 400 pools by
postcode, or all in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from background.clock import now
from reference.models import ANY_LANGUAGE, Language, QualificationType
from service_requests.models import ServiceRequest
from tests import builders

POOLS = 400
ZIPF, RARE = 60, 10
RECORDS = 7
DAYS_AHEAD = 14

PLACES = """
CREATE TABLE bench_place AS
SELECT code, ST_Transform(point::geometry, 3035) AS pt,
       (row_number() OVER (ORDER BY code))::int AS nth,
       CASE WHEN %(pools)s = 1 THEN 1
            ELSE ntile(%(pools)s) OVER (ORDER BY code) END AS pool
  FROM reference_postcode WHERE point IS NOT NULL;
CREATE UNIQUE INDEX ON bench_place (nth);
CREATE TABLE bench_pool AS
SELECT row_number() OVER (ORDER BY id)::int AS nth, id FROM pools_pool
"""
# Half of them anywhere, half in one place of each four hundred.
PEOPLE = """
CREATE TABLE bench_person AS
SELECT i AS id, p.pool, p.code,
       ST_SetSRID(ST_MakePoint(ST_X(p.pt) + 6000 * (random() - 0.5),
                               ST_Y(p.pt) + 6000 * (random() - 0.5)), 3035) AS pt,
       (5 + (60 * random() * random())::int) * 1000 AS radius_m,
       (1 + (random() * 6)::int)::smallint AS modality,
       1 + (random() * 5)::int AS level,
       CASE WHEN random() < 0.7 THEN ~(0::bit(168))
            ELSE ~(0::bit(168)) & ~(%(mask)s::bit(168)) END AS week,
       floor(exp(random() * ln(%(zipf)s + 1)))::int AS first,
       CASE WHEN random() < 0.4 THEN floor(exp(random() * ln(%(zipf)s + 1)))::int END AS second
  FROM (SELECT i, CASE WHEN i %% 2 = 0 THEN 1 + (random() * (%(places)s - 1))::int
                       ELSE 1 + ((i::bigint * 7919) %% 400 * (%(places)s / 400))::int END AS at
          FROM generate_series(1000001, 1000000 + %(people)s) i) drawn
  JOIN bench_place p ON p.nth = drawn.at
"""
CANDIDATES = """
INSERT INTO matching_candidate (volunteer_id, language_id, pool_id, person_id, level, pt, radius_m,
       kinds, modality, gender, week)
SELECT b.id, (%(languages)s::bigint[])[s.nth], q.id, b.id, b.level, b.pt, b.radius_m, 3,
       b.modality, '', b.week
  FROM bench_person b JOIN bench_pool q ON q.nth = b.pool
  JOIN LATERAL (
       SELECT b.first AS nth
       UNION SELECT b.second WHERE b.second IS NOT NULL
       UNION SELECT %(zipf)s + 1 + (b.id %% %(rare)s)::int
              WHERE b.id < 1000000 + 30 * %(rare)s
       UNION SELECT %(zipf)s + %(rare)s + 1) s ON true
 ORDER BY q.id, s.nth, ST_X(b.pt)
"""
MUNICIPALITIES = """
INSERT INTO matching_candidatemunicipality (volunteer_id, language_id, municipality_id, pool_id)
SELECT c.volunteer_id, c.language_id, m.ags, c.pool_id FROM matching_candidate c
  JOIN (SELECT ags, row_number() OVER (ORDER BY ags) AS nth FROM reference_municipality) m
    ON m.nth = 1 + c.volunteer_id %% 400
 WHERE c.volunteer_id %% 20 = 0
"""
DETAILS = """
INSERT INTO volunteers_profile (person_id, point, means, radius_km, on_site, phone, video, gender,
       week, messages_per_week, urgent_beyond_budget, is_paused, updated_at, postcode_id)
SELECT id, ST_Transform(pt, 4326)::geography, 'car', 20, true, true, true, '', week, 3,
       false, false, now(), code FROM bench_person;
INSERT INTO volunteers_absence (profile_id, days)
SELECT id, CASE WHEN id %% 10 = 3 THEN daterange(%(day)s - 1, %(day)s + 3)
                ELSE daterange(%(day)s + 30, %(day)s + 37) END
  FROM bench_person WHERE id %% 5 = 3;
INSERT INTO notifications_contact (public_id, person_id, channel, address, rank, verified_at,
       consented_at, quiet_from, quiet_until)
SELECT gen_random_uuid(), id, 'sms', '+49' || id, 1, now(), now(), '20:00', '08:00'
  FROM bench_person;
INSERT INTO volunteers_qualification (public_id, issuer, valid, inspected_on, recorded_at,
       inspected_by_id, pool_id, type_id, volunteer_id)
SELECT gen_random_uuid(), '', daterange('2024-01-01', CASE WHEN (b.id + k) %% 50 = 0
       THEN %(day)s - 1 END), '2024-01-01', now(), 0, q.id, (%(records)s::text[])[k], b.id
  FROM bench_person b JOIN bench_pool q ON q.nth = b.pool, generate_series(1, %(n_records)s) k
"""
APPOINTMENTS = """
INSERT INTO requests_servicerequest
SELECT (jsonb_populate_record(NULL::requests_servicerequest, to_jsonb(r) || jsonb_build_object(
       'id', b.id, 'public_id', gen_random_uuid(), 'status', 'confirmed'))).*
  FROM requests_servicerequest r, bench_person b WHERE r.id = %(template)s AND b.id %% 4 = 1;
INSERT INTO matching_assignment (public_id, period, mode, accepted_at, accepted_via, undo_until,
       cancelled_by, language_id, person_id, pool_id, service_request_id, volunteer_id,
       volunteer_pool_id)
SELECT gen_random_uuid(), CASE WHEN b.id %% 8 = 1
            THEN tstzrange(%(starts_at)s, %(starts_at)s + interval '1 hour')
            ELSE tstzrange(%(starts_at)s + interval '20 days', %(starts_at)s + interval '21 days')
       END, 'on_site', now(), 'link', now(), '', %(language)s, b.id, q.id, b.id, b.id, q.id
  FROM bench_person b JOIN bench_pool q ON q.nth = b.pool WHERE b.id %% 4 = 1
"""
MIRRORED = """
UPDATE matching_candidate c SET records = q.held FROM (
       SELECT volunteer_id, range_agg(int8range(matching_record_on(type_id, lower(valid)),
                                                matching_record_on(type_id, upper(valid)))) AS held
         FROM volunteers_qualification GROUP BY volunteer_id) q
 WHERE q.volunteer_id = c.volunteer_id;
UPDATE matching_candidate c SET away = a.away FROM (
       SELECT profile_id, range_agg(days) AS away FROM volunteers_absence GROUP BY profile_id) a
 WHERE a.profile_id = c.person_id
"""
FILLED = (
    "matching_candidate, matching_candidatemunicipality, matching_assignment, volunteers_profile,"
    " volunteers_absence, volunteers_qualification, notifications_contact, requests_servicerequest"
)


@dataclass(frozen=True)
class Crowd:
    """What the searches in it need to know."""

    languages: list[int]
    records: list[str]
    starts_at: datetime
    template: ServiceRequest


def fill(volunteers: int, *, layout: str, week_mask: str) -> Crowd:
    """Fill the database at hand with so many people who exist only as far as searches look."""
    n_pools = POOLS if layout == "spread" else 1
    template = builders.a_request(starts_at=now() + timedelta(days=DAYS_AHEAD))
    for _ in range(n_pools - 1):
        builders.a_pool()
    languages = list(
        Language.objects.exclude(code=ANY_LANGUAGE)
        .order_by("pk")
        .values_list("pk", flat=True)[: ZIPF + RARE]
    )
    languages.append(Language.objects.get(code=ANY_LANGUAGE).pk)
    records = list(
        QualificationType.objects.filter(is_per_language=False)
        .order_by("pk")
        .values_list("pk", flat=True)[:RECORDS]
    )
    day = template.period.lower
    parameters: dict[str, Any] = {
        "pools": n_pools,
        "people": volunteers,
        "mask": week_mask,
        "zipf": ZIPF,
        "rare": RARE,
        "languages": languages,
        "language": languages[0],
        "records": records,
        "n_records": RECORDS,
        "day": day.date(),
        "starts_at": day,
        "template": template.pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nobody misses the people
        cursor.execute(PLACES, parameters)
        cursor.execute("SELECT count(*) FROM bench_place")
        parameters["places"] = cursor.fetchone()[0]
        for statements in (PEOPLE, CANDIDATES, MUNICIPALITIES, DETAILS, APPOINTMENTS, MIRRORED):
            cursor.execute(statements, parameters)
    with connection.cursor() as cursor:
        # Two updates of every row left as many dead ones, which no pool that grew slowly has.
        cursor.execute("VACUUM FULL matching_candidate")
        cursor.execute(f"VACUUM ANALYZE {FILLED}")
    return Crowd(languages, records, day, template)
