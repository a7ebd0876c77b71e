"""Other systems are told once per event, signed, and again when it failed, but not for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from matching import assignments, changes, replies
from pools.models import Pool
from service_requests.models import Event
from tests.api.callers import Caller, code_of, errors_of
from tests.builders import a_coordinator, a_pool, a_request, a_volunteer, an_organisation
from tests.clock import MovableClock
from tests.matching.offers import a_proposal
from tests.webhooks.receiver import Receiver, beat
from webhooks import endpoints, reaching, sending
from webhooks.endpoints import key_of
from webhooks.models import Delivery, Endpoint, Topic

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/lotsenruf"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch, clock: MovableClock) -> Receiver:
    """Return a receiver that is reached."""
    monkeypatch.setattr(endpoints, "public_address", lambda host, port: "192.0.2.1")
    return Receiver(monkeypatch)


@pytest.fixture
def pool() -> Pool:
    """Return a pool."""
    return a_pool()


def listening(pool: Pool, *topics: str) -> Endpoint:
    """Return an endpoint that is told everything, or what is named."""
    by = a_coordinator(pool)
    return endpoints.add(pool, url=URL, topics=topics or Topic.values, by=by)


def posted(pool: Pool) -> Event:
    """Return the event of a request that was posted."""
    return Event.objects.create(
        service_request=a_request(pool), kind="posted", to_status="searching"
    )


def test_the_life_of_a_request_is_told(receiver: Receiver, pool: Pool, clock: MovableClock) -> None:
    listening(pool)
    request = posted(pool).service_request
    held = replies.accept(a_proposal(request, a_volunteer(pool)), via="link").assignment
    assert held
    clock.forward(minutes=1)
    assignments.cancel_by_volunteer(held)
    clock.forward(minutes=1)
    changes.withdraw(request, by=request.posted_by)
    beat()
    beat()
    assert receiver.told() == [
        "request.posted",
        "request.filled",
        "request.changed",
        "request.cancelled",
    ]
    assert receiver.last()["request"] == {"id": str(request.public_id), "status": "withdrawn"}


def test_every_event_that_is_told_is_written_somewhere() -> None:
    """A new name in lifecycle's callers must not silence a webhook."""
    from pathlib import Path

    source = "".join(
        path.read_text()
        for app in ("service_requests", "matching", "reporting")
        for path in Path(app).glob("*.py")
    )
    assert [kind for kind in sending.TOPICS if f'"{kind}"' not in source] == []


def test_nothing_personal_is_told(receiver: Receiver, pool: Pool) -> None:
    listening(pool)
    posted(pool)
    beat()
    body = receiver.calls[0][1].decode()
    assert set(json.loads(body)) == {"id", "type", "at", "request"}
    for secret in ("Musterweg", "Sommer", "Gießen", "prs"):
        assert secret not in body


def test_only_what_is_wanted_of_the_own_pool_since_then_is_told(
    receiver: Receiver, pool: Pool, clock: MovableClock
) -> None:
    posted(pool)
    clock.forward(minutes=1)
    listening(pool, Topic.FILLED)
    posted(pool)
    posted(a_pool("06534"))
    beat()
    assert receiver.calls == []


def test_the_signature_covers_time_and_body(receiver: Receiver, pool: Pool) -> None:
    endpoint = listening(pool)
    posted(pool)
    beat()
    _, body, headers = receiver.calls[0]
    sent_at, signed = (part[2:].lstrip("=") for part in headers["Lotsenruf-Signature"].split(","))
    assert signed == sending.signature(key_of(endpoint), int(sent_at), body)
    assert signed != sending.signature(key_of(endpoint), int(sent_at) + 1, body)
    assert key_of(endpoint) not in str(Endpoint.objects.filter(pk=endpoint.pk).values())


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (500, "refused"),
        (302, "refused"),
        (TimeoutError(), "no_answer"),
        (reaching.Refused("private_address"), "private_address"),
    ],
    ids=str,
)
def test_what_failed_is_tried_again(
    receiver: Receiver, pool: Pool, clock: MovableClock, answer: Any, failure: str
) -> None:
    listening(pool)
    posted(pool)
    receiver.answers = [answer]
    beat()
    assert Delivery.objects.get().failure == failure
    beat()
    assert len(receiver.calls) == 1
    clock.forward(minutes=1)
    beat()
    assert len(receiver.calls) == 2
    assert receiver.calls[0][1] == receiver.calls[1][1]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.failure) == ("delivered", 2, "")
    assert Endpoint.objects.get().failures == 0


