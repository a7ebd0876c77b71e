"""Candidate rows carry whatever changes seldom: records, absences, refused places, limits.

Seven probes per row took two thirds of a search; now they are comparisons within the row. Whoever
changes a source, the rows follow in the same transaction, as before.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import matching.row_fields

RECORD_ON = """
CREATE FUNCTION matching_record_on(code text, day date) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- A number for a type and a day: 40 bits of the code's hash, 20 of days. Twin: filters.record_on
  SELECT ('x' || left(md5(code), 10))::bit(40)::bigint * 1048576
         + LEAST(1048575, GREATEST(0, COALESCE(day - DATE '2000-01-01', 1048575)))
$$;

CREATE FUNCTION matching_records_of(who bigint, spoken bigint) RETURNS int8multirange
LANGUAGE sql STABLE AS $$
  SELECT COALESCE(range_agg(int8range(matching_record_on(type_id, lower(valid)),
                                      matching_record_on(type_id, upper(valid)))), '{}')
    FROM volunteers_qualification
   WHERE volunteer_id = who AND revoked_at IS NULL
     AND (language_id IS NULL OR language_id = spoken)
$$;
"""

DUE = """
CREATE OR REPLACE VIEW matching_candidate_due AS
SELECT v.id AS volunteer_id, l.language_id, v.pool_id, v.person_id, l.level,
       ST_Transform(p.point::geometry, 3035) AS pt, p.radius_km * 1000 AS radius_m,
       k.kinds, (p.on_site::int + 2 * p.phone::int + 4 * p.video::int)::smallint AS modality,
       p.gender, CASE WHEN bit_count(p.week) = 0 THEN ~p.week ELSE p.week END AS week,
       CASE WHEN p.is_paused THEN DATE '9999-12-31' ELSE p.paused_until END AS asked_again_on,
       matching_records_of(v.id, l.language_id) AS records,
       COALESCE((SELECT range_agg(a.days) FROM volunteers_absence a
                  WHERE a.profile_id = v.person_id), '{}') AS away,
       ARRAY(SELECT o.setting_id::text FROM volunteers_profile_opted_out_settings o
              WHERE o.profile_id = v.person_id ORDER BY 1) AS avoids,
       ARRAY(SELECT o.organisation_id FROM volunteers_profile_avoided_organisations o
              WHERE o.profile_id = v.person_id
              UNION SELECT m.organisation_id FROM pools_membership m
              WHERE m.person_id = v.person_id AND m.organisation_id IS NOT NULL
                AND m.ended_at IS NULL ORDER BY 1) AS conflicts,
       p.messages_per_week, p.assignments_per_week, p.urgent_beyond_budget
  FROM volunteers_volunteer v
  JOIN volunteers_profile p ON p.person_id = v.person_id
  JOIN pools_user u ON u.id = v.person_id AND u.is_active
 CROSS JOIN LATERAL (
       SELECT ((v.wants_interpreting AND v.interpreting_unlocked_at IS NOT NULL)::int
               + 2 * (v.wants_guiding AND v.guiding_unlocked_at IS NOT NULL)::int)::smallint AS kinds
       ) k
 CROSS JOIN LATERAL (
       SELECT s.language_id, s.level FROM volunteers_spokenlanguage s WHERE s.profile_id = v.person_id
        UNION ALL
       SELECT id, 6::smallint FROM reference_language WHERE code = 'any'
       ) l
 WHERE v.status = 'approved' AND k.kinds <> 0;
