"""Checks of the settings that Django does not know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

LONGEST_LINK_HOST = 18


@register(Tags.security, deploy=True)
def staff_sign_in_needs_a_second_factor(**_: Any) -> list[Error]:
    """An empty MFA_REQUIRED_ROLES is for demonstrations only."""
    if settings.MFA_REQUIRED_ROLES:
        return []
    return [Error("MFA_REQUIRED_ROLES is empty", id="lotsenruf.E001")]


@register()
def link_host_fits_into_an_sms(**_: Any) -> list[Warning]:
    """A longer host makes the longest SMS two parts; the texts then drop words (decisions 24)."""
    host = settings.PUBLIC_LINK_HOST
    if len(host) <= LONGEST_LINK_HOST or not settings.IS_PRODUCTION:
        return []
    return [
        Warning(
            f"{host} has more than {LONGEST_LINK_HOST} characters: SMS will leave out details",
            id="lotsenruf.W001",
        )
    ]


@register()
def queue_times_fit(**_: Any) -> list[Error]:
    """`retry` must exceed `timeout` times the rounds a job may wait in memory."""
    queue: dict[str, Any] = settings.Q_CLUSTER
    rounds = queue["queue_limit"] / queue["workers"] + 2
    if queue["retry"] > queue["timeout"] * rounds:
        return []
    return [Error("Q_CLUSTER: retry is too short for its timeout", id="lotsenruf.E002")]
