"""What is stored here; see background/registry.py."""

from background.registry import Entry, Erase, Log, Registry, Retention, each
from pools.models import Membership, Organisation, Pool, PoolArea, Rule, User

NAME = Entry(
    "address the person; shown to the other side after the yes",
    Retention.TAKING_PART,
    Erase.BLANK,
    Log.NEVER,
)
ACCOUNT = Entry("sign the person in", Retention.TAKING_PART, Erase.BLANK, Log.REFERENCE)
SHELL = Entry(
    "what the rest refers to; without a name it says nothing",
    Retention.RECEIPTS,
    Erase.KEEP,
    Log.REFERENCE,
)
TENANT = Entry("who runs the pool, on public pages", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN)
STAFF = Entry(
    "whom to call at the pool, on public pages", Retention.TAKING_PART, Erase.BLANK, Log.NEVER
)
RULES = Entry("how the pool works", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN)
INSTITUTION = Entry("who asks, and where", Retention.RECEIPTS, Erase.KEEP, Log.REFERENCE)
INSTITUTION_CONTACT = Entry(
    "reach the institution; of a hidden place never shown before the yes",
    Retention.RECEIPTS,
    Erase.KEEP,
    Log.NEVER,
)
DECISION = Entry("who let the institution in, and when", Retention.RECEIPTS, Erase.DETACH, Log.OPEN)
ROLE = Entry("what the person may see", Retention.TAKING_PART, Erase.WITH_ROW, Log.REFERENCE)

PERSONAL_DATA: Registry = {
    User: each(NAME, "given_name", "family_name")
    | each(ACCOUNT, "password", "last_login", "interface_language", "is_active", "is_staff")
    | each(ACCOUNT, "is_superuser", "groups", "user_permissions")
    | each(SHELL, "public_id", "joined_at"),
    Pool: each(TENANT, "public_id", "name", "slug", "centre_name", "preset", "time_zone")
    | each(TENANT, "is_active", "sms_number")
    | each(STAFF, "contact_name", "phone", "email"),
    PoolArea: RULES,
    Rule: RULES,
    Organisation: each(INSTITUTION, "public_id", "pool", "name", "setting", "status")
    | each(INSTITUTION, "registered_at", "is_hidden_place")
    | each(INSTITUTION_CONTACT, "postcode", "municipality", "point", "address", "phone")
    | each(DECISION, "decided_at", "decided_by"),
    Membership: each(ROLE, "public_id", "pool", "person", "role", "organisation", "since")
    | each(ROLE, "ended_at"),
}
