"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from volunteers.models import (
    Absence,
    Consent,
    Profile,
    Qualification,
    SpokenLanguage,
    Volunteer,
)

OWNER = Entry("whose it is", Retention.TAKING_PART, Erase.WITH_ROW, Log.REFERENCE)
HOME = Entry(
    "measure the distance; known to the postcode only",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.NEVER,
)
REACH = Entry(
    "ask only for appointments the person can come to",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.NEVER,
)
GENDER = Entry(
    "only for requests that need a woman or a man", Retention.TAKING_PART, Erase.WITH_ROW, Log.NEVER
)
TIMES = Entry(
    "ask only for times that suit; never why", Retention.TAKING_PART, Erase.WITH_ROW, Log.NEVER
)
WISHES = Entry(
    "ask as often and for such places as the person wants",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.NEVER,
)
LANGUAGE = Entry(
    "find who speaks it; can reveal ethnic origin (Art. 9 DSGVO), by explicit consent",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.NEVER,
)
STANDING = Entry(
    "who may be asked; receipts refer to it", Retention.RECEIPTS, Erase.KEEP, Log.REFERENCE
)
DECISION = Entry("who decided, and when", Retention.RECEIPTS, Erase.DETACH, Log.REFERENCE)
NOTES = Entry(
    "what the coordinator keeps in mind; the person may read it",
    Retention.TAKING_PART,
    Erase.BLANK,
    Log.NEVER,
)
CONSENT = Entry(
    "prove that the person agreed, and to which text", Retention.RECEIPTS, Erase.KEEP, Log.REFERENCE
)
RECORD = Entry(
    "prove that the person was qualified on the day",
    Retention.RECEIPTS,
    Erase.WITH_ROW,
    Log.REFERENCE,
)
CERTIFICATE = Entry(
    "all that § 72a (5) SGB VIII lets us keep of a criminal-record certificate; its row goes too",
    Retention.POLICE_RECORD,
    Erase.WITH_ROW,
    Log.NEVER,
)

PERSONAL_DATA: Registry = {
    Profile: each(OWNER, "person", "updated_at")
    | each(HOME, "postcode", "municipality", "point")
    | each(REACH, "means", "radius_km", "on_site", "phone", "video", "extra_municipalities")
    | each(GENDER, "gender")
    | each(TIMES, "week", "paused_until", "is_paused")
    | each(WISHES, "messages_per_week", "assignments_per_week", "urgent_beyond_budget")
    | each(WISHES, "opted_out_settings", "avoided_organisations"),
    SpokenLanguage: each(OWNER, "profile")
    | each(LANGUAGE, "language", "level", "can_read", "region"),
    Absence: each(OWNER, "public_id", "profile") | each(TIMES, "days"),
    Volunteer: each(STANDING, "public_id", "pool", "person", "status", "registered_at")
    | each(STANDING, "wants_interpreting", "wants_guiding")
    | each(STANDING, "interpreting_unlocked_at", "guiding_unlocked_at")
    | each(DECISION, "decided_at", "decided_by")
    | each(DECISION, "interpreting_unlocked_by", "guiding_unlocked_by")
    | each(NOTES, "notes"),
    Consent: each(CONSENT, "person", "pool", "text_version", "given_at", "withdrawn_at")
    | each(DECISION, "noted_by"),
    Qualification: each(RECORD, "public_id", "pool", "volunteer", "type", "issuer", "units")
    | each(RECORD, "valid", "recorded_at", "revoked_at")
    | each(LANGUAGE, "language")
    | each(CERTIFICATE, "certificate_on", "has_no_relevant_entry")
    | each(DECISION, "inspected_on", "inspected_by", "revoked_by"),
}
