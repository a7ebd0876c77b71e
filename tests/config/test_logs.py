"""Logs hold no token of a link."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from background import trace
from config.logs import ALLOWED, AllowList, WithoutTokens


def test_a_refused_request_is_logged_without_its_token() -> None:
    refused = logging.LogRecord(
        "django.request",
        logging.WARNING,
        "",
        1,
        "%s: %s",
        ("Not Found", "/a/abcdefgh-_345678."),
        None,
    )
    assert WithoutTokens().filter(refused)
    assert refused.getMessage() == "Not Found: /a/…."
    logging_settings: dict[str, Any] = settings.LOGGING
    assert logging_settings["handlers"]["console"]["filters"] == ["without_tokens"]
    named = logging_settings["filters"]["without_tokens"]["()"]
    assert import_string(named) is WithoutTokens


def a_line(**more: object) -> dict[str, object]:
    """Return what is written of a record with these extras."""
    record = logging.makeLogRecord({"name": "matching.search", "msg": "asked", **more})
    line: dict[str, object] = json.loads(AllowList().format(record))
    return line


def test_only_what_is_allowed_is_written() -> None:
    line = a_line(assignment=7, phone="+491713920000", person="Amina Rahimi")
    assert line["assignment"] == 7
    assert set(line) == {"at", "level", "logger", "event", "assignment"}


def test_an_object_under_an_allowed_name_is_not_written() -> None:
    assert "request" not in a_line(request=object())


def test_of_an_exception_the_kind_and_the_places_are_kept_not_its_words() -> None:
    try:
        raise ValueError("Amina Rahimi, +491713920000")
    except ValueError as error:
        line = a_line(exc_info=(type(error), error, error.__traceback__))
    assert line["error"] == "ValueError"
    assert "Amina" not in str(line)
    assert "tests/config/test_logs.py" in str(line["places"])


def test_lines_of_one_request_share_an_id() -> None:
    with trace.following() as its_id:
        assert a_line()["trace"] == its_id
    assert "trace" not in a_line()


def test_the_key_to_unsubscribe_is_not_written() -> None:
    record = logging.makeLogRecord({"msg": "Not Found: /webhooks/abmelden/ab-12:Zx_9-y/"})
    WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /webhooks/abmelden/…/"


def test_search_words_are_not_written() -> None:
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": ("/koordination/?name=Amina",)})
    WithoutTokens().filter(record)
    assert "Amina" not in record.getMessage()


def test_every_extra_in_the_code_is_allowed() -> None:
    root = Path(__file__).resolve().parents[2]
    apps = [path.parent for path in root.glob("*/apps.py")]
    code = "".join(path.read_text() for app in apps for path in app.rglob("*.py"))
    named = {
        name
        for given in re.findall(r"extra=\{([^}]*)\}", code)
        for name in re.findall(r'"(\w+)":', given)
    }
    assert named
    assert named <= ALLOWED


def test_every_setting_of_the_environment_is_documented() -> None:
    root = Path(__file__).resolve().parents[2]
    wiring = "".join(path.read_text() for path in (root / "config").glob("*.py"))
    read = set(re.findall(r"LOTSENRUF_[A-Z_]+", wiring))
    table = (root / "docs/operations.md").read_text()
    documented = set(re.findall(r"LOTSENRUF_[A-Z_]+", table))
    for first, rest in re.findall(r"`(LOTSENRUF_[A-Z_]+)`((?:, `_[A-Z_]+`)+)", table):
        for ending in re.findall(r"`(_[A-Z_]+)`", rest):
            stem = first
            while "_" in stem:
                stem = stem.rsplit("_", 1)[0]
                documented.add(stem + ending)
    assert read <= documented, read - documented