"""

REFRESH = """
CREATE OR REPLACE FUNCTION matching_refresh_person(who bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Two editors of one person take turns: without the lock each would miss the other's change.
  -- Not the profile: it may be just being made, and a row nobody sees holds nobody up.
  PERFORM 1 FROM pools_user WHERE id = who FOR NO KEY UPDATE;
  DELETE FROM matching_candidate c
   WHERE c.person_id = who
     AND NOT EXISTS (SELECT 1 FROM matching_candidate_due d
                      WHERE d.person_id = who AND d.volunteer_id = c.volunteer_id
                        AND d.language_id = c.language_id);
  INSERT INTO matching_candidate AS c (volunteer_id, language_id, pool_id, person_id, level, pt,
         radius_m, kinds, modality, gender, week, asked_again_on, records, away, avoids, conflicts,
         messages_per_week, assignments_per_week, urgent_beyond_budget)
  SELECT volunteer_id, language_id, pool_id, person_id, level, pt,
         radius_m, kinds, modality, gender, week, asked_again_on, records, away, avoids, conflicts,
         messages_per_week, assignments_per_week, urgent_beyond_budget
    FROM matching_candidate_due WHERE person_id = who
      ON CONFLICT (volunteer_id, language_id) DO UPDATE
     SET pool_id = EXCLUDED.pool_id, person_id = EXCLUDED.person_id, level = EXCLUDED.level,
         pt = EXCLUDED.pt, radius_m = EXCLUDED.radius_m, kinds = EXCLUDED.kinds,
         modality = EXCLUDED.modality, gender = EXCLUDED.gender, week = EXCLUDED.week,
         asked_again_on = EXCLUDED.asked_again_on, records = EXCLUDED.records,
         away = EXCLUDED.away, avoids = EXCLUDED.avoids, conflicts = EXCLUDED.conflicts,
         messages_per_week = EXCLUDED.messages_per_week,
         assignments_per_week = EXCLUDED.assignments_per_week,
         urgent_beyond_budget = EXCLUDED.urgent_beyond_budget
   WHERE (c.pool_id, c.person_id, c.level, c.pt, c.radius_m, c.kinds, c.modality, c.gender,
          c.week, c.asked_again_on, c.records, c.away, c.avoids, c.conflicts,
          c.messages_per_week, c.assignments_per_week, c.urgent_beyond_budget)
         IS DISTINCT FROM
         (EXCLUDED.pool_id, EXCLUDED.person_id, EXCLUDED.level, EXCLUDED.pt, EXCLUDED.radius_m,
          EXCLUDED.kinds, EXCLUDED.modality, EXCLUDED.gender, EXCLUDED.week,
          EXCLUDED.asked_again_on, EXCLUDED.records, EXCLUDED.away, EXCLUDED.avoids,
          EXCLUDED.conflicts, EXCLUDED.messages_per_week, EXCLUDED.assignments_per_week,
          EXCLUDED.urgent_beyond_budget);
  DELETE FROM matching_candidatemunicipality m
   USING volunteers_volunteer v
   WHERE v.id = m.volunteer_id AND v.person_id = who
     AND NOT EXISTS (SELECT 1 FROM matching_candidate c
                       JOIN volunteers_profile_extra_municipalities e ON e.profile_id = who
                      WHERE c.volunteer_id = m.volunteer_id AND c.language_id = m.language_id
                        AND e.municipality_id = m.municipality_id);
  INSERT INTO matching_candidatemunicipality (volunteer_id, language_id, municipality_id, pool_id)
  SELECT c.volunteer_id, c.language_id, e.municipality_id, c.pool_id
    FROM matching_candidate c
    JOIN volunteers_profile_extra_municipalities e ON e.profile_id = c.person_id
   WHERE c.person_id = who
      ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION matching_records_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Person first, as everybody who changes what she is asked for; then what is true by now.
  PERFORM 1 FROM pools_user
    WHERE id IN (SELECT v.person_id FROM volunteers_volunteer v
                   JOIN changed ON changed.volunteer_id = v.id)
    ORDER BY id FOR NO KEY UPDATE;
  UPDATE matching_candidate c SET records = matching_records_of(c.volunteer_id, c.language_id)
   WHERE c.volunteer_id IN (SELECT volunteer_id FROM changed)
     AND c.records <> matching_records_of(c.volunteer_id, c.language_id);
  RETURN NULL;
END $$;
"""

SOURCES = (
    ("volunteers_absence", "profile_id"),
    ("volunteers_profile_opted_out_settings", "profile_id"),
    ("volunteers_profile_avoided_organisations", "profile_id"),
    ("pools_membership", "person_id"),
)
TRIGGERS = "".join(
    f"CREATE TRIGGER candidates_follow AFTER INSERT OR UPDATE OR DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION matching_source_changed('{column}');\n"
    for table, column in SOURCES
) + "".join(
    f"CREATE TRIGGER candidates_follow_{event} AFTER {event} ON volunteers_qualification"
    f" REFERENCING {rows} TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION matching_records_changed();\n"
    for event, rows in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
)

BUSY = """
CREATE OR REPLACE FUNCTION matching_is_busy(
  who bigint, slot tstzrange, place geography, is_on_site boolean)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
-- Booked at that time, or too near in time to get from one place to the other. Not in SQL: that
-- was planned anew in every search, for each place it is called in.
BEGIN
  RETURN EXISTS (
    SELECT FROM matching_assignment a
      JOIN requests_servicerequest r ON r.id = a.service_request_id
     WHERE a.person_id = who AND a.cancelled_at IS NULL
       AND a.period && tstzrange(lower(slot) - interval '6 hours', upper(slot) + interval '6 hours')
       AND a.period && (CASE WHEN is_on_site AND a.mode = 'on_site' THEN
             tstzrange(
               lower(slot) - make_interval(secs => 60 * GREATEST(45, matching_travel_minutes(ST_Distance(r.point, place)))),
               upper(slot) + make_interval(secs => 60 * GREATEST(45, matching_travel_minutes(ST_Distance(r.point, place)))))
           ELSE slot END));
END $$;
"""


class Migration(migrations.Migration):
    """Expands: the code before this one does not look at the new columns."""

    dependencies = [
        ("matching", "0007_silence_after_a_change"),
        ("volunteers", "0001_initial"),
        ("pools", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            "candidate",
            "records",
            matching.row_fields.RecordsField(
                db_default="{}", help_text="which hold on which day, in this language"
            ),
        ),
        migrations.AddField("candidate", "away", matching.row_fields.DaysField(db_default="{}")),
        migrations.AddField(
            "candidate",
            "avoids",
            ArrayField(models.CharField(max_length=30), db_default=[], help_text="settings"),
        ),
        migrations.AddField(
            "candidate",
            "conflicts",
            ArrayField(models.BigIntegerField(), db_default=[], help_text="organisations"),
        ),
        migrations.AddField(
            "candidate", "messages_per_week", models.PositiveSmallIntegerField(db_default=3)
        ),
        migrations.AddField(
            "candidate", "assignments_per_week", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            "candidate", "urgent_beyond_budget", models.BooleanField(db_default=False)
        ),
        # There is no way back: the triggers before this one would leave the new columns stale.
        migrations.RunSQL(RECORD_ON + DUE + REFRESH + TRIGGERS + BUSY),
        migrations.RunSQL(
            "SELECT matching_refresh_person(person_id)"
            " FROM (SELECT DISTINCT person_id FROM volunteers_volunteer ORDER BY 1) everybody",
            migrations.RunSQL.noop,
        ),
    ]
