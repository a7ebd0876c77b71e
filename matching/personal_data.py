"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from matching.models import (
    Assignment,
    Candidate,
    CandidateMunicipality,
    Proposal,
    RequestVolunteer,
    Wave,
)

MIRROR = Entry(
    "find who may be asked; a copy kept by triggers, gone with its sources",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.NEVER,
)
WISH = Entry(
    "ask this person first, or never", Retention.REQUEST_TEXT, Erase.WITH_ROW, Log.REFERENCE
)
ASKED = Entry(
    "who was asked about what, so that nobody is asked twice",
    Retention.ANSWERS,
    Erase.DETACH,
    Log.REFERENCE,
)
ANSWER = Entry("how it was answered", Retention.ANSWERS, Erase.DETACH, Log.OPEN)
WHY = Entry("explain who was asked, and learn from it", Retention.ANSWERS, Erase.DETACH, Log.NEVER)
HELD = Entry(
    "who keeps which appointment; receipts and ceilings count it",
    Retention.RECEIPTS,
    Erase.DETACH,
    Log.REFERENCE,
)
ENDED = Entry("how it ended", Retention.RECEIPTS, Erase.KEEP, Log.OPEN)
DECIDED = Entry(
    "replay a decision of the engine; counts, nobody named",
    Retention.ANSWERS,
    Erase.KEEP,
    Log.OPEN,
)

PERSONAL_DATA: Registry = {
    Candidate: each(MIRROR, "volunteer", "language", "pool", "person", "level", "pt", "radius_m")
    | each(MIRROR, "kinds", "modality", "gender", "week", "asked_again_on", "records", "away")
    | each(MIRROR, "avoids", "conflicts", "messages_per_week", "assignments_per_week")
    | each(MIRROR, "urgent_beyond_budget"),
    CandidateMunicipality: each(MIRROR, "volunteer", "language", "municipality", "pool"),
    RequestVolunteer: each(WISH, "pool", "service_request", "volunteer", "wish"),
    Proposal: each(ASKED, "public_id", "pool", "service_request", "volunteer", "volunteer_pool")
    | each(ASKED, "lending_id", "person", "language", "search_round", "wave", "asked_by")
    | each(ASKED, "asked_at", "mode")
    | each(ANSWER, "state", "answered_at", "decline_reason")
    | each(WHY, "distance_m", "probability", "reasons"),
    Assignment: each(HELD, "public_id", "pool", "service_request", "volunteer", "volunteer_pool")
    | each(HELD, "lending_id", "person", "language", "proposal", "period", "mode")
    | each(HELD, "accepted_at", "accepted_via", "undo_until", "reminded_at")
    | each(HELD, "coming_confirmed_at", "answer_until")
    | each(ENDED, "cancelled_at", "cancelled_by", "cancel_reason"),
    Wave: each(DECIDED, "service_request", "search_round", "number", "decided_at", "candidates")
    | each(DECIDED, "asked", "look_again_at", "inputs", "excluded"),
}
