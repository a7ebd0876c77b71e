"""The stories in which somebody dies, stalls or fails: what is done, and what must come of it.

Each speaks of people and a language of its own, so that no other story touches it, and leads to at
most one SMS per telephone: a second within a minute would have to wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Model
from django.test import Client

from background.clock import now
from background.models import Heartbeat
from matching.models import Assignment, Proposal
from notifications import inbound, links
from notifications.models import LinkPurpose, MessageState
from pools.models import User
from reporting.models import Confirmation, Record
from service_requests.models import ServiceRequest, Status
from tests import builders
from tests.notifications.builders import a_message
from tests.pages import second_factor
from tests.proofs.people import proposal_for
from tests.proofs.phone import Phone
from tests.proofs.stage import Stage, a_key, until_it_works
from volunteers.models import Volunteer
from webhooks.models import Delivery, Endpoint, Topic

OUR_NUMBER = "+4917604069001"
NEVER = timedelta(days=2)
WRONG_NUMBER = 21211


@dataclass(frozen=True)
class Scene:
    """A story that is ready to begin: what is done, and what is missing yet (nothing: settled)."""

    go: Callable[[], None]
    missing: Callable[[], str]


def _becomes(row: Model, **fields: Any) -> Callable[[], None]:
    """Return the act of time: columns of a row change, and the heartbeat finds it."""

    def go() -> None:
        type(row)._default_manager.filter(pk=row.pk).update(**fields)

    return go


def _unless(is_so: bool, otherwise: str) -> str:
    return "" if is_so else otherwise


def _volunteer(stage: Stage, language: str) -> Volunteer:
    return builders.a_volunteer(stage.pool, speaks=language)


def _request(stage: Stage, language: str, **fields: Any) -> ServiceRequest:
    """Return a request that nobody looks at before long, unless the story says so."""
    return builders.a_request(
        organisation=stage.organisation,
        language=language,
        **{"look_again_at": now() + NEVER, "inform_at": now() + NEVER, **fields},
    )


def _offer(stage: Stage, **fields: Any) -> Proposal:
    """Return an open offer of some time ago, so that nobody misses its message."""
    language = stage.new_language()
    service_request = _request(stage, language, **fields)
    proposal = proposal_for(service_request, _volunteer(stage, language))
    proposal.asked_at = now() - timedelta(hours=2)
    proposal.save()
    return proposal


def _appointment(stage: Stage, starts_at: datetime | None = None, **fields: Any) -> Assignment:
    """Return an appointment that somebody has held for some days."""
    offer = _offer(stage, starts_at=starts_at)
    service_request = offer.service_request
    held = Assignment.objects.create(
        pool=stage.pool,
        service_request=service_request,
        volunteer=offer.volunteer,
        volunteer_pool=stage.pool,
        person=offer.person,
        language=offer.language,
        proposal=offer,
        period=service_request.period,
        mode="on_site",
        accepted_via="link",
        accepted_at=now() - timedelta(days=3),
        undo_until=now() - timedelta(days=3),
        **fields,
    )
    ServiceRequest.objects.filter(pk=service_request.pk).update(status=Status.CONFIRMED)
    Proposal.objects.filter(pk=offer.pk).update(state=Proposal.State.ACCEPTED)
    return Assignment.objects.get(pk=held.pk)


def _posts(stage: Stage, language: str, by: User) -> Callable[[], None]:
    begins = (now() + timedelta(days=9)).astimezone(stage.pool.zone)
    wish = {
        "organisation": str(stage.organisation.public_id),
        "kind": "interpret",
        "language": language,
        "modes": ["on_site"],
        "starts_at": begins.replace(hour=10, minute=0, second=0, microsecond=0).isoformat(),
        "minutes": 60,
        "topic": "parent_talk",
    }
    key = a_key()
    return lambda: stage.call("POST", "requests/", wish, by=by, key=key)


def _is_asked_once(stage: Stage, language: str, *volunteers: Volunteer) -> str:
    posted = ServiceRequest.objects.filter(language__code=language)
    if posted.count() != 1:
        return f"{posted.count()} requests"
    told = stage.sms_to(*(one.person for one in volunteers))
    return _unless(told == 1, f"{told} offers came")


def asked(stage: Stage) -> Scene:
    """A request is posted; one volunteer is asked."""
    language = stage.new_language()
    volunteer = _volunteer(stage, language)
    caseworker = builders.a_caseworker(stage.organisation)
    return Scene(
        _posts(stage, language, caseworker), lambda: _is_asked_once(stage, language, volunteer)
    )


def unclear(stage: Stage) -> Scene:
    """The same; the provider takes the SMS, and the line breaks before it says so."""
    scene = asked(stage)

    def go() -> None:
        stage.provider.behave("takes_and_cuts")
        scene.go()

    return Scene(go, scene.missing)


def refused(stage: Stage) -> Scene:
    """The same; the number is wrong, and the volunteer has another."""
    language = stage.new_language()
    volunteer = _volunteer(stage, language)
    builders.a_contact(volunteer.person, rank=2)
    post = _posts(stage, language, builders.a_caseworker(stage.organisation))

    def go() -> None:
        stage.provider.behave("error", code=WRONG_NUMBER)
        post()

    return Scene(go, lambda: _is_asked_once(stage, language, volunteer))


def undelivered(stage: Stage) -> Scene:
    """The same; the number is wrong, so the next volunteer is asked."""
    language = stage.new_language()
    volunteers = [_volunteer(stage, language), _volunteer(stage, language)]
    post = _posts(stage, language, builders.a_caseworker(stage.organisation))

    def go() -> None:
        stage.provider.behave("error", code=WRONG_NUMBER)
        post()

    return Scene(go, lambda: _is_asked_once(stage, language, *volunteers))


def receipt_of_failure(stage: Stage) -> Scene:
    """An SMS was accepted, but did not arrive: it goes to the person's next number."""
    person = builders.a_person()
    builders.a_contact(person, rank=1)
    builders.a_contact(person, rank=2)
    message = a_message(person)

    def is_accepted() -> bool:
        message.refresh_from_db()
        return message.state == MessageState.ACCEPTED

    until_it_works(is_accepted)

    def go() -> None:
        stage.webhook(
            f"/webhooks/twilio/receipts/{message.pk}/",
            {
                "MessageSid": message.provider_reference,
                "MessageStatus": "undelivered",
                "ErrorCode": "30005",
            },
        )

    def missing() -> str:
        is_accepted()
        if message.state != MessageState.FAILED:
            return f"the first is {message.state}"
        return _unless(stage.sms_to(person) == 2, f"{stage.sms_to(person)} SMS")

    return Scene(go, missing)


