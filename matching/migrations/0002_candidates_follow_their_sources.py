"""Triggers that keep the candidate table in step, and the one that guards the records.

Both are promises of the database: whoever writes (page, admin, psql), the rows follow in the same
transaction, and nobody is asked or assigned whose required records do not hold on the day.
"""

from django.db import migrations

DUE = """
CREATE VIEW matching_candidate_due AS
SELECT v.id AS volunteer_id, l.language_id, v.pool_id, v.person_id, l.level,
       ST_Transform(p.point::geometry, 3035) AS pt, p.radius_km * 1000 AS radius_m,
       k.kinds, (p.on_site::int + 2 * p.phone::int + 4 * p.video::int)::smallint AS modality,
       p.gender, CASE WHEN bit_count(p.week) = 0 THEN ~p.week ELSE p.week END AS week,
       CASE WHEN p.is_paused THEN DATE '9999-12-31' ELSE p.paused_until END AS asked_again_on
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
CREATE FUNCTION matching_refresh_person(who bigint) RETURNS void LANGUAGE plpgsql AS $$
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
         radius_m, kinds, modality, gender, week, asked_again_on)
  SELECT volunteer_id, language_id, pool_id, person_id, level, pt,
         radius_m, kinds, modality, gender, week, asked_again_on
    FROM matching_candidate_due WHERE person_id = who
      ON CONFLICT (volunteer_id, language_id) DO UPDATE
     SET pool_id = EXCLUDED.pool_id, person_id = EXCLUDED.person_id, level = EXCLUDED.level,
         pt = EXCLUDED.pt, radius_m = EXCLUDED.radius_m, kinds = EXCLUDED.kinds,
         modality = EXCLUDED.modality, gender = EXCLUDED.gender, week = EXCLUDED.week,
         asked_again_on = EXCLUDED.asked_again_on
   WHERE (c.pool_id, c.person_id, c.level, c.pt, c.radius_m, c.kinds, c.modality, c.gender,
          c.week, c.asked_again_on)
         IS DISTINCT FROM
         (EXCLUDED.pool_id, EXCLUDED.person_id, EXCLUDED.level, EXCLUDED.pt, EXCLUDED.radius_m,
          EXCLUDED.kinds, EXCLUDED.modality, EXCLUDED.gender, EXCLUDED.week,
          EXCLUDED.asked_again_on);
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

CREATE FUNCTION matching_source_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  person_column text := TG_ARGV[0];
  was bigint;
  is_now bigint;
BEGIN
  IF TG_OP <> 'INSERT' THEN was := (to_jsonb(OLD) ->> person_column)::bigint; END IF;
  IF TG_OP <> 'DELETE' THEN is_now := (to_jsonb(NEW) ->> person_column)::bigint; END IF;
  IF was IS NOT NULL THEN PERFORM matching_refresh_person(was); END IF;
  IF is_now IS DISTINCT FROM was AND is_now IS NOT NULL THEN
    PERFORM matching_refresh_person(is_now);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION matching_volunteer_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM matching_candidatemunicipality WHERE volunteer_id = OLD.id;
  DELETE FROM matching_candidate WHERE volunteer_id = OLD.id;
  RETURN NULL;
END $$;
"""

SOURCES = (
    ("volunteers_volunteer", "person_id", "INSERT OR UPDATE OR DELETE"),
    ("volunteers_profile", "person_id", "INSERT OR UPDATE OR DELETE"),
    ("volunteers_spokenlanguage", "profile_id", "INSERT OR UPDATE OR DELETE"),
    ("volunteers_profile_extra_municipalities", "profile_id", "INSERT OR UPDATE OR DELETE"),
    ("pools_user", "id", "UPDATE OF is_active"),
)
TRIGGERS = "".join(
    f"CREATE TRIGGER candidates_follow AFTER {events} ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION matching_source_changed('{column}');\n"
    for table, column, events in SOURCES
) + (
    "CREATE TRIGGER candidates_go AFTER DELETE ON volunteers_volunteer"
    " FOR EACH ROW EXECUTE FUNCTION matching_volunteer_gone();\n"
)
DROP_TRIGGERS = (
    "".join(f"DROP TRIGGER candidates_follow ON {table};\n" for table, _, _ in SOURCES)
    + "DROP TRIGGER candidates_go ON volunteers_volunteer;\n"
)

