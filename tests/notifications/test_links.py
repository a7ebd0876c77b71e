"""Links: unguessable, for one purpose, for a time; the database alone opens nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from background.clock import now
from notifications import links
from notifications.models import Link, LinkPurpose
from pools.models import Pool, User
from tests.builders import a_person, a_pool
from tests.clock import MovableClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool() -> Pool:
    return a_pool()


def an_offer_link(person: User, pool: Pool, **changes: object) -> str:
    fields = {"target": uuid4(), "expires_at": now() + timedelta(days=1), **changes}
    return links.issue(LinkPurpose.OFFER, person=person, pool=pool, **fields)  # type: ignore[arg-type]


def test_a_link_opens_what_it_was_made_for(pool: Pool) -> None:
    person, target = a_person(), uuid4()
    link = links.open_link(an_offer_link(person, pool, target=target), LinkPurpose.OFFER)
    assert link is not None
    assert (link.person, link.pool, link.target) == (person, pool, target)


def test_a_token_has_96_bits_in_16_characters(pool: Pool) -> None:
    tokens = {links.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {16}


def test_only_the_digest_is_stored(pool: Pool) -> None:
    token = an_offer_link(a_person(), pool)
    row = Link.objects.values().get()
    assert token not in str(row)
    assert row["digest"] == links.digest(token)


def test_another_key_opens_nothing(pool: Pool, settings: Settings) -> None:
    token = an_offer_link(a_person(), pool)
    settings.LINK_KEY = "another"
    assert links.open_link(token, LinkPurpose.OFFER) is None


def test_a_link_of_one_purpose_opens_no_other(pool: Pool) -> None:
    token = an_offer_link(a_person(), pool)
    assert links.open_link(token, LinkPurpose.CONFIRMATION) is None


def test_a_link_expires_on_the_second(pool: Pool, clock: MovableClock) -> None:
    token = an_offer_link(a_person(), pool, expires_at=now() + timedelta(hours=1))
    clock.forward(minutes=59, seconds=59)
    assert links.open_link(token, LinkPurpose.OFFER) is not None
    clock.forward(seconds=1)
    assert links.open_link(token, LinkPurpose.OFFER) is None


def test_links_are_revoked_for_one_person_or_for_all(pool: Pool) -> None:
    amal, boris, target = a_person(), a_person(), uuid4()
    hers, his = (an_offer_link(person, pool, target=target) for person in (amal, boris))
    assert links.revoke(target, person=amal) == 1
    assert links.open_link(hers, LinkPurpose.OFFER) is None
    assert links.open_link(his, LinkPurpose.OFFER) is not None
    assert links.revoke(target) == 1
    assert links.open_link(his, LinkPurpose.OFFER) is None


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 15, "a" * 17, "a" * 15 + "\n", "ä" * 16, "\x00" * 16, "a" * 10**6]
)
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert links.open_link(token, LinkPurpose.OFFER) is None


def test_no_single_character_of_a_token_can_be_changed(pool: Pool) -> None:
    token = an_offer_link(a_person(), pool)
    for place in range(16):
        for other in "AZaz09-_":
            forged = token[:place] + other + token[place + 1 :]
            if forged != token:
                assert links.open_link(forged, LinkPurpose.OFFER) is None


def test_opening_changes_nothing(pool: Pool) -> None:
    token = an_offer_link(a_person(), pool)
    before = Link.objects.values().get()
    for _ in range(20):
        links.open_link(token, LinkPurpose.OFFER)
    assert Link.objects.values().get() == before


def test_the_address_is_short_and_has_no_trailing_slash(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://lotsen.example"
    settings.PUBLIC_LINK_HOST = "lotsen.example"
    assert links.address(LinkPurpose.OFFER, "abc") == "https://lotsen.example/a/abc"
    assert links.address(LinkPurpose.CONFIRMATION, "abc") == "https://lotsen.example/b/abc"
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert links.address(LinkPurpose.OFFER, "abc").startswith("http://")
