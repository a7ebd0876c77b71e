"""What must be true after every step, of the rows alone and of what the step has changed.

Asked of the database in other words than the product's own, and without its constraints: they are
what is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection

from background.clock import now
from service_requests.lifecycle import NEXT
from tests.proofs.histories.network import Network
from tests.proofs.histories.snapshot import (
    Assignment,
    Message,
    Proposal,
    Request,
    Snapshot,
)

HELD = ("confirmed", "took_place", "record_confirmed", "did_not_take_place", "settled")
FINAL_MESSAGE = ("delivered", "failed", "expired", "superseded")
HANDED_OVER = ("sending", "unknown", "accepted", "delivered")
INTERESTED = ("asked", "filled", "stand_by")
ENDED_EARLY = ("withdrawn", "cancelled", "not_filled")

STEPS_OF_THE_TABLE = tuple((str(one), str(other)) for one in NEXT for other in NEXT[one])
NEVER: dict[str, str] = {
    "two active appointments of one request": """
        SELECT service_request_id::text FROM matching_assignment WHERE cancelled_at IS NULL
         GROUP BY service_request_id HAVING count(*) > 1""",
    "somebody in two places": """
        SELECT a.id::text FROM matching_assignment a JOIN matching_assignment b
            ON b.person_id = a.person_id AND b.id < a.id AND b.period && a.period
         WHERE a.cancelled_at IS NULL AND b.cancelled_at IS NULL""",
    "an appointment at another time than its request": """
        SELECT a.id::text FROM matching_assignment a
          JOIN requests_servicerequest r ON r.id = a.service_request_id
         WHERE a.cancelled_at IS NULL AND a.period <> r.period""",
    "held without an appointment, or an appointment that nobody wants": f"""
        SELECT r.id::text FROM requests_servicerequest r
         WHERE (r.status IN {HELD}) <> EXISTS (SELECT FROM matching_assignment a
                WHERE a.service_request_id = r.id AND a.cancelled_at IS NULL)""",  # noqa: S608
    "a search nobody will look at again": """
        SELECT id::text FROM requests_servicerequest WHERE status = 'searching'
           AND (look_again_at IS NULL OR look_again_at > greatest(lower(period), %(now)s))""",
    "an open offer of a request that is not searched for": """
        SELECT p.id::text FROM matching_proposal p
          JOIN requests_servicerequest r ON r.id = p.service_request_id
         WHERE p.state = 'asked'
           AND (r.status <> 'searching' OR p.search_round <> r.search_round)""",
    "asked twice in one round": """
        SELECT min(id)::text FROM matching_proposal
         GROUP BY service_request_id, person_id, search_round HAVING count(*) > 1""",
    "the same message twice": """
        SELECT dedupe_key FROM notifications_message GROUP BY dedupe_key HAVING count(*) > 1""",
    "a message in hand without a lease, or a lease of none": """
        SELECT id::text FROM notifications_message
         WHERE (state IN ('sending', 'unknown')) <> (lease_until IS NOT NULL)""",
    "a message that waits although it was overtaken": """
        SELECT id::text FROM notifications_message
         WHERE state = 'pending' AND superseded_at IS NOT NULL""",
    "a text kept after its message was accepted": """
        SELECT id::text FROM notifications_message
         WHERE state NOT IN ('pending', 'sending', 'unknown') AND parameters <> '{}'""",
    "a log that does not lead to the state": f"""
        SELECT r.id::text FROM requests_servicerequest r WHERE r.status <> (
               SELECT e.to_status FROM requests_event e WHERE e.service_request_id = r.id
                  AND e.to_status <> '' ORDER BY e.id DESC LIMIT 1)
         UNION ALL
        SELECT id::text FROM (SELECT id, from_status, to_status, lag(to_status) OVER (
                   PARTITION BY service_request_id ORDER BY id) AS before
                 FROM requests_event WHERE to_status <> '') e
         WHERE from_status <> COALESCE(before, '') OR (before IS NOT NULL
           AND (before, to_status) NOT IN {STEPS_OF_THE_TABLE})""",  # noqa: S608
    "asked without being allowed to": """
        SELECT p.id::text FROM matching_proposal p
          JOIN requests_servicerequest r ON r.id = p.service_request_id
          JOIN volunteers_volunteer v ON v.id = p.volunteer_id
          JOIN volunteers_profile f ON f.person_id = p.person_id
         WHERE p.id > %(last_proposal)s AND NOT (
               v.status = 'approved' AND v.interpreting_unlocked_at IS NOT NULL
           AND (p.asked_by_id IS NOT NULL OR NOT f.is_paused)
           AND (p.asked_by_id IS NOT NULL OR NOT EXISTS (SELECT FROM volunteers_absence b
                 WHERE b.profile_id = p.person_id
                   AND b.days @> (lower(r.period) AT TIME ZONE 'Europe/Berlin')::date))
           AND NOT EXISTS (SELECT FROM matching_assignment a WHERE a.person_id = p.person_id
                 AND p.state = 'asked' AND a.cancelled_at IS NULL AND a.period && r.period))""",
    "without a record that is required": """
        SELECT s.kind || s.id FROM (
               SELECT 'offer ' AS kind, id, service_request_id, volunteer_id, language_id
                 FROM matching_proposal WHERE id > %(last_proposal)s
                UNION ALL
               SELECT 'appointment ', id, service_request_id, volunteer_id, language_id
                 FROM matching_assignment WHERE cancelled_at IS NULL AND id = ANY(%(moved)s)) s
          JOIN requests_servicerequest r ON r.id = s.service_request_id
         WHERE EXISTS (SELECT FROM jsonb_array_elements(r.required_records) one_of
                WHERE NOT EXISTS (SELECT FROM volunteers_qualification q
                       WHERE q.volunteer_id = s.volunteer_id AND q.revoked_at IS NULL
                         AND one_of ? q.type_id
                         AND q.valid @> (lower(r.period) AT TIME ZONE 'Europe/Berlin')::date
                         AND COALESCE(q.language_id = s.language_id, true)))""",
    "an appointment of somebody who is locked": """
        SELECT a.id::text FROM matching_assignment a
          JOIN volunteers_volunteer v ON v.id = a.volunteer_id
         WHERE a.id > %(last_assignment)s AND a.cancelled_at IS NULL
           AND (v.status <> 'approved' OR v.interpreting_unlocked_at IS NULL)""",
}
STATEMENT = " UNION ALL ".join(
    f"SELECT '{name}', broken.* FROM ({sql}) broken"  # noqa: S608 - our own text
    for name, sql in NEVER.items()
)


def faults(before: Snapshot, after: Snapshot, network: Network) -> list[str]:
    """Return everything that is not as it must be after a step."""
    return [
        *_of_rows(before, after),
        *_of_messages(before, after, network),
        *_of_ends(before, after),
    ]


def _of_rows(before: Snapshot, after: Snapshot) -> Iterator[str]:
    earlier = {one.pk: one for one in before.assignments}
    moved = [
        one.pk
        for one in after.assignments
        if one.pk not in earlier or earlier[one.pk].starts_at != one.starts_at
    ]
    parameters: dict[str, Any] = {
        "now": now(),
        "last_proposal": max((one.pk for one in before.proposals), default=0),
        "last_assignment": max((one.pk for one in before.assignments), default=0),
        "moved": moved,
    }
    # Prepared once: planning it takes longer than running it.
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(STATEMENT.encode(), parameters, prepare=True)
        yield from (f"{name}: {which}" for name, which in cursor.fetchall())
    for one in earlier.values():
        if not one.is_active and next(a for a in after.assignments if a.pk == one.pk).is_active:
            yield f"a cancelled appointment came back: {one.pk}"


def _of_messages(before: Snapshot, after: Snapshot, network: Network) -> Iterator[str]:
    yield from (f"an SMS went out twice: {which}" for which in network.doubled_sms())
    now_they_are = {one.pk: one for one in after.messages}
    for was in before.messages:
        one = now_they_are.get(was.pk)
        if one is None:
            yield f"a message was lost: {was.template}"
        elif was.state in FINAL_MESSAGE and one.state != was.state:
            yield f"{was.template} was {was.state} and is {one.state}"
        elif was.state == "accepted" and one.state not in ("accepted", "delivered", "failed"):
            yield f"{was.template} was accepted and is {one.state}"


def _of_ends(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Everybody who has to know of an end is told, and told once."""
    was = {one.pk: one for one in before.requests}
    for request in after.requests:
        if request.pk in was and was[request.pk].status != request.status:
            yield from _of_request(before, after, request)
    told = {one.pk for one in before.assignments if not one.is_active}
    for assignment in after.assignments:
        if not assignment.is_active and assignment.pk not in told:
            yield from _of_assignment(after, assignment)


