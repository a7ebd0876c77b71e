"""Everything that can happen to a person's rows: one by one, in bulk, behind Django's back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from background.clock import now
from pools.models import Membership, Organisation, Pool, User
from reference.models import Language, Municipality, Postcode, Setting
from tests import builders
from volunteers import availability, qualifications
from volunteers.models import Absence, Profile, Qualification, SpokenLanguage, Volunteer
from volunteers.week import HOURS, NO_HOUR

RECORDS = ["german_b1", "age_18", "police_certificate_extended", "language_c1"]
LANGUAGES = ["prs", "fa", "ti", "so"]
POSTCODES = [builders.GIESSEN, builders.WETTENBERG, builders.MARBURG, builders.BERLIN_MITTE]


@dataclass
class World:
    """Two pools, and a few people of whom some are in both."""

    pools: list[Pool]
    people: list[User]
    organisations: list[Organisation]

    def volunteers(self, person: int) -> Any:
        return Volunteer.objects.filter(person=self.people[person % len(self.people)])

    def profiles(self, person: int) -> Any:
        return Profile.objects.filter(person=self.people[person % len(self.people)])

    def languages(self, person: int) -> Any:
        return SpokenLanguage.objects.filter(profile=self.people[person % len(self.people)].pk)


def a_world() -> World:
    pools = [builders.a_pool(), builders.a_pool("06534014")]
    people = [
        builders.a_volunteer(pools[0], speaks=["prs", "fa"], records=[], contact=False).person,
        builders.a_volunteer(pools[0], speaks=["ti"], records=[], contact=False).person,
        builders.a_volunteer(pools[1], speaks=["so"], records=[], contact=False).person,
    ]
    builders.a_volunteer(pools[1], person=people[0], records=[], contact=False)
    return World(pools, people, [builders.an_organisation(pool) for pool in pools])


def language_number(number: int) -> Language:
    return Language.objects.get(code=LANGUAGES[number % len(LANGUAGES)])


def municipality_number(number: int) -> Municipality:
    return Municipality.objects.order_by("pk")[number % 5]


def move_house(world: World, person: int, number: int) -> None:
    place = Postcode.objects.get(code=POSTCODES[number % len(POSTCODES)])
    world.profiles(person).update(postcode=place, point=place.point)


def change_reach(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        profile.radius_km = 1 + number % 200
        profile.phone, profile.video = bool(number % 2), bool(number % 3)
        profile.gender = ["", "f", "m", "d"][number % 4]
        profile.save()


def change_week(world: World, person: int, number: int) -> None:
    hour = number % HOURS
    week = NO_HOUR if number % 4 == 0 else "0" * hour + "1" + "0" * (HOURS - hour - 1)
    world.profiles(person).update(week=week)


def pause(world: World, person: int, number: int) -> None:
    until = date(2026, 1 + number % 12, 1) if number % 3 else None
    world.profiles(person).update(is_paused=number % 2 == 0, paused_until=until)


def speak(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        SpokenLanguage.objects.update_or_create(
            profile=profile, language=language_number(number), defaults={"level": 1 + number % 6}
        )


def forget_language(world: World, person: int, number: int) -> None:
    world.languages(person).filter(language=language_number(number)).delete()


def hand_on_languages(world: World, person: int, number: int) -> None:
    # No page does this; a row that changes its owner must refresh both.
    heir = world.profiles(person + 1).first()
    if heir is not None:
        held = heir.languages.values("language")
        world.languages(person).exclude(language__in=held).update(profile=heir)


def come_to_another_municipality(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        profile.extra_municipalities.add(municipality_number(number))


def set_municipalities(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        profile.extra_municipalities.set([municipality_number(n) for n in range(number % 4)])


def change_status(world: World, person: int, number: int) -> None:
    status = ["approved", "registered", "left", "refused"][number % 4]
    unlocked = now() if status == "approved" else None
    world.volunteers(person).update(
        status=status, interpreting_unlocked_at=unlocked, guiding_unlocked_at=unlocked
    )


def lock_a_role(world: World, person: int, number: int) -> None:
    field = ["interpreting_unlocked_at", "guiding_unlocked_at"][number % 2]
    world.volunteers(person).filter(pool=world.pools[number % 2]).update(**{field: None})


def want_one_role(world: World, person: int, number: int) -> None:
    world.volunteers(person).update(
        wants_interpreting=number % 3 != 0, wants_guiding=number % 3 != 1
    )


def leave_or_join_a_pool(world: World, person: int, number: int) -> None:
    pool = world.pools[number % 2]
    if not world.volunteers(person).filter(pool=pool).delete()[0]:
        builders.a_volunteer(pool, person=world.people[person], records=[], contact=False)


def switch_account(world: World, person: int, number: int) -> None:
    User.objects.filter(pk=world.people[person].pk).update(is_active=number % 2 == 0)


def forget_the_profile(world: World, person: int, number: int) -> None:
    world.profiles(person).delete()


def be_away(world: World, person: int, number: int) -> None:
    first = date(2026, 1 + number % 12, 1 + number % 28)
    for profile in world.profiles(person):
        if number % 4 == 0:
            profile.absences.all().delete()
        elif not Absence.objects.filter(profile=profile).touching(first, first).exists():
            availability.add_absence(profile, first, first)


def refuse_settings(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        settings = list(Setting.objects.order_by("pk")[: number % 4])
        availability.set_wishes(profile, settings, 1 + number % 7, number % 5 or None, True)


def avoid_an_organisation(world: World, person: int, number: int) -> None:
    for profile in world.profiles(person):
        profile.avoided_organisations.set([world.organisations[number % 2]] if number % 3 else [])


def work_somewhere_or_stop(world: World, person: int, number: int) -> None:
    someone = world.people[person]
    if someone.memberships.filter(ended_at__isnull=True).update(ended_at=now()):
        return
    organisation = world.organisations[number % 2]
    Membership.objects.create(
        pool=organisation.pool, person=someone, role="caseworker", organisation=organisation
    )


def gain_a_record(world: World, person: int, number: int) -> None:
    if not world.profiles(person).exists():
        return  # a record per language needs to know which ones she speaks
    for volunteer in world.volunteers(person):
        first = date(2025, 1 + number % 12, 1)
        until = first + timedelta(days=number) if number % 2 else None
        builders.a_record(volunteer, RECORDS[number % 4], valid_from=first, valid_until=until)


def lose_a_record(world: World, person: int, number: int) -> None:
    records = Qualification.objects.filter(volunteer__in=world.volunteers(person))
    if number % 3:
        for record in records.filter(type=RECORDS[number % 4]):
            qualifications.revoke(record, by=world.people[0])
    else:
        records.delete()


def psql(world: World, person: int, number: int) -> None:
    statement = RAW[number % len(RAW)]
    with connection.cursor() as cursor:
        cursor.execute(statement, {"person": world.people[person].pk, "number": number})


RAW = [
    "UPDATE volunteers_profile SET radius_km = 1 + %(number)s %% 200",
    "UPDATE volunteers_profile SET week = ~week WHERE person_id = %(person)s",
    "UPDATE volunteers_spokenlanguage SET level = 1 + (level + 1) %% 6",
    "DELETE FROM volunteers_spokenlanguage WHERE profile_id = %(person)s",
    "DELETE FROM volunteers_profile_extra_municipalities",
    """INSERT INTO volunteers_profile_extra_municipalities (profile_id, municipality_id)
       SELECT p.person_id, m.ags FROM volunteers_profile p,
              (SELECT ags FROM reference_municipality ORDER BY ags LIMIT 3) m
           ON CONFLICT DO NOTHING""",
    "UPDATE volunteers_volunteer SET guiding_unlocked_at = NULL WHERE person_id = %(person)s",
    "UPDATE pools_user SET is_active = NOT is_active WHERE id = %(person)s",
    "UPDATE volunteers_volunteer SET wants_interpreting = wants_guiding, wants_guiding = true",
    "UPDATE volunteers_qualification SET revoked_at = CASE WHEN id %% 2 = 0 THEN now() END",
    "UPDATE volunteers_absence SET days = daterange(lower(days), upper(days) + 1)"
    " WHERE id = (SELECT min(id) FROM volunteers_absence) AND profile_id = %(person)s"
    " AND NOT EXISTS (SELECT FROM volunteers_absence WHERE profile_id = %(person)s OFFSET 1)",
]
EDITS: list[Callable[[World, int, int], None]] = [
    move_house,
    change_reach,
    change_week,
    pause,
    speak,
    forget_language,
    hand_on_languages,
    come_to_another_municipality,
    set_municipalities,
    change_status,
    lock_a_role,
    want_one_role,
    leave_or_join_a_pool,
    switch_account,
    forget_the_profile,
    be_away,
    refuse_settings,
    avoid_an_organisation,
    work_somewhere_or_stop,
    gain_a_record,
    lose_a_record,
    psql,
]
