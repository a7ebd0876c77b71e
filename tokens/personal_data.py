"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from tokens.models import Token

ACCESS = Entry(
    "let a program act for the person, and show her which",
    Retention.TAKING_PART,
    Erase.WITH_ROW,
    Log.REFERENCE,
)
SECRET = Entry(
    "recognise the program; only a digest", Retention.TAKING_PART, Erase.WITH_ROW, Log.NEVER
)
NAME = Entry("what the person calls it", Retention.TAKING_PART, Erase.WITH_ROW, Log.NEVER)

PERSONAL_DATA: Registry = {
    Token: each(ACCESS, "public_id", "person", "permissions", "created_at", "expires_at")
    | each(ACCESS, "last_used_at", "revoked_at")
    | each(SECRET, "digest")
    | each(NAME, "name"),
}
