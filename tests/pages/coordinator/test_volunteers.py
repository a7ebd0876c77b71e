"""The volunteers of a pool: the list, one person, and what a coordinator does about her."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from notifications.models import Contact
from pools.models import Pool, User
from tests.builders import a_pool, a_record, a_volunteer
from tests.clock import MovableClock
from tests.pages.coordinator.reading import text_of
from volunteers.consent import CURRENT
from volunteers.models import Absence, Consent, Profile, Qualification, Volunteer

pytestmark = pytest.mark.django_db
NEW = {
    "status": Volunteer.Status.REGISTERED,
    "interpreting_unlocked_at": None,
    "guiding_unlocked_at": None,
}


def page_of(desk: Client, volunteer: Volunteer) -> str:
    response = desk.get(reverse("coordinator_volunteer", args=[volunteer.public_id]))
    assert response.status_code == 200
    return text_of(response)


def press(
    desk: Client, name: str, volunteer: Volunteer, *more: object, **fields: object
) -> HttpResponse:
    """Press a button and read the page it leads to."""
    url = reverse(name, args=[volunteer.public_id, *more])
    return desk.post(url, fields, follow=True)  # type: ignore[return-value]


def test_the_list_is_filtered_by_language_state_and_name(desk: Client, pool: Pool) -> None:
    a_volunteer(pool, speaks="prs", family_name="Darisprecher")
    a_volunteer(pool, speaks="ti", family_name="Wartend", **NEW)
    a_volunteer(pool, speaks="ti", family_name="Pausend", is_paused=True)
    url = reverse("coordinator_volunteers")
    everybody = text_of(desk.get(url))
    assert all(name in everybody for name in ("Darisprecher", "Wartend", "Pausend", "3 Personen"))
    for query, seen, unseen in (
        ({"sprache": "prs"}, "Darisprecher", "Wartend"),
        ({"stand": "registered"}, "Wartend", "Darisprecher"),
        ({"stand": "paused"}, "Pausend", "Wartend"),
        ({"name": "paus"}, "Pausend", "Darisprecher"),
    ):
        page = text_of(desk.get(url, query))
        assert seen in page
        assert unseen not in page


def test_the_list_is_sorted_as_germans_read(desk: Client, pool: Pool) -> None:
    names = ["Zander", "Ölmez", "Müller", "Weiß", "weber", "Oppel", "Peters", "Mutlu"]
    for name in names:
        a_volunteer(pool, given_name="Alex", family_name=name)
    page = text_of(desk.get(reverse("coordinator_volunteers")))
    assert sorted(names, key=lambda name: page.index(f"Alex {name}")) == [
        *("Müller", "Mutlu", "Ölmez", "Oppel", "Peters", "weber", "Weiß", "Zander")
    ]
    page = text_of(desk.get(reverse("coordinator_volunteers"), {"name": "weiß"}))
    assert "1 Person" in page


def test_nobody_of_another_pool_is_in_the_list_or_found(desk: Client, pool: Pool) -> None:
    foreign = a_volunteer(a_pool("06534"), family_name="Fremd")
    assert "Fremd" not in desk.get(reverse("coordinator_volunteers")).content.decode()
    assert desk.get(reverse("coordinator_volunteer", args=[foreign.public_id])).status_code == 404
    for name in ("coordinator_approve_volunteer", "coordinator_pause", "coordinator_edit_details"):
        assert desk.post(reverse(name, args=[foreign.public_id])).status_code == 404


def test_her_own_record_in_another_pool_is_not_on_her_desk(desk: Client, coordinator: User) -> None:
    elsewhere = a_volunteer(a_pool("06534"), person=coordinator)
    url = reverse("coordinator_volunteer", args=[elsewhere.public_id])
    assert desk.get(url).status_code == 404


def test_who_is_new_is_taken_on(desk: Client, pool: Pool, coordinator: User) -> None:
    volunteer = a_volunteer(pool, records=[], **NEW)
    assert "Person aufnehmen" in page_of(desk, volunteer)
    press(desk, "coordinator_approve_volunteer", volunteer)
    volunteer.refresh_from_db()
    assert (volunteer.status, volunteer.decided_by) == ("approved", coordinator)
    page = page_of(desk, volunteer)
    assert "noch nicht freigeschaltet" in page
    assert "Es fehlt: Auswahlgespräch geführt" in page


def test_a_role_opens_only_when_the_records_hold(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(
        pool, records=[], interpreting_unlocked_at=None, guiding_unlocked_at=None
    )
    response = press(desk, "coordinator_unlock", volunteer, "interpret")
    assert "Diese Nachweise fehlen noch:" in response.content.decode()
    for code in (
        *("age_18", "selection_interview", "basic_interpreting", "german_b1"),
        *("language_fluent", "confidentiality_interpreter", "police_certificate"),
    ):
        a_record(volunteer, code)
    assert "Dolmetschen freischalten" in page_of(desk, volunteer)
    press(desk, "coordinator_unlock", volunteer, "interpret")
    volunteer.refresh_from_db()
    assert volunteer.interpreting_unlocked_at is not None
    assert ", von Jonas Seibert." in page_of(desk, volunteer)
    press(desk, "coordinator_lock", volunteer, "interpret")
    volunteer.refresh_from_db()
    assert volunteer.interpreting_unlocked_at is None


def test_a_role_that_does_not_exist_is_not_found(desk: Client, pool: Pool) -> None:
    url = reverse("coordinator_unlock", args=[a_volunteer(pool).public_id, "koch"])
    assert desk.post(url).status_code == 404


def record_page(volunteer: Volunteer, code: str) -> str:
    return reverse("coordinator_new_record", args=[volunteer.public_id]) + f"?type={code}"


def test_a_record_is_kept_with_who_saw_it(
    desk: Client, pool: Pool, coordinator: User, clock: MovableClock
) -> None:
    volunteer = a_volunteer(pool, records=[])
    types = text_of(desk.get(reverse("coordinator_new_record", args=[volunteer.public_id])))
    assert "Fehlt noch" in types
    fields = {
        "inspected_on": "24.11.2026",
        "valid_from": "1.10.2026",
        "valid_until": "",
        "issuer": "Volkshochschule Gießen",
        "units": "24",
    }
    response = desk.post(record_page(volunteer, "basic_interpreting"), fields, follow=True)
    assert "Eingetragen: Basisqualifizierung Laiendolmetschen." in response.content.decode()
    record = Qualification.objects.get(volunteer=volunteer)
    assert (record.inspected_by, record.units) == (coordinator, 24)
    assert (record.valid.lower, record.valid.upper) == (date(2026, 10, 1), None)
    assert "Volkshochschule Gießen" in page_of(desk, volunteer)


def test_a_record_per_language_asks_which_of_hers(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(pool, speaks=["prs", "fa"], records=[])
    page = desk.get(record_page(volunteer, "language_fluent")).content.decode()
    assert page.count("<option") == 3
    days = {"inspected_on": "1.10.2026", "valid_from": "1.10.2026"}
    assert desk.post(record_page(volunteer, "language_fluent"), days).status_code == 422


def test_a_criminal_record_certificate_is_only_ever_seen(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    volunteer = a_volunteer(pool, records=[])
    page = desk.get(record_page(volunteer, "police_certificate")).content.decode()
    assert "Keine Kopie, keine Notizen." in page
    assert 'type="file"' not in page
    assert 'name="issuer"' not in page
    fields = {
        "certificate_on": "2.11.2026",
        "inspected_on": "24.11.2026",
        "valid_from": "24.11.2026",
        "valid_until": "23.11.2031",
    }
    with_entry = desk.post(record_page(volunteer, "police_certificate"), fields)
    assert with_entry.status_code == 422
    assert not Qualification.objects.filter(volunteer=volunteer).exists()
    clean = fields | {"has_no_relevant_entry": "on"}
    desk.post(record_page(volunteer, "police_certificate"), clean)
    record = Qualification.objects.get(volunteer=volunteer)
    assert record.has_no_relevant_entry is True
    assert record.issuer == ""


def test_a_certificate_that_was_too_old_says_so_at_its_field(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    fields = {
        "certificate_on": "2.1.2026",
        "inspected_on": "24.11.2026",
        "valid_from": "24.11.2026",
        "has_no_relevant_entry": "on",
    }
    response = desk.post(record_page(a_volunteer(pool), "police_certificate"), fields)
    assert response.status_code == 422
    assert "zu alt: höchstens 3 Monate" in text_of(response)


def test_a_revoked_record_no_longer_holds(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(pool, records=["german_b1"])
    record = Qualification.objects.get(volunteer=volunteer)
    press(desk, "coordinator_revoke_record", volunteer, record.public_id)
    record.refresh_from_db()
    assert record.revoked_at is not None
    page = page_of(desk, volunteer)
    assert "zurückgenommen" in page
    assert ", von Jonas Seibert" in page


def test_a_record_of_another_volunteer_cannot_be_revoked_here(desk: Client, pool: Pool) -> None:
    record = Qualification.objects.get(volunteer=a_volunteer(pool, records=["german_b1"]))
    other = a_volunteer(pool)
    url = reverse("coordinator_revoke_record", args=[other.public_id, record.public_id])
    assert desk.post(url).status_code == 404


def test_a_number_is_noted_as_checked(desk: Client, pool: Pool, coordinator: User) -> None:
    volunteer = a_volunteer(pool)
    contact = Contact.objects.get(person=volunteer.person)
    Contact.objects.update(verified_at=None)
    assert "Nummer geprüft" in page_of(desk, volunteer)
    press(desk, "coordinator_verify_contact", volunteer, contact.public_id)
    contact.refresh_from_db()
    assert contact.verified_at is not None
    assert contact.verified_by == coordinator


def test_a_pause_begins_and_ends(desk: Client, pool: Pool, clock: MovableClock) -> None:
    volunteer = a_volunteer(pool)
    press(desk, "coordinator_pause", volunteer, **{"pause-again_on": "1.12.2026"})
    assert Profile.objects.get(person=volunteer.person).paused_until == date(2026, 12, 1)
    assert "Ab 01.12.2026 fragen wir wieder." in page_of(desk, volunteer)
    press(desk, "coordinator_resume", volunteer)
    assert Profile.objects.get(person=volunteer.person).paused_until is None


def test_a_pause_into_the_past_is_asked_again(
    desk: Client, pool: Pool, clock: MovableClock
) -> None:
    volunteer = a_volunteer(pool)
    response = press(desk, "coordinator_pause", volunteer, **{"pause-again_on": "1.1.2026"})
    assert response.status_code == 422


def test_notes_are_kept_and_too_long_ones_say_so(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(pool)
    press(desk, "coordinator_volunteer_notes", volunteer, **{"notes-notes": "Ruft gern an.\nAb 14"})
    assert "Ruft gern an." in page_of(desk, volunteer)
    too_long = {"notes-notes": "x" * 5000}
    response = press(desk, "coordinator_volunteer_notes", volunteer, **too_long)
    assert response.status_code == 422
    assert "Kürzen Sie den Text auf höchstens 4000 Zeichen" in text_of(response)


def test_an_absence_is_entered_and_removed(desk: Client, pool: Pool, clock: MovableClock) -> None:
    volunteer = a_volunteer(pool)
    days = {"away-first": "1.12.2026", "away-last": "5.12.2026"}
    press(desk, "coordinator_add_absence", volunteer, **days)
    absence = Absence.objects.get(profile=volunteer.person_id)
    assert "01.12.2026 bis 05.12.2026" in page_of(desk, volunteer)
    press(desk, "coordinator_remove_absence", volunteer, absence.public_id)
    assert not Absence.objects.exists()


def test_details_and_times_can_be_changed_on_the_telephone(desk: Client, pool: Pool) -> None:
    volunteer = a_volunteer(pool, speaks="prs")
    url = reverse("coordinator_edit_details", args=[volunteer.public_id])
    assert desk.get(url).status_code == 200
    fields = {
        "language_1": "prs",
        "level_1": "6",
        "postcode": "35435",
        "means": "car",
        "radius_km": "40",
        "modes": ["on_site", "video"],
    }
    desk.post(url, fields)
    profile = Profile.objects.get(person=volunteer.person)
    assert (profile.postcode_id, profile.radius_km, profile.video) == ("35435", 40, True)
    url = reverse("coordinator_edit_times", args=[volunteer.public_id])
    fields = {"week": ["0-0"], "messages_per_week": "2", "quiet_from": "20", "quiet_until": "8"}
    desk.post(url, fields)
    profile.refresh_from_db()
    assert profile.messages_per_week == 2
    assert "Montag vormittags" in page_of(desk, volunteer)


ON_THE_TELEPHONE = {
    "roles": ["interpret"],
    "language_1": "ti",
    "level_1": "6",
    "means": "transit",
    "modes": ["on_site"],
    "given_name": "Selam",
    "family_name": "Anruf",
    "phone": "0171 3920042",
    "preferred_channel": "sms",
    "is_adult": "on",
    "consent_version": CURRENT,
}


def test_who_rings_up_is_entered_with_the_consent_noted(
    desk: Client, pool: Pool, coordinator: User
) -> None:
    url = reverse("coordinator_new_volunteer") + "?plz=35390"
    assert "Lesen Sie die Einwilligung vor." in text_of(desk.get(url))
    desk.post(url, ON_THE_TELEPHONE | {"consent_given": "on"})
    volunteer = Volunteer.objects.get(person__family_name="Anruf")
    assert (volunteer.pool, volunteer.status) == (pool, "registered")
    assert Consent.objects.get(person=volunteer.person).noted_by == coordinator


def test_without_consent_nothing_is_stored(desk: Client, pool: Pool) -> None:
    people = User.objects.count()
    response = desk.post(reverse("coordinator_new_volunteer") + "?plz=35390", ON_THE_TELEPHONE)
    assert response.status_code == 422
    assert User.objects.count() == people


def test_a_coordinator_enters_nobody_for_another_pool(desk: Client, pool: Pool) -> None:
    a_pool("06534")
    url = reverse("coordinator_new_volunteer") + "?plz=35260"
    fields = ON_THE_TELEPHONE | {"consent_given": "on"}
    assert "ein anderes Zentrum zuständig" in text_of(desk.post(url, fields))
    assert not Volunteer.objects.exists()
