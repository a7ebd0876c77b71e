"""What stands in a log: an allow-list, since nobody can list what must not.

A line is a JSON object: when, how bad, who says it, what, under which id, and what is ALLOWED.
The text of an exception may quote a name or a number, so only its kind and its places are kept.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from background import trace

LINK = re.compile(r"(?<!\w)/([ab]|webhooks/abmelden)/[\w:-]+")
QUERY = re.compile(r"\?\S*")  # what was searched for may be a name
ROOT = f"{Path(__file__).resolve().parent.parent}/"
ALLOWED = frozenset(
    {
        "assignment",
        "channel",
        "code",
        "count",
        "endpoint",
        "incident",
        "message_id",
        "minutes",
        "proposal",
        "receipt",
        "reply",
        "request",
        "seconds",
        "silent_s",
        "status",
        "sweep",
        "to",
        "view",
    }
)
"""Ids, codes and counts; `request` also names Django's own object, of which nothing is kept."""


class WithoutTokens(logging.Filter):
    """Takes tokens and search words out of addresses that Django logs when it refuses a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without tokens."""
        record.msg, record.args = QUERY.sub("?…", LINK.sub(r"/\1/…", record.getMessage())), None
        return True


class AllowList(logging.Formatter):
    """Writes one JSON object a line, with nothing in it that was not allowed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
        }
        if trace.current():
            line["trace"] = trace.current()
        for name in ALLOWED & vars(record).keys():
            value = getattr(record, name)
            if isinstance(value, str | int | float):
                line[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            line |= _without_values(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _without_values(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "places": [f"{_short(each.filename)}:{each.lineno} {each.name}" for each in frames],
    }


def _short(filename: str) -> str:
    return filename.removeprefix(ROOT).rsplit("site-packages/", 1)[-1]
