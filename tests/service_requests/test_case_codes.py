"""Case codes: countable, never readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from pools.models import Pool
from service_requests.case_codes import count, digest
from service_requests.models import Status
from tests.builders import a_pool, a_request


@pytest.mark.parametrize("code", ["ab 12", "AB-12", " Ab.12 ", "ab12", "ＡＢ12"])
def test_one_client_is_one_client_however_the_code_is_typed(code: str) -> None:
    pool = Pool()
    assert digest(pool, code) == digest(pool, "AB12")


def test_two_codes_are_two_clients() -> None:
    pool = Pool()
    assert digest(pool, "AB12") != digest(pool, "AB13")


def test_the_same_code_in_another_pool_is_another_client() -> None:
    assert digest(Pool(), "AB12") != digest(Pool(), "AB12")


@pytest.mark.parametrize("code", ["", " ", "--"])
def test_no_code_is_no_client(code: str) -> None:
    assert digest(Pool(), code) == ""


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=3, max_size=40))
def test_the_code_cannot_be_seen_in_what_is_stored(code: str) -> None:
    kept = digest(Pool(), code)
    assert len(kept) == 64
    assert code not in kept or len(code) < 6


def test_without_the_key_the_digest_cannot_be_made(settings: Settings) -> None:
    pool = Pool()
    before = digest(pool, "AB12")
    settings.CASE_CODE_KEY = "another key"
    assert digest(pool, "AB12") != before


@pytest.mark.django_db
def test_only_appointments_that_count_are_counted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pool = a_pool()
    for status in Status:
        a_request(pool, status=status, case_digest="x")
    a_request(pool, kind="guide", case_digest="x")
    a_request(a_pool("06534"), case_digest="x")
    with django_assert_num_queries(1):
        assert count(pool, "x") == 7
