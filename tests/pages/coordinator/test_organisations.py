"""Requesting institutions: the decision and who works there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import Message
from pools.models import Membership, Organisation, Pool
from tests.builders import a_caseworker, a_pool, an_organisation
from tests.pages.coordinator.reading import text_of

pytestmark = pytest.mark.django_db


def press(desk: Client, name: str, organisation: Organisation, **fields: str) -> str:
    url = reverse(name, args=[organisation.public_id])
    return text_of(desk.post(url, fields, follow=True))


def test_an_institution_that_waits_is_approved_and_told(desk: Client, pool: Pool) -> None:
    organisation = an_organisation(pool, status=Organisation.Status.REGISTERED)
    a_caseworker(organisation)
    assert "Freigegeben." in press(desk, "coordinator_approve_organisation", organisation)
    organisation.refresh_from_db()
    assert organisation.status == "approved"
    assert Message.objects.filter(template="organisation_approved").exists()


def test_it_is_refused_with_a_sentence(desk: Client, pool: Pool) -> None:
    organisation = an_organisation(pool, status=Organisation.Status.REGISTERED)
    fields = {"refusal-reason": "Wir vermitteln nur an öffentliche Stellen."}
    press(desk, "coordinator_refuse_organisation", organisation, **fields)
    organisation.refresh_from_db()
    assert organisation.status == "refused"


def test_it_is_suspended_and_opened_again(desk: Client, pool: Pool) -> None:
    organisation = an_organisation(pool)
    press(desk, "coordinator_suspend_organisation", organisation)
    organisation.refresh_from_db()
    assert organisation.status == "suspended"
    assert "Stelle freigeben" in press(desk, "coordinator_suspend_organisation", organisation)


def test_a_colleague_is_added_and_goes_again(desk: Client, pool: Pool) -> None:
    organisation = an_organisation(pool)
    fields = {
        "member-given_name": "Karla",
        "member-family_name": "Neu",
        "member-email": "karla.neu@example.org",
    }
    assert "Karla Neu kann jetzt anfragen." in press(
        desk, "coordinator_add_member", organisation, **fields
    )
    membership = Membership.objects.get(organisation=organisation)
    url = reverse("coordinator_end_member", args=[organisation.public_id, membership.public_id])
    desk.post(url)
    assert not Membership.objects.current().filter(organisation=organisation).exists()


def test_institutions_and_colleagues_are_sorted_as_germans_read(desk: Client, pool: Pool) -> None:
    for name in ("Zeppelin-Schule", "Ökumenische Kita", "Anne-Frank-Schule"):
        an_organisation(pool, name=name)
    organisation = Organisation.objects.get(name__startswith="Zeppelin")
    for family_name in ("Zander", "Özdemir"):
        a_caseworker(organisation, family_name=family_name)
    for address in ("coordinator_organisations", "coordinator_new_request"):
        page = text_of(desk.get(reverse(address)))
        assert page.index("Anne") < page.index("Ökumenische") < page.index("Zeppelin")
    detail = reverse("coordinator_organisation", args=[organisation.public_id])
    page = text_of(desk.get(detail))
    assert page.index("Özdemir") < page.index("Zander")


def test_half_an_address_is_said_at_the_field(desk: Client, pool: Pool) -> None:
    fields = {"member-given_name": "K", "member-family_name": "N", "member-email": "karla"}
    page = press(desk, "coordinator_add_member", an_organisation(pool), **fields)
    assert "keine vollständige E-Mail-Adresse" in page


def test_another_pools_institutions_are_not_found(desk: Client, pool: Pool) -> None:
    foreign = an_organisation(a_pool("06534"), name="Fremde Schule")
    assert "Fremde Schule" not in desk.get(reverse("coordinator_organisations")).content.decode()
    for name in ("coordinator_approve_organisation", "coordinator_suspend_organisation"):
        assert desk.post(reverse(name, args=[foreign.public_id])).status_code == 404
    url = reverse("coordinator_organisation", args=[foreign.public_id])
    assert desk.get(url).status_code == 404
