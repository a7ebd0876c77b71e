"""What is stored here; see background/registry.py. No field is meant for a client's data."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from service_requests.models import AlternativeSlot, Event, ServiceRequest

APPOINTMENT = Entry(
    "what, when and where; accounts and statistics count it",
    Retention.RECEIPTS,
    Erase.KEEP,
    Log.REFERENCE,
)
LANGUAGE = Entry(
    "whom to look for; with place and time it may point to a client",
    Retention.RECEIPTS,
    Erase.KEEP,
    Log.NEVER,
)
PLACE = Entry(
    "where to go; shown after the yes, of a hidden place only then",
    Retention.REQUEST_TEXT,
    Erase.BLANK,
    Log.NEVER,
)
STAFF = Entry("whom to ask for at the place", Retention.REQUEST_TEXT, Erase.BLANK, Log.NEVER)
FREE_TEXT = Entry(
    "what helps at the appointment; checked for personal data before it is stored",
    Retention.REQUEST_TEXT,
    Erase.BLANK,
    Log.NEVER,
)
NEEDS = Entry("who may be asked", Retention.RECEIPTS, Erase.KEEP, Log.NEVER)
CASE = Entry(
    "count the appointments of a case; a keyed hash", Retention.CASE, Erase.BLANK, Log.NEVER
)
SEARCH = Entry("when the search does what", Retention.RECEIPTS, Erase.KEEP, Log.OPEN)
AUTHOR = Entry("who asked, whom to tell", Retention.RECEIPTS, Erase.DETACH, Log.REFERENCE)
HISTORY = Entry(
    "what happened when; codes and counts only", Retention.RECEIPTS, Erase.KEEP, Log.OPEN
)
ACTOR = Entry("who did it", Retention.RECEIPTS, Erase.DETACH, Log.REFERENCE)

PERSONAL_DATA: Registry = {
    ServiceRequest: each(APPOINTMENT, "public_id", "pool", "organisation", "kind", "status")
    | each(APPOINTMENT, "modes", "period", "setting", "topic", "municipality", "created_at", "pair")
    | each(AUTHOR, "posted_by")
    | each(LANGUAGE, "language", "bridge_languages")
    | each(PLACE, "postcode", "point", "address", "is_hidden_place")
    | each(STAFF, "contact_name", "contact_phone")
    | each(FREE_TEXT, "variety", "note", "urgency_reason", "sent_despite_name_warning")
    | each(NEEDS, "professional_present", "gender_wish", "gender_must", "minors_present")
    | each(NEEDS, "required_records")
    | each(CASE, "case_digest")
    | each(SEARCH, "search_round", "look_again_at", "inform_at", "informed_at"),
    AlternativeSlot: each(APPOINTMENT, "service_request", "period"),
    Event: each(HISTORY, "service_request", "kind", "from_status", "to_status", "reason")
    | each(HISTORY, "detail", "at")
    | each(ACTOR, "by"),
}
