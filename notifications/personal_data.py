"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from notifications.arrivals import Carrier, Receipt, Reply, ReplyNumber
from notifications.models import Contact, DemoMessage, Link, Message

ADDRESS = Entry(
    "reach the person, and sign her in", Retention.TAKING_PART, Erase.WITH_ROW, Log.NEVER
)
CONSENT = Entry(
    "how and when the person may be written to",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.REFERENCE,
)
RECEIVER = Entry("to whom", Retention.MESSAGES, Erase.WITH_ROW, Log.REFERENCE)
CONTENT = Entry(
    "what the text says, with the plain link; emptied once handed over, the rest within a day",
    Retention.UNTIL_USED,
    Erase.WITH_ROW,
    Log.NEVER,
)
DELIVERY = Entry(
    "send once, and say honestly whether it arrived",
    Retention.MESSAGES,
    Erase.WITH_ROW,
    Log.OPEN,
)
PROVIDER = Entry(
    "leave a provider that fails alone for a while", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN
)
RECEIVED = Entry(
    "understand an answer by SMS once, and in order",
    Retention.MESSAGES,
    Erase.WITH_ROW,
    Log.REFERENCE,
)
SAID = Entry("what somebody wrote to us", Retention.MESSAGES, Erase.WITH_ROW, Log.NEVER)
NUMBER = Entry(
    "know which offer a short number means", Retention.MESSAGES, Erase.WITH_ROW, Log.NEVER
)
TOKEN = Entry(
    "open one thing for one person; only a digest", Retention.UNTIL_USED, Erase.WITH_ROW, Log.NEVER
)
DEMO = Entry(
    "show the demo's messages; never in production", Retention.UNTIL_USED, Erase.WITH_ROW, Log.NEVER
)

PERSONAL_DATA: Registry = {
    Contact: each(ADDRESS, "address")
    | each(CONSENT, "public_id", "person", "channel", "rank", "verified_at", "verified_by")
    | each(CONSENT, "consented_at", "quiet_from", "quiet_until", "stopped_at", "closed_at"),
    Message: each(RECEIVER, "pool", "person", "contact")
    | each(CONTENT, "parameters", "spare", "link_digest")
    | each(DELIVERY, "id", "dedupe_key", "message_class", "template", "template_version", "about")
    | each(DELIVERY, "priority", "not_before", "not_after", "state", "lease_until", "attempts")
    | each(DELIVERY, "unclear", "superseded_at", "carrier", "provider_reference", "failure")
    | each(DELIVERY, "trace", "instead_of", "seen_to_at", "seen_to_by")
    | each(DELIVERY, "created_at", "handed_over_at", "accepted_at", "delivered_at", "looked_up_at"),
    Receipt: DELIVERY,
    Reply: each(RECEIVED, "public_id", "carrier", "provider_reference", "sent_at", "received_at")
    | each(RECEIVED, "attempts", "worked_off_at", "verdict", "person", "pool", "about", "receiver")
    | each(RECEIVED, "read_at", "read_by")
    | each(SAID, "sender", "text"),
    Carrier: PROVIDER,
    ReplyNumber: each(NUMBER, "address", "number", "about", "issued_at"),
    Link: each(TOKEN, "digest", "purpose", "pool", "person", "target", "expires_at")
    | each(TOKEN, "revoked_at", "created_at"),
    DemoMessage: DEMO,
}
