"""Logs hold no token of a link."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from config.logs import WithoutTokens


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
