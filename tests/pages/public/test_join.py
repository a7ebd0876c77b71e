"""Registering as a volunteer, in one page and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from notifications.models import Contact, Message
from pools.models import Pool, User
from pools.plain_text import HOLDS_ADDRESS
from tests.builders import a_pool, a_volunteer
from volunteers.consent import CURRENT
from volunteers.models import Consent, Level, Profile, SpokenLanguage, Volunteer
from volunteers.week import NO_HOUR, hours_of

pytestmark = pytest.mark.django_db
ADDRESS = "/mitmachen/eintragen/?plz=35435"


@pytest.fixture
def pool() -> Pool:
    """Return the pool of the district."""
    cache.clear()
    return a_pool("06531")


def _filled_in(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "roles": ["interpret"],
        "language_1": "prs",
        "level_1": str(Level.NATIVE.value),
        "means": "transit",
        "modes": ["on_site", "phone"],
        "week": ["0-0"],
        "given_name": "Amina",
        "family_name": "Haidari",
        "phone": "0171 3920012",
        "email": "",
        "preferred_channel": "sms",
        "is_adult": "on",
        "consent_given": "on",
        "consent_version": CURRENT,
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def _nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (User, Contact, Consent, Volunteer, Message))


def test_a_volunteer_registers_and_is_told_what_happens_now(client: Client, pool: Pool) -> None:
    response = client.post(ADDRESS, _filled_in(), follow=True)
    assert response.redirect_chain == [("/mitmachen/danke/", 302)]
    page = response.content.decode()
    assert "<h1>Danke, Amina!</h1>" in page
    assert "Frau Becker meldet sich bei Ihnen." in page

    volunteer = Volunteer.objects.get()
    assert volunteer.pool == pool
    assert volunteer.status == Volunteer.Status.REGISTERED
    assert volunteer.wants_interpreting
    assert not volunteer.wants_guiding
    profile = volunteer.person.profile
    assert (profile.radius_km, profile.on_site, profile.phone, profile.video) == (
        15,
        True,
        True,
        False,
    )
    assert hours_of(profile.week) == {(0, 8), (0, 9), (0, 10), (0, 11)}
    assert profile.languages.get().language.code == "prs"
    assert volunteer.person.contacts.get().address == "+491713920012"
    assert volunteer.person.consents.get().text_version == CURRENT


def test_the_consent_names_the_centre_and_is_not_ticked_beforehand(
    client: Client, pool: Pool
) -> None:
    page = client.get(ADDRESS).content.decode()
    assert f"Ich willige ein: {pool.centre_name} speichert meine Angaben" in page
    box = '<input type="checkbox" name="consent_given" required'
    assert box in page
    assert "checked" not in page[page.index(box) : page.index(box) + 200]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"consent_given": None}, "Ohne Ihre Einwilligung dürfen wir nichts speichern."),
        ({"consent_version": "2020-01"}, "Der Text der Einwilligung ist neu."),
        ({"is_adult": None}, "Unter 18 Jahren geht es leider noch nicht."),
        ({"roles": None}, "Wählen Sie, was Sie machen möchten"),
        ({"roles": ["president"]}, "Wählen Sie eine Möglichkeit aus."),
        ({"language_1": "", "level_1": ""}, "Wählen Sie mindestens eine Sprache."),
        ({"level_1": ""}, "Wählen Sie aus, wie gut Sie Dari ("),
        ({"language_1": "klingon"}, "Wählen Sie eine Möglichkeit aus."),
        ({"language_1": "any"}, "Wählen Sie eine Möglichkeit aus."),
        ({"language_2": "prs", "level_2": "6"}, "steht zweimal da."),
        ({"phone": ""}, "Wir brauchen eine Handy-Nummer oder eine E-Mail-Adresse"),
        ({"phone": "12"}, "Diese Telefonnummer kennen wir nicht."),
        ({"phone": "0641 3061234"}, "An eine Festnetz-Nummer können wir keine SMS schicken."),
        ({"email": "amina"}, "Diese E-Mail-Adresse ist nicht vollständig."),
        ({"preferred_channel": "email"}, "Für E-Mails brauchen wir Ihre E-Mail-Adresse."),
        ({"preferred_channel": "pigeon"}, "Wählen Sie eine Möglichkeit aus."),
        ({"given_name": ""}, "Füllen Sie dieses Feld aus."),
        ({"given_name": "x" * 81}, "Kürzen Sie den Text auf höchstens 80 Zeichen."),
        ({"family_name": "x" * 200_000}, "Kürzen Sie den Text auf höchstens 80 Zeichen."),
        ({"given_name": "Gewinn: betrug.example"}, HOLDS_ADDRESS),
        ({"family_name": "https://betrug"}, HOLDS_ADDRESS),
        ({"radius_km": "0"}, "Geben Sie mindestens 1 ein."),
        ({"radius_km": "weit"}, "Geben Sie eine ganze Zahl ein."),
        ({"radius_km": "9" * 400}, "Geben Sie höchstens 200 ein."),
        ({"means": "plane"}, "Wählen Sie eine Möglichkeit aus."),
        ({"modes": None}, "Wählen Sie mindestens eine Möglichkeit aus."),
        ({"week": ["9-9"]}, "Wählen Sie eine Möglichkeit aus."),
        ({"gender": "x"}, "Wählen Sie eine Möglichkeit aus."),
        ({"region_1": "x" * 61}, "Kürzen Sie den Text auf höchstens 60 Zeichen."),
    ],
)
def test_a_mistake_is_explained_nothing_is_lost_and_nothing_stored(
    client: Client, pool: Pool, changes: dict[str, Any], says: str
) -> None:
    response = client.post(ADDRESS, _filled_in(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert "<title>Fehler: Eintragen – Lotsenruf</title>" in page
    assert "Das hat noch nicht geklappt" in page
    if "family_name" not in changes:
        assert 'value="Haidari"' in page
    assert _nothing_is_stored()


@pytest.mark.parametrize("typed", ["Kurdisch", "kurdish", "Farsi", "Syrisch"])
def test_an_ambiguous_language_is_asked_about(client: Client, pool: Pool, typed: str) -> None:
    response = client.post(ADDRESS, _filled_in(language_1="", language_1_typed=typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'name="language_1_meant"' in page
    assert f'value="{typed}"' in page
    assert _nothing_is_stored()


def test_the_answer_to_which_kurdish_is_taken(client: Client, pool: Pool) -> None:
    values = _filled_in(language_1="", language_1_typed="Kurdisch", language_1_meant="ckb")
    assert client.post(ADDRESS, values).status_code == 302
    assert SpokenLanguage.objects.get().language.code == "ckb"


def test_an_answer_that_was_not_offered_is_asked_again(client: Client, pool: Pool) -> None:
    values = _filled_in(language_1="", language_1_typed="Kurdisch", language_1_meant="prs")
    assert client.post(ADDRESS, values).status_code == 422
    assert _nothing_is_stored()


@pytest.mark.parametrize(("typed", "code"), [("Tigrinya", "ti"), ("tigrinja", "ti")])
def test_a_typed_name_or_a_near_one_finds_its_language(
    client: Client, pool: Pool, typed: str, code: str
) -> None:
    first = client.post(ADDRESS, _filled_in(language_1="", language_1_typed=typed))
    if first.status_code == 422:  # only alike: asked about, not guessed
        assert "Welche Sprache meinen Sie?" in first.content.decode()
        values = _filled_in(language_1="", language_1_typed=typed, language_1_meant=code)
        assert client.post(ADDRESS, values).status_code == 302
    assert SpokenLanguage.objects.get().language.code == code


@pytest.mark.parametrize("typed", ["Xqzzvw", "x" * 81, "😀", "1234"])
def test_an_unknown_language_says_so(client: Client, pool: Pool, typed: str) -> None:
    response = client.post(ADDRESS, _filled_in(language_1="", language_1_typed=typed))
    assert response.status_code == 422
    assert _nothing_is_stored()


def test_four_languages_with_level_and_region(client: Client, pool: Pool) -> None:
    further = {
        "region_1": "Herat",
        "can_read_1": "on",
        "language_2": "ps",
        "level_2": "4",
        "language_3_typed": "Tigrinya",
        "level_3": "1",
        "language_4": "tr",
        "level_4": "2",
    }
    assert client.post(ADDRESS, _filled_in(**further)).status_code == 302
    held = {each.language.code: each for each in SpokenLanguage.objects.all()}
    assert set(held) == {"prs", "ps", "ti", "tr"}
    assert held["prs"].region == "Herat"
    assert held["prs"].can_read
    assert held["ti"].level == Level.SPOKEN_ONLY


def test_guides_need_no_language_and_no_hours(client: Client, pool: Pool) -> None:
    values = _filled_in(roles=["guide"], language_1="", level_1="", week=None, radius_km="7")
    assert client.post(ADDRESS, values).status_code == 302
    profile = Profile.objects.get()
    assert profile.week == NO_HOUR
    assert profile.radius_km == 7


def test_an_open_question_of_place_or_pool_stores_nothing(client: Client) -> None:
    a_pool("06531", slug="kreis")
    a_pool("06531", slug="caritas")
    for address in (ADDRESS, "/mitmachen/eintragen/?plz=60311", "/mitmachen/eintragen/"):
        assert "Angaben absenden" not in client.post(address, _filled_in()).content.decode()
    assert _nothing_is_stored()
    assert client.post(f"{ADDRESS}&zentrum=caritas", _filled_in()).status_code == 302
    assert Volunteer.objects.get().pool.slug == "caritas"


def test_looking_stores_nothing(client: Client, pool: Pool) -> None:
    assert client.get(ADDRESS, _filled_in()).status_code == 200
    assert client.get(f"{ADDRESS}&consent_given=on").status_code == 200
    assert client.get("/mitmachen/danke/").status_code == 302
    assert _nothing_is_stored()


def test_a_known_address_gets_the_very_same_answer(client: Client, pool: Pool) -> None:
    known = a_volunteer(pool).person.contacts.get()
    fresh, again = Client(), Client()
    first = fresh.post(ADDRESS, _filled_in(phone="0171 3920099"), follow=True)
    second = again.post(ADDRESS, _filled_in(phone=known.address), follow=True)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content


def test_whoever_is_signed_in_registers_herself(client: Client, pool: Pool) -> None:
    elsewhere = a_volunteer(a_pool("06534"))
    client.force_login(elsewhere.person)
    assert client.post(ADDRESS, _filled_in()).status_code == 302
    assert elsewhere.person.volunteering.count() == 2


def test_who_sends_far_too_many_is_stopped(client: Client, pool: Pool, monkeypatch: Any) -> None:
    monkeypatch.setattr("pages.public.limits.PER_CALLER", "2/h/ip")
    for number in range(2):
        assert client.post(ADDRESS, _filled_in(phone=f"0171 39200{number:02}")).status_code == 302
    response = client.post(ADDRESS, _filled_in(phone="0171 3920055"))
    assert response.status_code == 429
    assert "Zu viele Versuche" in response.content.decode()
    assert Volunteer.objects.count() == 2
