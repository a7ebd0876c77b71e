"""What is stored here; see background/registry.py. No payload is kept: it is read when it goes."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from webhooks.models import Delivery, Endpoint

WHERE = Entry("where a pool's systems listen", Retention.NOT_PERSONAL, Erase.KEEP, Log.REFERENCE)
ADDRESS = Entry(
    "the address; may hold a key of the receiver", Retention.NOT_PERSONAL, Erase.KEEP, Log.NEVER
)
BY = Entry("who set it up", Retention.TAKING_PART, Erase.DETACH, Log.REFERENCE)
TOLD = Entry(
    "that an event was told, and how the receiver answered",
    Retention.MESSAGES,
    Erase.KEEP,
    Log.OPEN,
)

PERSONAL_DATA: Registry = {
    Endpoint: each(WHERE, "public_id", "pool", "topics", "created_at", "failures")
    | each(WHERE, "paused_at", "removed_at")
    | each(ADDRESS, "url")
    | each(BY, "created_by"),
    Delivery: TOLD,
}
