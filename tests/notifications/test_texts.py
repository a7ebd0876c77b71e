"""What we write: complete, in our words, and short enough for every language, place and setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import pytest

from notifications import gsm7, texts, wording
from notifications.texts import TextIncomplete, render
from notifications.texts_for_volunteers import SMS_WITH_NUMBER
from reference.loading.files import read
from reference.models import Area, Language, Municipality, QualificationType, Setting
from tests.notifications.builders import offer_parameters

HOST = "lotsen-giessen.org"
LINK = f"https://{HOST}/a/abcdefghijklmnop"
PAGE = f"https://{HOST}/requests/5d3b1a52-7f0e-4a3c-9d7e-2c1b0a998877/"
EVERY_PARAMETER = {
    **offer_parameters(link=LINK),
    "vorname": "Amina",
    "zentrum": "WIR-Vielfaltszentrum Gießen",
    "koordination": "Frau Becker",
    "telefon": "0641 9000 1234 5678",
    "code": "123456",
    "nachweis": "Führungszeugnis",
    "stelle": "Goetheschule",
    "pers": "6 Personen",
    "wer": "A. Yilmaz",
    "thema": "Elterngespräch",
    "km": 6,
    "pauschale": "20 Euro",
    "grund": "Der Termin ist zu nah.",
    "hinweis": "Die Koordination prüft Ihre Anfrage.",
    "dolmetschen": True,
    "ergebnis": "hat nicht stattgefunden",
    "welche": "JA 47 = Di 24.11. 14:00, JA 48 = Mi 25.11. 09:30, JA 49 = Do 26.11. 10:15",
}
TO_INSTITUTIONS = {
    key for key in texts.TEMPLATES if key.startswith(("requester", "organisation", "coordinator"))
}


def sms(template: str, **parameters: object) -> str:
    return render(template, "sms", EVERY_PARAMETER | parameters).text


def email(template: str, **parameters: object) -> str:
    return render(template, "email", EVERY_PARAMETER | parameters).text


def test_an_offer_says_what_where_when_and_how_to_answer() -> None:
    assert sms("offer") == (
        "Dari gesucht: Di 24.11. 14:00, 60 Min, Gießen (Schule). Ja oder Nein: " + LINK
    )
    rendered = render("offer", "email", EVERY_PARAMETER)
    assert rendered.subject == "Dari am Di 24.11., 14:00 in Gießen: haben Sie Zeit?"
    for word in (
        "Guten Tag Amina,",
        "Dienstag, 24. November, 14:00 bis 15:00 Uhr",
        "ungefähr 6 km",
        "Thema: Elterngespräch",
        "20 Euro",
        f"Ja oder Nein: {LINK}",
        "Frau Becker",
        "WIR-Vielfaltszentrum Gießen",
        "Telefon: 0641",
    ):
        assert word in rendered.text


def test_lines_about_what_is_not_known_are_left_out() -> None:
    text = email("offer", km="", thema=None, pauschale="", koordination="")
    assert "Entfernung" not in text
    assert "Thema" not in text
    assert "None" not in text
    assert "Guten Tag Amina,\n\nwir" in text


def test_a_guide_is_not_told_to_translate_everything() -> None:
    assert "- Übersetzen Sie alles." in email("accepted", dolmetschen=True)
    assert "Übersetzen" not in email("accepted", dolmetschen=False)


def test_an_urgent_offer_and_a_reminder_name_the_day_as_people_do() -> None:
    assert sms("offer_urgent", wann="heute").startswith("Dringend: Dari, heute 14:00, 60 Min")
    assert sms("reminder", wann="morgen") == (
        f"Morgen 14:00: Dari, Gießen. Kommen Sie? Ja oder Absagen: {LINK}"
    )


def test_the_language_may_be_longer_in_an_email_than_in_an_sms() -> None:
    names = {"sprache": "Afghan. Gebärdenspr.", "sprache_lang": "Afghanische Gebärdensprache"}
    assert "Afghanische Gebärdensprache" in email("offer", **names)
    assert "Afghan. Gebärdenspr." in sms("offer", **names)


def test_people_are_counted_in_words() -> None:
    assert "Gefragt: 1 Person." in sms("requester_nobody_yet", pers=1)
    assert "Gefragt: 6 Personen." in sms("requester_nobody_yet", pers=6)


def test_remote_appointments_are_not_in_a_place() -> None:
    assert "am Telefon" in sms("filled", **wording.place_parameters(mode="phone", place="Gießen"))


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_every_template_is_whole_in_both_channels(template: str, channel: str) -> None:
    rendered = render(template, channel, EVERY_PARAMETER)
    assert "{" not in rendered.text + rendered.subject
    assert bool(rendered.subject) == (channel == "email")
    assert gsm7.is_gsm7(rendered.text) or channel == "email"
    texts.check_parameters(template, EVERY_PARAMETER)


@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_a_missing_parameter_is_found_when_the_message_is_written(template: str) -> None:
    for name in texts.required_parameters(template):
        with pytest.raises(TextIncomplete, match=name):
            texts.check_parameters(
                template, {key: value for key, value in EVERY_PARAMETER.items() if key != name}
            )


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(TextIncomplete):
        render("no_such_text", "sms", {})


def test_values_cannot_break_lines_or_headers() -> None:
    rendered = render("offer", "email", EVERY_PARAMETER | {"sprache": "Dari\r\nBcc: x@y.de"})
    assert "\n" not in rendered.subject
    assert "{code}" in render("code", "sms", {"code": "{code}"}).text


@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_sentences_are_short_and_inclusive(template: str) -> None:
    text = email(template)
    assert not re.search(r"\w[*:_]innen|\bder Dolmetscher\b|ungültig", text, re.IGNORECASE)
    for line in text.splitlines():
        for sentence in re.split(r"(?<=[.?!]) ", line):
            words = [word for word in sentence.split() if not word.startswith("http")]
            assert len(words) <= 16, sentence


# --- lengths over all reference values ------------------------------------------------------------


def every_place() -> Iterator[str]:
    return chain(
        Municipality.objects.values_list("name_sms", flat=True),
        Area.objects.values_list("name_sms", flat=True),
        ["Telefon", "Video"],
    )


def every_language() -> list[str]:
    names = list(Language.objects.values_list("name_sms", flat=True))
    return names + [wording.language_word(name, is_guide=True) for name in names]


def longest(values: Iterator[str] | list[str]) -> str:
    return max(values, key=gsm7.septets)


@pytest.fixture
def extremes(db: None) -> dict[str, object]:
    """The longest value of every parameter."""
    place = longest(every_place())
    return EVERY_PARAMETER | {
        "sprache": longest(every_language()),
        "ort": place,
        "in_ort": longest([f"in {place}", "am Telefon", "per Video"]),
        "art": longest(list(Setting.objects.values_list("label_sms", flat=True))),
        "nachweis": longest(list(QualificationType.objects.values_list("label_de", flat=True))),
        "wann": "Di 24.11.",
        "dauer": 480,
        "pers": "999 Personen",
        "code": "12345678",
        "telefon": "0" * 30,
    }


@pytest.mark.django_db
def test_the_host_of_the_test_is_the_longest_allowed_one() -> None:
    assert len(HOST) == 18


@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_every_sms_fits_with_the_longest_values(template: str, extremes: dict[str, object]) -> None:
    link = PAGE if template in TO_INSTITUTIONS else LINK
    text = render(template, "sms", extremes | {"link": link}).text
    assert gsm7.is_gsm7(text)
    assert gsm7.septets(text) <= 160, f"{gsm7.septets(text)}: {text}"


@pytest.mark.parametrize("template", sorted(SMS_WITH_NUMBER))
def test_an_offer_that_can_be_answered_fits_with_its_number(
    template: str, extremes: dict[str, object]
) -> None:
    text = render(template, "sms", extremes | {"link": LINK, "nr": 99}).text
    assert "Antwort JA 99 oder NEIN 99." in text
    assert LINK in text
    assert gsm7.is_gsm7(text)
    assert gsm7.septets(text) <= 160, f"{gsm7.septets(text)}: {text}"


@pytest.mark.parametrize("template", sorted(set(texts.TEMPLATES) - {"record_expiring"}))
def test_nothing_has_to_be_left_out_of_an_sms(template: str, extremes: dict[str, object]) -> None:
    text = render(template, "sms", extremes).text
    for name in ("art", "dauer"):
        if name in texts.required_parameters(template) and name in _sms_pattern(template):
            assert str(extremes[name]) in text


@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_every_subject_has_at_most_60_characters(
    template: str, extremes: dict[str, object]
) -> None:
    subject = render(template, "email", extremes).subject
    assert len(subject) <= 60, f"{len(subject)}: {subject}"


@pytest.mark.django_db
@pytest.mark.parametrize("template", sorted(texts.TEMPLATES))
def test_every_sms_fits_for_each_language_each_place_and_each_setting(
    template: str, extremes: dict[str, object]
) -> None:
    link = PAGE if template in TO_INSTITUTIONS else LINK
    worst = extremes | {"link": link}
    variants = chain(
        ({"sprache": name} for name in every_language()),
        ({"ort": name, "in_ort": f"in {name}"} for name in every_place()),
        ({"art": name} for name in Setting.objects.values_list("label_sms", flat=True)),
    )
    for variant in variants:
        text = render(template, "sms", worst | variant).text
        assert gsm7.septets(text) <= 160, text
        for value in variant.values():
            assert value in text or value not in _sms_pattern(template)
            assert gsm7.is_gsm7(value), value


def test_places_are_spelt_in_sms_as_they_are() -> None:
    for line in read("gemeinden_hessen"):
        assert gsm7.to_gsm7(line["name"]) == line["name"]


def test_too_long_a_host_costs_the_setting_first_then_the_length(
    extremes: dict[str, object],
) -> None:
    ten_longer = sms("offer", **{**extremes, "link": LINK.replace(HOST, HOST + "x" * 10)})
    assert str(extremes["art"]) not in ten_longer
    assert "480 Min" in ten_longer
    assert gsm7.septets(ten_longer) <= 160
    much_longer = sms("offer", **{**extremes, "link": LINK.replace(HOST, HOST + "x" * 25)})
    assert "480 Min" not in much_longer
    assert gsm7.septets(much_longer) <= 160
    assert str(extremes["ort"]) in much_longer


def _sms_pattern(template: str) -> str:
    return texts._texts(template)[0]