def _of_request(before: Snapshot, after: Snapshot, request: Request) -> Iterator[str]:
    templates = [one.template for one in after.messages_about("request", request.public_id)]
    if request.status == "not_filled" and templates.count("requester_not_filled") != 1:
        yield f"nobody was found, and the office heard {templates}"
    if templates.count("requester_ended") > 1:
        yield f"the office heard twice of the end: {templates}"
    if request.status not in ENDED_EARLY:
        return
    for offer in before.proposals:
        if offer.request != request.pk or offer.state not in INTERESTED:
            continue
        if not (_reached(before, offer) and _reached(after, offer)):
            continue
        others = [
            message.template
            for other in after.proposals
            if (other.request, other.person) == (offer.request, offer.person)
            for message in after.messages_about("proposal", other.public_id)
            if message.template in ("filled", "no_longer_needed")
            and not _is_taken_back(message, request)
        ]
        if not others:
            yield f"who was asked does not hear that {request.pk} is {request.status}"


def _reached(snapshot: Snapshot, offer: Proposal) -> bool:
    """Return whether the person has, or may have, the offer; its failure may come to light late."""
    return any(
        one.template.startswith("offer") and one.state in HANDED_OVER
        for one in snapshot.messages_about("proposal", offer.public_id)
    )


def _is_taken_back(message: Message, request: Request) -> bool:
    # Once it has begun nobody needs to hear any more that nobody need come.
    too_late = message.state == "expired" and request.starts_at > now()
    return message.state == "superseded" or too_late


def _of_assignment(after: Snapshot, assignment: Assignment) -> Iterator[str]:
    heard = [one.template for one in after.messages_about("assignment", assignment.public_id)]
    expected = {
        "office": "cancelled_by_office",
        "pool": "cancelled_by_office",
        "change": "cancelled_by_office",
        "volunteer": "cancellation_noted",
    }.get(assignment.cancelled_by)
    ends = [name for name in heard if name in ("cancelled_by_office", "cancellation_noted")]
    if ends != ([expected] if expected else []):
        yield f"let go by {assignment.cancelled_by or 'nobody'}, and heard {ends}"
