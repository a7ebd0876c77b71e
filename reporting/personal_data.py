"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from reporting.models import Confirmation, Record

STATE = Entry(
    "whether the record of the appointment is agreed", Retention.RECEIPTS, Erase.KEEP, Log.OPEN
)
SAID = Entry(
    "what each side says took place; the funding is accounted by it",
    Retention.RECEIPTS,
    Erase.KEEP,
    Log.REFERENCE,
)
SPEAKER = Entry("who said it", Retention.RECEIPTS, Erase.DETACH, Log.REFERENCE)
DECIDER = Entry("who ended the dispute", Retention.RECEIPTS, Erase.DETACH, Log.REFERENCE)

PERSONAL_DATA: Registry = {
    Record: each(STATE, "pool", "assignment", "opened_at", "agreed_at", "disputed_at")
    | each(STATE, "decided_at")
    | each(DECIDER, "decided_by"),
    Confirmation: each(SAID, "pool", "assignment", "side", "outcome", "minutes", "said_at")
    | each(SPEAKER, "said_by"),
}
