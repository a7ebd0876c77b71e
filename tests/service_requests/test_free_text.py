"""What free text may say: everything about the appointment, nothing about the client."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_requests.free_text import (
    BIRTH_DATE,
    EMAIL,
    FILE_NUMBER,
    KNOWN_NAMES,
    TELEPHONE,
    check,
)

HARMLESS = [
    "",
    "Bitte am Haupteingang klingeln.",
    "Treffpunkt: Raum 104, zweiter Stock links.",
    "Haus 3, Raum 104/12, bitte bei der Anmeldung melden.",
    "Frau Direktorin kommt später.",
    "Die Mutter kommt mit zwei Kindern.",
    "Es kommen Mutter und Vater, die Großmutter vielleicht auch.",
    "Herr und Frau werden gemeinsam beraten.",
    "Frau Amtsärztin und Herr Doktor sind dabei.",
    "Die Schulleiterin und eine Sozialarbeiterin sind dabei.",
    "Frau Schulleiterin holt Sie ab.",
    "Familie kommt aus Aleppo und spricht auch etwas Türkisch.",
    "Die Familie wohnt seit 2015 in Deutschland.",
    "Der Termin dauert von 9 bis 10:30 Uhr.",
    "Beginn 09:00-10:30 Uhr, Ende offen.",
    "Öffnungszeiten: 08.00-12.00 und 14.00-16.00 Uhr",
    "Der Ersatztermin ist am 01.12.2026 um 10 Uhr.",
    "Am 12.11. 15 Uhr war das erste Gespräch.",
    "Zweites Gespräch am 3.12.26",
    "Das Gespräch vom 12.10.2025 wird fortgesetzt.",
    "Bescheid vom 03.02.2024 mitbringen.",
    "Es geht um die Klasse 5b, Jahrgang 5.",
    "Das Kind ist 7 Jahre alt und geht in die 2. Klasse.",
    "Es ist das 3. von 5 Gesprächen.",
    "Die Kinder sind 10, 12 und 14 Jahre alt.",
    "Kinder im Alter von 3 6 8 Jahren",
    "Es gibt 20 Euro Pauschale.",
    "Bus 24 bis Haltestelle Rathaus, dann 300 m zu Fuß.",
    "35390 Gießen, Eingang Nordanlage 12",
    "Bitte Ausweis nicht vergessen.",
    "Es geht um den Antrag auf Wohngeld, das Formular hat 12 Seiten.",
    "Das Kind wird im Mai geboren.",
    "Nach der Geburt 2 Wochen Pause.",
    "Telefontermin um 10:00 Uhr, Dauer 30 Minuten.",
    "Wir rufen per Telefon 10 - 12 Uhr an.",
    "Parken: Tiefgarage, Ebene 0.2",
    "Die Klasse heißt Sternengruppe.",
    "Es geht um Vitamin D. Die Ärztin erklärt es.",
    "Bitte in Haus B. Eingang links.",
    "z. B. Schule oder z.B. Kita",
    "Nur vormittags, bitte. Können Sie etwas früher da sein?",
    "Die Person spricht Kurmandschi, Dialekt aus Duhok.",
    "§ 72a SGB VIII ist das Thema.",
    "Elternabend für 25 Familien, Mikrofon vorhanden.",
]

BIRTH_DATES = [
    "Das Kind ist am 14.03.2017 geboren.",
    "geb. 14.3.87",
    "14.03.1987",
    "14/03/1987",
    "Geburtsdatum: 1987-03-14",
    "geboren am 14. März 1987",
    "Sie ist 1987 in Aleppo, also geboren 1987.",
    "14. März 1987",
    "Kind, geb. 3.1.2026",
    "GEBOREN AM 14.03.1987",
    "Jahrgang 1987",
]

TELEPHONES = [
    "Rufen Sie an: 0641 123456",
    "0171/3920011",
    "0171-39 20 011",
    "+49 171 3920011",
    "0049 171 3920011",
    "(0641) 12 34 56",
    "Tel. 123456",
    "Handynummer: 171 3920011",
    "Telefon: 98765",
    "0641.123456",
]

EMAILS = [
    "amina@example.org",
    "Schreiben Sie an amina.h@mail.example.org bitte",
    "amina (at) example.org",
    "amina[at]example[dot]org",
]

FILE_NUMBERS = [
    "Az. 12 C 345/26",
    "Aktenzeichen 4711",
    "Es geht um 3 F 123/25.",
    "BG-Nummer: 43504//0012345",
    "BAMF: 7654321-475",
    "Kundennummer 123A456789",
    "123A456789",
    "A123456789",
    "65 070839 J 003",
    "DE44 5001 0517 5407 3249 31",
    "Fallnummer: 2026-17",
    "AZR 1234",
    "Steuer-ID: 12 345 678 901",
    "Pass-Nr. C01X00T47",
]

NAMES = [
    "Frau Yilmaz kommt mit ihrem Sohn.",
    "Herr Dr. Beispielmann bittet um Ruhe.",
    "Familie Osterlamm wohnt im zweiten Stock.",
    "Fam. Kreuzkamp",
    "Die Mutter heißt Rojda.",
    "Das Kind heißt Marvin.",
    "ein Mann namens Brontal",
    "Name: Winterkorn",
    "Treffpunkt mit Amina Haidari am Eingang",
    "HADDAD wartet im Flur",
    "Bitte Fadumo anrufen",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_sentence_is_left_alone(text: str) -> None:
    found = check(text)
    assert found.refused == []
    assert not found.looks_like_name


@pytest.mark.parametrize("text", BIRTH_DATES)
def test_a_birth_date_is_refused(text: str) -> None:
    assert BIRTH_DATE in check(text).refused


@pytest.mark.parametrize("text", TELEPHONES)
def test_a_telephone_number_is_refused(text: str) -> None:
    assert TELEPHONE in check(text).refused


@pytest.mark.parametrize("text", EMAILS)
def test_an_e_mail_address_is_refused(text: str) -> None:
    assert EMAIL in check(text).refused


@pytest.mark.parametrize("text", FILE_NUMBERS)
def test_a_file_number_is_refused(text: str) -> None:
    assert FILE_NUMBER in check(text).refused


@pytest.mark.parametrize("text", NAMES)
def test_what_looks_like_a_name_warns_and_is_not_refused(text: str) -> None:
    found = check(text)
    assert found.looks_like_name
    assert found.refused == []


def test_several_findings_are_all_named() -> None:
    text = "geb. 14.03.1987, Tel. 0641 123456, amina@example.org"
    assert check(text).refused == [BIRTH_DATE, TELEPHONE, EMAIL]


def test_every_name_on_the_list_is_recognised() -> None:
    assert not [
        name for name in KNOWN_NAMES if not check(f"Wir warten auf {name}.").looks_like_name
    ]


def test_a_megabyte_is_read_in_no_time() -> None:
    assert check("a" * 1_000_000).refused == []
    assert check("0641 " * 200_000).refused


@given(st.text(max_size=500))
def test_no_text_breaks_the_check(text: str) -> None:
    assert isinstance(check(text).looks_like_name, bool)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2025, 12, 31)))
def test_a_full_date_of_an_earlier_year_is_taken_for_a_birth_date(day: dt.date) -> None:
    assert BIRTH_DATE in check(f"{day:%d.%m.%Y}").refused
    assert BIRTH_DATE in check(f"Kind ({day:%-d.%-m.%Y})").refused
