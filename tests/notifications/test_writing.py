"""A message is written once, in the transaction of its cause, and taken back with its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django_q.models import OrmQ

from background.clock import now
from notifications import contacts, links, outbox
from notifications.models import Contact, Link, LinkPurpose, Message, MessageState
from notifications.texts import TextIncomplete
from pools.models import User
from pools.scoping import NOBODY, scope_of
from tests.builders import a_contact, a_coordinator, a_person, a_pool
from tests.clock import MovableClock
from tests.notifications.builders import a_message, delivered, offer_parameters, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "messages_go_out")]


def test_a_message_waits_for_its_sender_who_is_woken(amal: User) -> None:
    message = a_message(amal)
    assert message.state == MessageState.PENDING
    assert message.contact == amal.contacts.get()
    assert OrmQ.objects.get().task["args"] == ("notifications.outbox.deliver", str(message.pk), "")


def test_a_message_for_later_wakes_nobody(amal: User, clock: MovableClock) -> None:
    message = a_message(amal, not_before=now() + timedelta(minutes=10))
    assert not OrmQ.objects.exists()
    assert delivered(message) == MessageState.PENDING
    clock.forward(minutes=10)
    outbox.sweep()
    assert state_of(message) == MessageState.ACCEPTED


def test_a_rollback_takes_the_message_and_the_wake_up_with_it(amal: User) -> None:
    with transaction.atomic():
        a_message(amal)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not OrmQ.objects.exists()


def test_the_same_message_is_written_once(amal: User) -> None:
    about = [f"proposal:{uuid4()}"]
    first = a_message(amal, about=about)
    again = outbox.write(
        amal,
        pool=None,
        template="offer",
        parameters=offer_parameters(),
        message_class="offer",
        about=about,
        step="1",
        not_after=now() + timedelta(hours=1),
    )
    assert again is None
    assert Message.objects.get() == first
    assert a_message(amal, about=about, step="2") != first


def test_somebody_without_a_usable_address_gets_nothing() -> None:
    person = a_person()
    contacts.stop(a_contact(person))
    written = outbox.write(
        person,
        pool=None,
        template="offer",
        parameters=offer_parameters(),
        message_class="offer",
        about=["proposal:x"],
        step="1",
        not_after=now() + timedelta(hours=1),
    )
    assert written is None
    assert not Message.objects.exists()


def test_the_preferred_address_is_used_unless_another_is_named(amal: User) -> None:
    second = a_contact(amal, rank=2)
    assert a_message(amal).contact.rank == 1
    assert a_message(amal, contact=second).contact == second


def test_a_forgotten_parameter_is_our_mistake_and_is_told_at_once(amal: User) -> None:
    with pytest.raises(TextIncomplete, match="sprache"):
        outbox.write(
            amal,
            pool=None,
            template="offer",
            parameters={"link": "x"},
            message_class="offer",
            about=["proposal:x"],
            step="1",
            not_after=now() + timedelta(hours=1),
        )


def test_each_message_has_a_link_of_its_own_and_only_its_digest_outlives_it(amal: User) -> None:
    pool, target = a_pool(), uuid4()
    spec = outbox.LinkSpec(LinkPurpose.OFFER, target, now() + timedelta(days=2))
    one, other = (a_message(amal, pool=pool, link=spec, step=step) for step in "12")
    tokens = {message.parameters["link"].rsplit("/", 1)[1] for message in (one, other)}
    assert len(tokens) == 2
    for token in tokens:
        link = links.open_link(token, LinkPurpose.OFFER)
        assert link is not None
        assert (link.target, link.person, link.pool) == (target, amal, pool)
    assert delivered(one) == MessageState.ACCEPTED
    assert one.parameters == {}


def test_a_message_that_was_written_already_issues_no_second_link(amal: User) -> None:
    about = [f"proposal:{uuid4()}"]
    spec = outbox.LinkSpec(LinkPurpose.OFFER, uuid4(), now() + timedelta(days=2))
    a_message(amal, pool=a_pool(), about=about, link=spec)
    outbox.write(
        amal,
        pool=a_pool(),
        template="offer",
        parameters=offer_parameters(),
        message_class="offer",
        about=about,
        step="1",
        not_after=now() + timedelta(hours=1),
        link=spec,
    )
    assert Link.objects.count() == 1


def test_a_link_belongs_to_a_pool(amal: User) -> None:
    with pytest.raises(ValueError, match="pool"):
        a_message(amal, link=outbox.LinkSpec(LinkPurpose.OFFER, uuid4(), now()))


def test_closing_an_offer_takes_back_what_is_not_sent(amal: User) -> None:
    request = f"request:{uuid4()}"
    message = a_message(amal, about=["proposal:x", request])
    other = a_message(amal, about=["proposal:y"])
    assert outbox.supersede(request) == 1
    assert state_of(message) == MessageState.SUPERSEDED
    assert message.parameters == {}
    assert state_of(other) == MessageState.PENDING
    assert delivered(message) == MessageState.SUPERSEDED
    assert outbox.supersede(request) == 0


def test_only_named_texts_or_one_persons_are_taken_back(amal: User, berta: User) -> None:
    hers, his = a_message(amal, about=["request:x"]), a_message(berta, about=["request:x"])
    assert outbox.supersede("request:x", templates={"filled"}) == 0
    assert outbox.supersede("request:x", person=berta) == 1
    assert (state_of(hers), state_of(his)) == (MessageState.PENDING, MessageState.SUPERSEDED)
    assert outbox.supersede("request:x", templates={"offer"}) == 1


def test_what_is_sent_cannot_be_taken_back(amal: User) -> None:
    message = a_message(amal, about=["request:x"])
    delivered(message)
    assert outbox.supersede("request:x") == 0
    assert state_of(message) == MessageState.ACCEPTED


def test_a_rollback_of_the_closing_leaves_the_message(amal: User) -> None:
    message = a_message(amal, about=["request:x"])
    with transaction.atomic():
        outbox.supersede("request:x")
        transaction.set_rollback(True)
    assert delivered(message) == MessageState.ACCEPTED


def test_coordinators_see_the_messages_of_their_pools_only(amal: User) -> None:
    pool, other = a_pool(), a_pool()
    message = a_message(amal, pool=pool)
    a_message(amal, step="code", pool=None)
    assert list(Message.objects.visible_to(scope_of(a_coordinator(pool)))) == [message]
    assert not Message.objects.visible_to(scope_of(a_coordinator(other))).exists()
    assert not Message.objects.visible_to(scope_of(amal)).exists()
    assert not Message.objects.visible_to(NOBODY).exists()


def test_the_database_keeps_one_row_per_dedupe_key_and_per_provider_id(amal: User) -> None:
    names = {constraint.name for constraint in Message._meta.constraints}
    assert names == {"message_written_once", "message_adopted_by_one_row"}
    assert Contact.objects.count() == 1