TRAVEL = """
CREATE FUNCTION matching_travel_minutes(metres double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- matching.md 2: road = 1.34 x straight line; 8 min + road / speed. Twin: ranking.travel_minutes
  SELECT 8 + 1.34 * metres / 1000 * 60 /
         CASE WHEN 1.34 * metres < 8000 THEN 28 WHEN 1.34 * metres <= 25000 THEN 45 ELSE 65 END
$$;

CREATE FUNCTION matching_is_busy(who bigint, slot tstzrange, place geography, is_on_site boolean)
RETURNS boolean LANGUAGE sql STABLE AS $$
  -- Booked at that time, or too near in time to get from one place to the other.
  SELECT COALESCE((
    SELECT true FROM matching_assignment a
      JOIN requests_servicerequest r ON r.id = a.service_request_id
     WHERE a.person_id = who AND a.cancelled_at IS NULL
       AND a.period && tstzrange(lower(slot) - interval '6 hours', upper(slot) + interval '6 hours')
       AND a.period && (CASE WHEN is_on_site AND a.mode = 'on_site' THEN
             tstzrange(
               lower(slot) - make_interval(secs => 60 * GREATEST(45, matching_travel_minutes(ST_Distance(r.point, place)))),
               upper(slot) + make_interval(secs => 60 * GREATEST(45, matching_travel_minutes(ST_Distance(r.point, place)))))
           ELSE slot END)
     LIMIT 1), false)
$$;
"""

RECORDS = """
CREATE FUNCTION matching_records_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  day date;
  needed jsonb;
  one_of jsonb;
BEGIN
  SELECT (lower(r.period) AT TIME ZONE p.time_zone)::date, r.required_records INTO day, needed
    FROM requests_servicerequest r JOIN pools_pool p ON p.id = r.pool_id
   WHERE r.id = NEW.service_request_id;
  FOR one_of IN SELECT jsonb_array_elements(needed) LOOP
    -- FOR SHARE: somebody revoking the record at this moment goes first, or waits for us.
    PERFORM 1 FROM volunteers_qualification q
      WHERE q.volunteer_id = NEW.volunteer_id AND q.revoked_at IS NULL AND q.valid @> day
        AND q.type_id IN (SELECT jsonb_array_elements_text(one_of))
        AND (q.language_id IS NULL OR q.language_id = NEW.language_id)
        FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION '% : a required record does not hold on the day', TG_ARGV[0]
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
    END IF;
  END LOOP;
  RETURN NEW;
END $$;

CREATE TRIGGER assignment_records_hold_on_the_day
  BEFORE INSERT OR UPDATE OF volunteer_id, service_request_id, period, language_id
  ON matching_assignment FOR EACH ROW WHEN (NEW.cancelled_at IS NULL)
  EXECUTE FUNCTION matching_records_hold('assignment_records_hold_on_the_day');
CREATE TRIGGER proposal_records_hold_on_the_day
  BEFORE INSERT ON matching_proposal FOR EACH ROW
  EXECUTE FUNCTION matching_records_hold('proposal_records_hold_on_the_day');
"""


class Migration(migrations.Migration):
    """After all tables it looks at."""

    dependencies = [
        ("matching", "0001_initial"),
        ("volunteers", "0001_initial"),
        ("requests", "0001_initial"),
        ("pools", "0001_initial"),
        ("reference", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            DUE + REFRESH + TRIGGERS,
            DROP_TRIGGERS
            + "DROP FUNCTION matching_source_changed();\nDROP FUNCTION matching_volunteer_gone();\n"
            "DROP FUNCTION matching_refresh_person(bigint);\nDROP VIEW matching_candidate_due;",
        ),
        migrations.RunSQL(
            TRAVEL,
            "DROP FUNCTION matching_is_busy(bigint, tstzrange, geography, boolean);"
            "DROP FUNCTION matching_travel_minutes(double precision);",
        ),
        migrations.RunSQL(
            RECORDS,
            "DROP TRIGGER assignment_records_hold_on_the_day ON matching_assignment;"
            "DROP TRIGGER proposal_records_hold_on_the_day ON matching_proposal;"
            "DROP FUNCTION matching_records_hold();",
        ),
    ]