def _is_hers(stage: Stage, offer: Proposal) -> str:
    held = Assignment.objects.active().filter(service_request=offer.service_request_id)
    if [one.person_id for one in held] != [offer.person_id]:
        return f"{len(held)} hold it"
    return _unless(stage.sms_to(offer.person) == 1, f"{stage.sms_to(offer.person)} SMS")


def accepted(stage: Stage) -> Scene:
    """A volunteer presses yes, again until the page says that it is hers."""
    offer = _offer(stage)
    token = links.issue(
        LinkPurpose.OFFER,
        person=offer.person,
        pool=stage.pool,
        target=offer.public_id,
        expires_at=now() + timedelta(days=9),
    )
    phone = Phone(stage.port)

    def press() -> bool:
        page = phone.open(f"/a/{token}")
        if page.word != "ok":
            page = phone.press(f"/a/{token}", page, action="yes")
        return page.word == "ok"

    return Scene(lambda: until_it_works(press), lambda: _is_hers(stage, offer))


def answered_by_sms(stage: Stage) -> Scene:
    """A volunteer answers «JA»."""
    offer = _offer(stage)
    form = {
        "MessageSid": f"SM{a_key().replace('-', '')}",
        "From": offer.person.contacts.get().address,
        "To": OUR_NUMBER,
        "Body": "JA",
    }
    return Scene(
        lambda: stage.webhook("/webhooks/twilio/replies/", form), lambda: _is_hers(stage, offer)
    )


def found_by_poll(stage: Stage) -> Scene:
    """A volunteer answers «JA», no webhook brings it, and it is time to ask for the list."""
    offer = _offer(stage)

    def go() -> None:
        stage.provider.exchange.receive(
            sender=offer.person.contacts.get().address, to=OUR_NUMBER, body="JA"
        )
        Heartbeat.objects.filter(name=inbound.POLL).update(
            beaten_at=now() - inbound.POLL_EVERY - timedelta(seconds=1)
        )

    return Scene(go, lambda: _is_hers(stage, offer))


def cancelled_by_volunteer(stage: Stage) -> Scene:
    """Who holds an appointment cannot come: another volunteer is asked."""
    held = _appointment(stage)
    other = _volunteer(stage, held.language.code)

    def missing() -> str:
        told = stage.sms_to(held.person), stage.sms_to(other.person)
        return _unless(told == (1, 1), f"{told} SMS")

    return Scene(
        lambda: stage.call(
            "POST", f"assignments/{held.public_id}/cancel/", by=held.person, key=a_key()
        ),
        missing,
    )


