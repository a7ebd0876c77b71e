"""«Meine Zeiten», «Meine Angaben», «Meine Nachweise»."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from background.clock import now
from notifications.models import Contact
from pages.contact_words import readable
from tests import builders
from tests.clock import MovableClock
from volunteers.models import Absence, Level, Profile, Volunteer
from volunteers.week import NO_HOUR, hours_of

pytestmark = pytest.mark.django_db
TIMES = "/meine-zeiten/"
DETAILS = "/meine-angaben/"
RECORDS = "/meine-nachweise/"


@pytest.fixture
def volunteer(db: None, clock: MovableClock, client: Client) -> Volunteer:
    """Return a volunteer who is signed in."""
    amina = builders.a_volunteer(builders.a_pool(), given_name="Amina")
    client.force_login(amina.person)
    return amina


def times(**changes: object) -> dict[str, object]:
    return {
        "messages_per_week": "3",
        "quiet_from": "20:00",
        "quiet_until": "8 Uhr",
        **changes,
    }


def profile_of(volunteer: Volunteer) -> Profile:
    return Profile.objects.get(person=volunteer.person)


def test_no_hours_mean_any_time(client: Client, volunteer: Volunteer) -> None:
    assert "zu allen Tageszeiten" in client.get(TIMES).content.decode()


def test_hours_limits_and_quiet_hours_are_kept(client: Client, volunteer: Volunteer) -> None:
    response = client.post(
        TIMES,
        times(
            week=["0-0", "6-2"],
            messages_per_week="5",
            assignments_per_week="2",
            urgent_beyond_budget="on",
            quiet_from="21.30",
            quiet_until="7",
        ),
        follow=True,
    )
    assert "Ihre Zeiten sind gespeichert" in response.content.decode()
    profile = profile_of(volunteer)
    assert {(0, 8), (0, 11), (6, 17), (6, 20)} <= hours_of(profile.week)
    assert len(hours_of(profile.week)) == 8
    assert (profile.messages_per_week, profile.assignments_per_week) == (5, 2)
    assert profile.urgent_beyond_budget
    contact = Contact.objects.get(person=volunteer.person)
    assert (contact.quiet_from, contact.quiet_until) == (dt.time(21, 30), dt.time(7, 0))


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages_per_week": "0"},
        {"messages_per_week": "99"},
        {"assignments_per_week": "-1"},
        {"quiet_from": "25:00"},
        {"quiet_from": ""},
        {"week": ["9-9"]},
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    client: Client, volunteer: Volunteer, wrong: dict[str, object]
) -> None:
    response = client.post(TIMES, times(**wrong))
    assert response.status_code == 422
    assert "Das hat noch nicht geklappt" in response.content.decode()
    assert profile_of(volunteer).week == NO_HOUR


def test_a_pause_until_a_day_and_back(client: Client, volunteer: Volunteer) -> None:
    response = client.post(f"{TIMES}pause/", {"pause-again_on": "1.12."}, follow=True)
    assert "Ab 1. Dezember 2026 fragen wir Sie wieder" in response.content.decode()
    assert profile_of(volunteer).paused_until == dt.date(2026, 12, 1)
    response = client.post(f"{TIMES}pause/beenden/", follow=True)
    assert "Pause beginnen" in response.content.decode()
    assert profile_of(volunteer).paused_until is None


def test_a_pause_without_an_end(client: Client, volunteer: Volunteer) -> None:
    client.post(f"{TIMES}pause/", {"pause-again_on": ""})
    assert profile_of(volunteer).is_paused


def test_a_pause_that_is_over_already_is_refused(client: Client, volunteer: Volunteer) -> None:
    response = client.post(f"{TIMES}pause/", {"pause-again_on": "1.1.2020"})
    assert response.status_code == 422
    assert "nicht in der Zukunft" in response.content.decode()
    assert profile_of(volunteer).paused_until is None


def test_days_away_are_added_and_removed(client: Client, volunteer: Volunteer) -> None:
    response = client.post(
        f"{TIMES}abwesend/", {"away-first": "24.12.", "away-last": "6.1.2027"}, follow=True
    )
    assert "24. Dezember 2026 bis 6. Januar 2027" in response.content.decode()
    absence = Absence.objects.get()
    for _ in range(2):
        client.post(f"{TIMES}abwesend/{absence.public_id}/entfernen/")
    assert not Absence.objects.exists()


def test_the_same_days_twice_are_refused(client: Client, volunteer: Volunteer) -> None:
    days = {"away-first": "24.12.", "away-last": "6.1.2027"}
    client.post(f"{TIMES}abwesend/", days)
    response = client.post(f"{TIMES}abwesend/", days)
    assert response.status_code == 422
    assert "schon eine Abwesenheit eingetragen" in response.content.decode()


def test_days_in_the_wrong_order_are_refused(client: Client, volunteer: Volunteer) -> None:
    response = client.post(
        f"{TIMES}abwesend/", {"away-first": "6.1.2027", "away-last": "24.12.2026"}
    )
    assert response.status_code == 422
    assert not Absence.objects.exists()


def test_nobody_removes_the_days_of_somebody_else(client: Client, volunteer: Volunteer) -> None:
    other = builders.a_volunteer(volunteer.pool)
    today = now().date()
    absence = Absence.objects.create(
        profile=profile_of(other), days=(today, today + dt.timedelta(days=3))
    )
    client.post(f"{TIMES}abwesend/{absence.public_id}/entfernen/")
    assert Absence.objects.filter(pk=absence.pk).exists()


@pytest.mark.parametrize("url", [TIMES, DETAILS])
def test_who_is_no_volunteer_has_no_such_page(client: Client, url: str) -> None:
    client.force_login(builders.a_person())
    assert client.get(url).status_code == 404


def details(**changes: object) -> dict[str, object]:
    return {
        "language_1": "prs",
        "level_1": "6",
        "postcode": "35390",
        "municipality": "",
        "means": "car",
        "radius_km": "30",
        "modes": ["on_site", "phone"],
        "gender": "",
        **changes,
    }


def test_details_are_shown_as_they_are(client: Client, volunteer: Volunteer) -> None:
    page = client.get(DETAILS).content.decode()
    assert 'value="35390"' in page
    assert '<option value="prs" selected>' in page
    assert readable(Contact.objects.get(person=volunteer.person)) in page


def test_languages_places_and_wishes_are_kept(client: Client, volunteer: Volunteer) -> None:
    response = client.post(
        DETAILS,
        details(
            language_2_typed="Kurmanci",
            level_2="1",
            region_2="Afrin",
            postcode="35435",
            radius_km="12",
            gender="f",
            modes=["on_site", "video"],
            opted_out=["police", "court"],
        ),
        follow=True,
    )
    assert "Ihre Angaben sind gespeichert" in response.content.decode()
    profile = profile_of(volunteer)
    spoken = {one.language.code: (one.level, one.region) for one in profile.languages.all()}
    assert spoken == {"prs": (Level.NATIVE, ""), "kmr": (Level.SPOKEN_ONLY, "Afrin")}
    assert (profile.postcode_id, profile.radius_km, profile.gender) == ("35435", 12, "f")
    assert (profile.on_site, profile.phone, profile.video) == (True, False, True)
    assert {setting.code for setting in profile.opted_out_settings.all()} == {"police", "court"}


def test_kurdish_is_asked_about(client: Client, volunteer: Volunteer) -> None:
    response = client.post(DETAILS, details(language_2_typed="Kurdisch", level_2="6"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Kurmandschi" in page
    assert "Sorani" in page
    sent = details(language_2_typed="Kurdisch", level_2="6", language_2_meant="ckb")
    assert client.post(DETAILS, sent).status_code == 302
    assert profile_of(volunteer).languages.filter(language__code="ckb").exists()


def test_a_language_can_be_taken_off_but_not_the_last(client: Client, volunteer: Volunteer) -> None:
    response = client.post(DETAILS, details(gone_1="on"))
    assert response.status_code == 422
    assert "mindestens eine Sprache" in response.content.decode()
    client.post(DETAILS, details(gone_1="on", language_2="ar", level_2="5"))
    assert [one.language.code for one in profile_of(volunteer).languages.all()] == ["ar"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"postcode": "99999"}, "Postleitzahl kennen wir nicht"),
        ({"language_2_typed": "Klingonisch", "level_2": "6"}, "Sprache finden wir nicht"),
        ({"language_2": "ar"}, "wie gut Sie Arabisch"),
        ({"language_2": "prs", "level_2": "6"}, "zweimal"),
        ({"radius_km": "0"}, "mindestens 1"),
        ({"modes": []}, "mindestens eine Möglichkeit"),
    ],
)
def test_nothing_is_kept_when_something_is_wrong(
    client: Client, volunteer: Volunteer, wrong: dict[str, object], said: str
) -> None:
    response = client.post(DETAILS, details(gender="f") | wrong)
    assert response.status_code == 422
    assert said in response.content.decode()
    profile = profile_of(volunteer)
    assert profile.gender == ""
    assert [one.language.code for one in profile.languages.all()] == ["prs"]


def test_more_places_are_added_and_removed(client: Client, volunteer: Volunteer) -> None:
    response = client.post(f"{DETAILS}orte/", {"extra-postcode": "35037"}, follow=True)
    assert "Marburg steht jetzt in Ihrer Liste" in response.content.decode()
    profile = profile_of(volunteer)
    assert profile.postcode_id == "35390"
    (marburg,) = profile.extra_municipalities.all()
    client.post(f"{DETAILS}orte/{marburg.ags}/entfernen/")
    assert not profile.extra_municipalities.exists()


def test_a_postcode_in_two_areas_asks_which(client: Client, volunteer: Volunteer) -> None:
    response = client.post(f"{DETAILS}orte/", {"extra-postcode": "34127"})
    assert response.status_code == 422
    assert "Welcher Ort?" in response.content.decode()


def test_a_place_outside_of_hesse_is_refused_kindly(client: Client, volunteer: Volunteer) -> None:
    response = client.post(f"{DETAILS}orte/", {"extra-postcode": builders.BERLIN_MITTE})
    assert response.status_code == 422
    assert "außerhalb von Hessen" in response.content.decode()


def test_more_places_survive_saving_the_details(client: Client, volunteer: Volunteer) -> None:
    client.post(f"{DETAILS}orte/", {"extra-postcode": "35037"})
    client.post(DETAILS, details(radius_km="5"))
    assert profile_of(volunteer).extra_municipalities.count() == 1


def test_records_are_shown_with_their_days(client: Client, volunteer: Volunteer) -> None:
    builders.a_record(volunteer, "module_health", valid_until=dt.date(2026, 1, 1))
    page = client.get(RECORDS).content.decode()
    assert "gilt ohne Ende" in page
    assert "abgelaufen, galt bis 31.12.2025" in page
    assert client.post(RECORDS).status_code == 405


def test_a_missing_record_is_named(client: Client, clock: MovableClock) -> None:
    bare = builders.a_volunteer(builders.a_pool(), records=["age_18"])
    client.force_login(bare.person)
    page = client.get(RECORDS).content.decode()
    assert "Dolmetschen: Das fehlt noch" in page
    assert "Basisqualifizierung" in page
