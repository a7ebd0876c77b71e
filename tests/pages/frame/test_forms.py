"""How forms look and speak."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.core.exceptions import ValidationError

from pages.fields import DayField, TimeOfDayField
from pages.forms import Form, Section
from pages.week import WeekField
from tests.clock import MovableClock
from volunteers.week import hours_of, week_of


class Example(Form):
    """One of each."""

    unmarked = frozenset({"phone"})
    shown_at = {"telephone": "phone"}
    sections = (
        Section("Zur Person", ["name", "kind"]),
        Section("Mehr", ["phone"], is_folded=True),
    )

    name = forms.CharField(label="Name", max_length=5, help_text="Kurz")
    kind = forms.ChoiceField(
        label="Art", choices=[("a", "eins"), ("b", "zwei")], widget=forms.RadioSelect
    )
    phone = forms.CharField(label="Telefon", required=False, max_length=9)
    note = forms.CharField(label="Hinweis", required=False, max_length=9)
    agreed = forms.BooleanField(label="Ich bin einverstanden", error_messages={"required": "Ohne?"})


def test_errors_stand_at_the_top_with_links_and_at_the_field() -> None:
    html = str(Example({"name": "zu lang geraten"}))
    text = "Kürzen Sie den Text auf höchstens 5 Zeichen. Es sind jetzt 15."
    assert f'<a href="#id_name">Name: {text}</a>' in html
    assert '<a href="#id_kind_0">Art: Wählen Sie eine Möglichkeit aus.</a>' in html
    assert '<a href="#id_agreed">Ohne?</a>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'value="zu lang geraten"' in html
    assert 'role="alert"' in html


def test_radio_buttons_stand_in_a_fieldset_with_their_question() -> None:
    html = str(Example())
    assert '<legend class="kern-label">Art' in html
    assert '<label class="kern-label" for="id_kind_0">eins</label>' in html
    assert 'class="kern-form-check__radio"' in html


def test_only_what_is_really_free_is_marked_so() -> None:
    html = str(Example())
    assert html.count("(freiwillig)") == 1


def test_a_folded_section_opens_when_something_stands_in_it() -> None:
    assert "<details" in str(Example())
    assert "<details" not in str(Example({"phone": "1"}))
    refused = Example({"name": "x", "kind": "a", "agreed": "on"})
    refused.add_errors(ValidationError({"telephone": "Diese Nummer nicht.", "else": "Und das."}))
    assert "<details" not in str(refused)
    assert refused.errors["phone"] == ["Diese Nummer nicht."]
    assert refused.non_field_errors() == ["Und das."]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("24.11.2026", dt.date(2026, 11, 24)),
        (" 1.2.27 ", dt.date(2027, 2, 1)),
        ("24.11.", dt.date(2026, 11, 24)),
        ("23.11.", dt.date(2027, 11, 23)),
        ("2026-12-03", dt.date(2026, 12, 3)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, meant: dt.date, clock: MovableClock) -> None:
    assert DayField().clean(typed) == meant


@pytest.mark.parametrize(
    "typed", ["31.12.9999", "0001-01-01", "31.02.2026", "29.2.2027", "morgen", "99.99.", "1" * 19]
)
def test_a_day_that_does_not_exist_is_explained(typed: str, clock: MovableClock) -> None:
    with pytest.raises(ValidationError, match=r"24\.11\.2026"):
        DayField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14", dt.time(14)),
        ("14:30", dt.time(14, 30)),
        ("9.05", dt.time(9, 5)),
        ("8 Uhr", dt.time(8)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: dt.time) -> None:
    assert TimeOfDayField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["25", "12:60", "mittags"])
def test_a_time_that_does_not_exist_is_explained(typed: str) -> None:
    with pytest.raises(ValidationError, match="14:30"):
        TimeOfDayField().clean(typed)


def test_the_grid_becomes_hours_and_hours_become_the_grid() -> None:
    field = WeekField(label="Wann?")
    week = field.clean(["0-0", "6-2"])
    assert hours_of(week) == {(0, 8), (0, 9), (0, 10), (0, 11), *((6, h) for h in range(17, 21))}
    assert field.prepare_value(week) == ["0-0", "6-2"]
    assert field.prepare_value(week_of({(0, 8)})) == []
    with pytest.raises(ValidationError):
        field.clean(["7-0"])
