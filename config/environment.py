"""Where this runs, as the environment says; the settings build on it."""

from __future__ import annotations

import os

ENVIRONMENT = os.environ.get("LOTSENRUF_ENVIRONMENT", "demo")
if ENVIRONMENT not in ("demo", "test", "production"):
    # A slip of the pen must not run with the keys of the demonstration, which everybody knows.
    raise RuntimeError("LOTSENRUF_ENVIRONMENT must be demo, test or production")
IS_PRODUCTION = ENVIRONMENT == "production"
IS_DEMO = ENVIRONMENT == "demo"


def required(name: str, elsewhere: str) -> str:
    """Return the variable; production may not start without it, others use a default."""
    value = os.environ.get(name)
    if value:
        return value
    if IS_PRODUCTION:
        raise RuntimeError(f"{name} must be set in production")
    return elsewhere


PUBLIC_URL = required("LOTSENRUF_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