def cancelled_by_office(stage: Stage) -> Scene:
    """The school cancels: the volunteer hears it once."""
    held = _appointment(stage)
    asked_for = held.service_request
    by = asked_for.posted_by

    def missing() -> str:
        asked_for.refresh_from_db()
        if asked_for.status != Status.CANCELLED:
            return f"it is {asked_for.status}"
        return _unless(stage.sms_to(held.person) == 1, f"{stage.sms_to(held.person)} SMS")

    return Scene(
        lambda: stage.call("POST", f"requests/{asked_for.public_id}/cancel/", by=by, key=a_key()),
        missing,
    )


def released(stage: Stage) -> Scene:
    """A coordinator lets a request go to the search."""
    language = stage.new_language()
    volunteer = _volunteer(stage, language)
    waiting = _request(stage, language, status=Status.SUBMITTED, look_again_at=None)
    phone = _browser(stage, builders.a_coordinator(stage.pool))
    page = f"/koordination/anfragen/{waiting.public_id}/"

    def press() -> bool:
        status = phone.press(f"{page}freigeben/", phone.open(page)).status
        waiting.refresh_from_db()
        return status < 500 and waiting.status == Status.SEARCHING

    return Scene(lambda: until_it_works(press), lambda: _is_asked_once(stage, language, volunteer))


def _browser(stage: Stage, person: User) -> Phone:
    """Return a browser in which a person of the staff is signed in."""
    client = Client()
    second_factor.sign_in(client, person)
    phone = Phone(stage.port)
    phone.cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    return phone


def given_up(stage: Stage) -> Scene:
    """The time of a search is up: the requester hears it."""
    asked_for = _request(stage, stage.new_language(), starts_at=now() + timedelta(minutes=20))

    def missing() -> str:
        asked_for.refresh_from_db()
        if asked_for.status != Status.NOT_FILLED:
            return f"it is {asked_for.status}"
        return _unless(stage.mails_to(asked_for.posted_by) == 1, "she was not told once")

    return Scene(_becomes(asked_for, look_again_at=now()), missing)


def informed(stage: Stage) -> Scene:
    """Nobody has said yes by the time at which the requester is to hear so."""
    asked_for = _request(stage, stage.new_language())
    return Scene(
        _becomes(asked_for, inform_at=now()),
        lambda: _unless(stage.mails_to(asked_for.posted_by) == 1, "she was not told once"),
    )


def moved(stage: Stage) -> Scene:
    """The school moves an appointment: who holds it is asked whether it still suits."""
    held = _appointment(stage)
    asked_for = held.service_request
    later = asked_for.period.lower + timedelta(hours=1)

    def missing() -> str:
        held.refresh_from_db()
        if held.period.lower != later:
            return "it has not moved"
        return _unless(stage.sms_to(held.person) == 1, f"{stage.sms_to(held.person)} SMS")

    return Scene(
        lambda: stage.call(
            "PATCH",
            f"requests/{asked_for.public_id}/",
            {"starts_at": later.isoformat()},
            by=asked_for.posted_by,
        ),
        missing,
    )


def silent(stage: Stage) -> Scene:
    """Who holds a moved appointment does not answer in time: another volunteer is asked."""
    held = _appointment(stage)
    other = _volunteer(stage, held.language.code)

    def missing() -> str:
        told = stage.sms_to(held.person), stage.sms_to(other.person)
        return _unless(told == (1, 1), f"{told} SMS")

    return Scene(_becomes(held, answer_until=now()), missing)


def reminded(stage: Stage) -> Scene:
    """An appointment is tomorrow."""
    held = _appointment(stage, starts_at=now() + timedelta(hours=20), reminded_at=now())
    return Scene(
        _becomes(held, reminded_at=None),
        lambda: _unless(stage.sms_to(held.person) == 1, f"{stage.sms_to(held.person)} SMS"),
    )


def over(stage: Stage) -> Scene:
    """An appointment is over: both sides are asked."""
    held = _appointment(stage)

    def missing() -> str:
        told = stage.sms_to(held.person), stage.mails_to(held.service_request.posted_by)
        return _unless(told == (1, 1), f"{told} messages")

    began = now() - timedelta(hours=2)
    return Scene(_becomes(held, period=(began, began + timedelta(hours=1))), missing)