def test_it_is_given_up_at_last(receiver: Receiver, pool: Pool, clock: MovableClock) -> None:
    listening(pool)
    posted(pool)
    receiver.answers = [500] * 9
    for _ in range(9):
        beat()
        clock.forward(hours=24)
    assert Delivery.objects.get().state == "failed"
    assert len(receiver.calls) == len(sending.RETRY_AFTER) + 1


def test_who_only_fails_is_paused_until_somebody_looks(
    receiver: Receiver, pool: Pool, monkeypatch: pytest.MonkeyPatch, clock: MovableClock
) -> None:
    monkeypatch.setattr(sending, "PAUSED_AFTER", 2)
    endpoint = listening(pool)
    receiver.answers = [500, 500]
    for _ in range(3):
        posted(pool)
    beat()
    assert len(receiver.calls) == 2
    caller = Caller(a_coordinator(pool))
    assert caller.get(f"webhooks/{endpoint.public_id}/").json()["paused_at"]
    clock.forward(minutes=1)
    assert caller.post(f"webhooks/{endpoint.public_id}/resume/").json()["paused_at"] is None
    beat()
    assert Delivery.objects.filter(state="delivered").count() == 3


def test_a_delivery_in_hand_is_not_taken_twice(
    receiver: Receiver, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(pool)
    posted(pool)
    sending.sweep()
    public_id = str(Delivery.objects.get().public_id)
    calls = []

    def while_sending(*_: Any) -> int:
        calls.append(1)
        sending.deliver(public_id)
        return 200

    monkeypatch.setattr(sending, "post", while_sending)
    sending.deliver(public_id)
    assert calls == [1]


def test_a_coordinator_sets_them_up_over_the_api(receiver: Receiver, pool: Pool) -> None:
    caller = Caller(a_coordinator(pool))
    sent = {"pool": str(pool.public_id), "url": URL, "topics": ["request.filled"]}
    made = caller.post("webhooks/", sent, key="k")
    assert made.status_code == 201, made.content
    assert made.json()["key"] == key_of(Endpoint.objects.get())
    assert caller.post("webhooks/", sent, key="k").json() == made.json()
    path = f"webhooks/{made.json()['id']}/"
    assert "key" not in caller.get(path).json()
    assert len(caller.get("webhooks/").json()["results"]) == 1
    assert caller.get(f"{path}deliveries/").json()["results"] == []
    assert caller.delete(path).status_code == 204
    assert code_of(caller.get(path)) == "not_found"
    foreign = sent | {"pool": str(a_pool("06534").public_id)}
    assert "/pool" in errors_of(caller.post("webhooks/", foreign))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://",
        "https://user:secret@hooks.example/",
        "https://hooks.example:99999/",
        "https://[::1/",
        "ftp://hooks.example/",
        "https://hooks.example/#a",
        "https://hö.example/",
        "https://hooks.example/ x",
        "x",
    ],
)
def test_what_is_no_public_https_address_is_refused(
    receiver: Receiver, pool: Pool, url: str
) -> None:
    sent = {"pool": str(pool.public_id), "url": url, "topics": ["request.filled"]}
    assert "/url" in errors_of(Caller(a_coordinator(pool)).post("webhooks/", sent))


def test_a_pool_has_few_of_them(
    receiver: Receiver, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_PER_POOL", 1)
    listening(pool)
    sent = {"pool": str(pool.public_id), "url": URL, "topics": ["request.filled"]}
    assert "/url" in errors_of(Caller(a_coordinator(pool)).post("webhooks/", sent))


def test_caseworkers_set_up_nothing(pool: Pool) -> None:
    from tests.builders import a_caseworker

    assert code_of(Caller(a_caseworker(an_organisation(pool))).get("webhooks/")) == (
        "permission_denied"
    )
