"""Two pools that have nothing to do with each other, each with one of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from background.clock import now
from matching.models import Assignment
from notifications import links, outbox
from notifications.arrivals import Reply
from notifications.models import LinkPurpose
from pools.models import Membership, Pool, User
from service_requests.models import Status
from tests import builders
from tests.notifications.builders import offer_parameters
from tests.proofs.people import proposal_for
from tokens.models import Token
from volunteers.models import Absence, Volunteer
from webhooks.models import Endpoint

# Everything of a pool that somebody may change; what changes in it was changed by the caller.
ROWS = """
SELECT md5(string_agg(line, '' ORDER BY line)) FROM (
  SELECT t::text AS line FROM requests_servicerequest t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM matching_proposal t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM matching_assignment t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM volunteers_volunteer t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM volunteers_qualification t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM pools_organisation t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM pools_membership t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM notifications_message t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM webhooks_endpoint t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM notifications_reply t WHERE pool_id = %(pool)s
  UNION ALL SELECT t::text FROM tokens_token t WHERE person_id = ANY(%(people)s)
  UNION ALL SELECT t::text FROM notifications_contact t WHERE person_id = ANY(%(people)s)
  UNION ALL SELECT t::text FROM volunteers_profile t WHERE person_id = ANY(%(people)s)
  UNION ALL SELECT t::text FROM volunteers_absence t WHERE profile_id = ANY(%(people)s)
) everything
"""


@dataclass(frozen=True)
class World:
    """A pool, who is in it, the public ids of its objects, and words that stand nowhere else."""

    pool: Pool
    people: dict[str, User]
    objects: dict[str, str]
    secrets: tuple[str, ...]

    def fingerprint(self) -> str:
        """Return a number that changes with every row of the pool."""
        people = [person.pk for person in self.people.values()]
        with connection.cursor() as cursor:
            cursor.execute(ROWS, {"pool": self.pool.pk, "people": people})
            return str(cursor.fetchone()[0])


def a_world(word: str, key: str) -> World:
    """Return a pool whose names all carry the word."""
    pool = builders.a_pool(key)
    coordinator = builders.a_coordinator(pool, family_name=f"{word}leitung")
    organisation = builders.an_organisation(pool, name=f"{word}schule")
    caseworker = builders.a_caseworker(organisation, family_name=f"{word}amt")
    volunteer = builders.a_volunteer(pool, family_name=f"{word}hilfe")
    record = builders.a_record(volunteer, "german_b2")
    assert record is not None
    searching, confirmed = (
        builders.a_request(
            organisation=organisation,
            posted_by=caseworker,
            address=f"{word}weg {number}",
            contact_name=f"Frau {word}",
            starts_at=now() + timedelta(days=3 * number),
        )
        for number in (1, 2)
    )
    offer, held = proposal_for(searching, volunteer), proposal_for(confirmed, volunteer)
    for proposal in (offer, held):
        proposal.save()
    assignment = Assignment.objects.create(
        pool=pool,
        service_request=confirmed,
        volunteer=volunteer,
        volunteer_pool=pool,
        person=volunteer.person,
        language=held.language,
        proposal=held,
        period=confirmed.period,
        mode="on_site",
        accepted_via="link",
        undo_until=now() + timedelta(minutes=10),
    )
    type(confirmed).objects.filter(pk=confirmed.pk).update(status=Status.CONFIRMED)
    type(held).objects.filter(pk=held.pk).update(state="accepted")
    absence = Absence.objects.create(
        profile=volunteer.person.profile, days=(date(2030, 1, 1), date(2030, 1, 8))
    )
    message = outbox.write(
        volunteer.person,
        pool=pool,
        template="offer",
        parameters=offer_parameters(ort=f"{word}dorf"),
        message_class="offer",
        about=[f"proposal:{offer.public_id}"],
        step="1",
        not_after=now() + timedelta(days=1),
    )
    assert message is not None
    people = {"coordinator": coordinator, "caseworker": caseworker, "volunteer": volunteer.person}
    objects: dict[str, Any] = {
        "request": searching,
        "proposal": offer,
        "assignment": assignment,
        "volunteer": volunteer,
        "contact": volunteer.person.contacts.get(),
        "record": record,
        "absence": absence,
        "organisation": organisation,
        "membership": Membership.objects.get(person=caseworker),
        "webhook": Endpoint.objects.create(
            pool=pool, url=f"https://{word}.example/in", topics=["request.posted"]
        ),
        "reply": Reply.objects.create(
            carrier="demo",
            provider_reference=word,
            sender=volunteer.person.contacts.get().address,
            receiver="+4969900090001",
            text=f"Ich bin {word}",
            sent_at=now(),
            verdict="kept",
            person=volunteer.person,
            pool=pool,
        ),
        "program": Token.objects.create(
            person=caseworker,
            name=word,
            digest=word,
            permissions=["requests:read"],
            expires_at=now() + timedelta(days=9),
        ),
    }
    ids = {name: str(one.public_id) for name, one in objects.items()}
    ids |= {"message": str(message.pk), "role": "interpret", "municipality": "06531005"}
    ids |= _tokens(pool, volunteer, offer.public_id, assignment.public_id)
    return World(pool, people, ids, (word,))


def _tokens(
    pool: Pool, volunteer: Volunteer, proposal: object, assignment: object
) -> dict[str, str]:
    """Return links that are nearly right: whoever holds the right one may open it."""
    tokens = {}
    for purpose, target in ((LinkPurpose.OFFER, proposal), (LinkPurpose.CONFIRMATION, assignment)):
        token = links.issue(
            purpose,
            person=volunteer.person,
            pool=pool,
            target=target,
            expires_at=now() + timedelta(days=5),
        )
        tokens[f"{purpose}_token"] = token[:-1] + ("B" if token[-1] == "A" else "A")
    mailbox = volunteer.person.contacts.get().public_id
    tokens["unsubscribe_token"] = f"{mailbox}:{'A' * 43}"  # a signature nobody made
    return tokens