def said(stage: Stage) -> Scene:
    """The volunteer says that it took place."""
    held = _appointment(stage, starts_at=now() - timedelta(hours=2))
    Record.objects.create(pool=stage.pool, assignment=held, opened_at=now())
    token = links.issue(
        LinkPurpose.CONFIRMATION,
        person=held.person,
        pool=stage.pool,
        target=held.public_id,
        expires_at=now() + timedelta(days=9),
    )
    phone = Phone(stage.port)

    def press() -> bool:
        page = phone.open(f"/b/{token}")
        phone.press(f"/b/{token}", page, outcome="took_place", minutes="60")
        return Confirmation.objects.filter(assignment=held).exists()

    def missing() -> str:
        status = ServiceRequest.objects.get(pk=held.service_request_id).status
        return _unless(status == Status.TOOK_PLACE, f"it is {status}")

    return Scene(lambda: until_it_works(press), missing)


def digest(stage: Stage) -> Scene:
    """A working morning: something waits, and a coordinator has not heard of it."""
    _request(stage, stage.new_language(), status=Status.SUBMITTED, look_again_at=None)
    coordinator = builders.a_coordinator(stage.pool)

    def go() -> None:
        day = now().astimezone(stage.pool.zone).date()
        cache.delete(f"digest-{stage.pool.pk}-{day}")

    return Scene(
        go,
        lambda: _unless(
            stage.mails_to(coordinator, "das wartet heute auf Sie") == 1, "she was not told once"
        ),
    )


def escalated(stage: Stage) -> Scene:
    """A request has been red for long, and nobody looks at it."""
    coordinator = builders.a_coordinator(stage.pool)
    asked_for = _request(stage, stage.new_language(), starts_at=now() + timedelta(hours=10))
    return Scene(
        _becomes(asked_for, created_at=now() - timedelta(hours=3)),
        lambda: _unless(
            stage.mails_to(coordinator, f"/anfragen/{asked_for.public_id}/") == 1,
            "she was not told once",
        ),
    )


def told_to_programs(stage: Stage) -> Scene:
    """A request is posted; the pool's other system hears of it."""
    endpoint = Endpoint.objects.create(
        pool=stage.pool, url=stage.receiver_url, topics=list(Topic.values), created_at=now()
    )
    language = stage.new_language()
    post = _posts(stage, language, builders.a_caseworker(stage.organisation))

    def missing() -> str:
        posted = ServiceRequest.objects.filter(language__code=language).first()
        if posted is None:
            return "nothing was posted"
        ids = {told["id"] for told in stage.told if told["request"]["id"] == str(posted.public_id)}
        delivered = Delivery.objects.filter(endpoint=endpoint, state=Delivery.State.DELIVERED)
        is_told = len(ids) == 1 and delivered.filter(event__service_request=posted).count() == 1
        if is_told:  # no other story is told
            Endpoint.objects.filter(pk=endpoint.pk).update(removed_at=now())
        return _unless(is_told, f"{len(ids)} were told")

    return Scene(post, missing)


STORIES: dict[str, tuple[Callable[[Stage], Scene], tuple[str, ...]]] = {
    "asked": (
        asked,
        (
            "posting.stored",
            "once.done",
            "wake.enqueued",
            "beat.noted",
            "supervisor.looking",
            "search.decided",
            "proposals.before_people",
            "proposal.before_message",
            "outbox.written",
            "outbox.claiming",
            "outbox.claimed",
            "outbox.before_provider",
            "outbox.before_accepted",
            "outbox.accepted",
        ),
    ),
    "unclear": (unclear, ("outbox.before_unknown", "outbox.looked_up")),
    "refused": (refused, ("outbox.before_refused",)),
    "undelivered": (undelivered, ("offer.ended",)),
    "receipt of failure": (
        receipt_of_failure,
        ("receipt.taken_up", "receipt.worked_off", "elsewhere.written"),
    ),
    "accepted": (
        accepted,
        ("accept.before_request", "accept.before_person", "accept.before_messages"),
    ),
    "answered by SMS": (answered_by_sms, ("reply.understood", "reply.worked_off")),
    "found by poll": (found_by_poll, ("inbound.before_poll", "inbound.kept")),
    "cancelled by volunteer": (
        cancelled_by_volunteer,
        ("assignment.cancelled", "search.reopened"),
    ),
    "cancelled by office": (cancelled_by_office, ("offers.closed",)),
    "released": (released, ("release.moved",)),
    "given up": (given_up, ("request.given_up",)),
    "informed": (informed, ("requester.before_told",)),
    "moved": (moved, ("moving.changed",)),
    "silent": (silent, ("moving.let_go",)),
    "reminded": (reminded, ("reminder.noted",)),
    "over": (over, ("record.opened",)),
    "said": (said, ("record.said",)),
    "digest": (digest, ("digest.written",)),
    "escalated": (escalated, ("escalation.noted",)),
    "told to programs": (
        told_to_programs,
        ("webhook.noted", "webhook.claimed", "webhook.answered"),
    ),
}
"""Each with the failpoints it is known to come to."""
