"""Nothing is stored that nobody has thought about."""

from __future__ import annotations

import pytest

from background.registry import Entry, Erase, Log, Retention, collect, gaps
from pools import personal_data
from pools.models import Membership, User
from service_requests.models import ServiceRequest


def test_every_field_of_every_app_is_declared() -> None:
    assert gaps() == []


def test_a_forgotten_field_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = dict(collect()[Membership])
    del declared["role"]
    monkeypatch.setitem(personal_data.PERSONAL_DATA, Membership, declared)  # type: ignore[misc]
    assert gaps() == ["pools.Membership.role"]


def test_a_field_that_is_gone_may_not_stay_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry("nothing", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN)
    declared = collect()[Membership] | {"shoe_size": entry}
    monkeypatch.setitem(personal_data.PERSONAL_DATA, Membership, declared)  # type: ignore[misc]
    assert gaps() == ["pools.Membership.shoe_size"]


def test_a_many_to_many_field_counts_as_stored() -> None:
    assert "bridge_languages" in collect()[ServiceRequest]


def test_names_are_never_logged() -> None:
    assert {collect()[User][name].log for name in ("given_name", "family_name")} == {Log.NEVER}
