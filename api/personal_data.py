"""What is stored here; see background/registry.py."""

from api.models import PostedOnce
from background.registry import Entry, Erase, Log, Registry, Retention, each

REPEAT = Entry(
    "answer the same POST the same way, for a day",
    Retention.UNTIL_USED,
    Erase.WITH_ROW,
    Log.REFERENCE,
)

PERSONAL_DATA: Registry = {
    PostedOnce: each(REPEAT, "person", "key", "digest", "status", "target", "problem")
    | each(REPEAT, "posted_at"),
}
