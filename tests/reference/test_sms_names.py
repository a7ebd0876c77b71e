"""Every name that goes into an SMS: at most 22 characters that cost one septet each."""

from __future__ import annotations

from datetime import date

import pytest

from reference.loading.files import read
from reference.models import Area, Language, Municipality, Setting
from reference.places import resolve
from tests.reference.gsm7 import GSM7

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)


@pytest.mark.parametrize("model", [Language, Municipality, Area])
def test_sms_names_are_gsm7_and_at_most_22_characters(
    model: type[Language | Municipality | Area],
) -> None:
    names = list(model._default_manager.values_list("name_sms", flat=True))
    assert names
    assert [name for name in names if not 1 <= len(name) <= 22 or set(name) - GSM7] == []


def test_sms_labels_of_settings_have_at_most_15_characters() -> None:
    labels = Setting.objects.values_list("label_sms", flat=True)
    assert [label for label in labels if not 1 <= len(label) <= 15 or set(label) - GSM7] == []


def test_only_names_that_are_too_long_are_shortened() -> None:
    names = {("area", line["area_key"]): line["area_name"] for line in read("centres_hessen")}
    names |= {("municipality", line["ags"]): line["name"] for line in read("gemeinden_hessen")}
    shortened = {(line["kind"], line["key"]): line["name"] for line in read("sms_names")}
    assert shortened == {key: name for key, name in names.items() if len(name) > 22}


def test_no_two_municipalities_share_an_sms_name() -> None:
    names = list(Municipality.objects.filter(successor=None).values_list("name_sms", flat=True))
    assert len(set(names)) == len(names)


def test_bad_homburg_is_short_in_an_sms() -> None:
    assert Municipality.objects.get(ags="06434001").name_sms == "Bad Homburg"
    assert Area.objects.get(key="06635").name_sms == "Kr. Waldeck-Frankenb."


def test_a_place_outside_hesse_is_named_by_its_postcode() -> None:
    assert resolve("57319", None, ON).name_sms == "57319 Bad Berleburg"
    assert resolve("69412", None, ON).name_sms == "69412"  # Eberbach, Hirschhorn: too long
    assert resolve("61348", None, ON).name_sms == "Bad Homburg"
