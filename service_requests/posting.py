"""How a request comes to be: checked, stored, and let go to the search in one transaction."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from background.clock import now
from background.failpoints import failpoint
from background.waking import wake
from pools import rules
from pools.models import Organisation, User
from pools.plain_text import checked
from pools.rules import Verdict, required_records
from reference.models import Language, Reason, Setting, Topic
from reference.places import Place
from service_requests import case_codes, lifecycle, telling
from service_requests.checks import findings
from service_requests.findings import Finding
from service_requests.models import AlternativeSlot, ServiceRequest, Status
from service_requests.slots import Slot, inform_at
from service_requests.wish import Wish

log = logging.getLogger(__name__)
ADVANCE = "matching.search.advance"
ALWAYS_HIDDEN_SETTINGS = frozenset({"womens_shelter"})
POSTED_TWICE = "Dieses Formular wurde schon gesendet. Öffnen Sie ein neues."


@transaction.atomic
def post_request(
    *,
    organisation: Organisation,
    posted_by: User,
    kind: str,
    language: Language | None,
    modes: Sequence[str],
    period: Slot,
    setting: Setting,
    place: Place,
    variety: str = "",
    bridge_languages: Sequence[Language] = (),
    alternatives: Sequence[Slot] = (),
    topic: Topic | None = None,
    address: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    professional_present: bool = True,
    gender_wish: str = "",
    gender_must: bool = False,
    minors_present: bool = False,
    urgency_reason: str = "",
    note: str = "",
    case_code: str = "",
    name_warning_accepted: bool = False,
    by_coordinator: bool = False,
    submission: uuid.UUID | None = None,
) -> ServiceRequest:
    """Post a request: it is searched for at once, or submitted when a coordinator has to look.

    Raises ValidationError with all that is refused, at its fields. `submission` names the form
    that was sent: sent twice, it posts once.
    """
    given = {name: value for name, value in locals().items() if name != "submission"}
    if submission and (known := _posted_before(submission, organisation)):
        return known
    with rules.read_once():
        return _post(Wish(**given), public_id=submission)


@transaction.atomic
def post_pair(**wish: Any) -> tuple[ServiceRequest, ServiceRequest]:
    """Post two linked requests for an appointment that needs two people.

    Takes what `post_request` takes. That two different people come is seen to by `matching`.
    """
    submission = wish.pop("submission", None)
    if submission and (known := _posted_before(submission, wish["organisation"])):
        return known, ServiceRequest.objects.get(pair=known)
    with rules.read_once():
        first = _post(Wish(**wish), public_id=submission)
        second = _post(Wish(**wish), pair=first)
    ServiceRequest.objects.filter(pk=first.pk).update(pair=second)
    first.refresh_from_db()
    return first, second


@transaction.atomic
def check_request(**wish: Any) -> None:
    """Raise what post_request would refuse, at its fields; stores nothing."""
    _accepted(Wish(**wish), now())


@transaction.atomic
def release(service_request: ServiceRequest, *, by: User) -> bool:
    """Let a submitted request go to the search; False if somebody has decided already."""
    instant = now()
    if service_request.period.lower <= instant:
        raise ValidationError("Der Termin ist schon vorbei. Lehnen Sie die Anfrage ab.")
    released = lifecycle.move(
        service_request,
        Status.SEARCHING,
        kind="released",
        by=by,
        expected=Status.SUBMITTED,
        changes={
            "look_again_at": instant,
            "inform_at": inform_at(service_request.period.lower, instant),
            "informed_at": None,  # that it was not checked yet is another message
        },
    )
    if released:
        failpoint("release.moved")
        wake(ADVANCE, service_request.pk)
    return released


@transaction.atomic
def reject(service_request: ServiceRequest, *, by: User, reason: Reason, text: str = "") -> bool:
    """Decline a submitted request with a reason and a sentence for the requester."""
    if reason.kind != "reject_request":
        raise ValidationError({"reason": "Wählen Sie einen Grund aus der Liste."})
    rejected = lifecycle.move(
        service_request,
        Status.REJECTED,
        kind="rejected",
        by=by,
        reason=reason,
        expected=Status.SUBMITTED,
    )
    if rejected:
        telling.rejected(service_request, reason=reason.label_de, text=" ".join(text.split())[:300])
    return rejected


def _posted_before(submission: uuid.UUID, organisation: Organisation) -> ServiceRequest | None:
    """Two browsers with the same form take turns: the second waits here for the first."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    known = ServiceRequest.objects.filter(public_id=submission).first()
    if known and known.organisation_id != organisation.pk:
        raise ValidationError(POSTED_TWICE)
    return known


def _post(
    wish: Wish, *, public_id: uuid.UUID | None = None, pair: ServiceRequest | None = None
) -> ServiceRequest:
    instant = now()
    texts, found = _accepted(wish, instant)
    needs_check = any(finding.verdict == Verdict.COORDINATOR for finding in found)
    status = Status.SUBMITTED if needs_check else Status.SEARCHING
    service_request = ServiceRequest.objects.create(
        public_id=public_id or uuid.uuid4(),
        status=status,
        pair=pair,
        look_again_at=None if needs_check else instant,
        inform_at=inform_at(wish.period[0], instant),
        created_at=instant,
        **_columns(wish, found),
        **texts,
    )
    service_request.bridge_languages.set(
        bridge for bridge in wish.bridge_languages if bridge != wish.language
    )
    AlternativeSlot.objects.bulk_create(
        AlternativeSlot(service_request=service_request, period=slot) for slot in wish.alternatives
    )
    lifecycle.write_event(
        service_request, "posted", by=wish.posted_by, after=status, detail=_detail(wish, found)
    )
    log.info("request_posted", extra={"request": str(service_request.public_id)})
    failpoint("posting.stored")
    service_request.refresh_from_db()  # a period that was written as a pair is read as a range
    if not needs_check:
        wake(ADVANCE, service_request.pk)
    elif pair is None:
        telling.submitted(service_request)
    return service_request


def _accepted(wish: Wish, instant: dt.datetime) -> tuple[dict[str, str], list[Finding]]:
    """The texts as they are stored and what else was found; raises with all that is refused."""
    errors: dict[str, list[str]] = {}
    texts: dict[str, str] = {}
    try:
        texts = checked(
            ServiceRequest,
            several_lines=("note",),
            variety=wish.variety,
            address=wish.address or wish.organisation.address,
            contact_name=wish.contact_name or str(wish.posted_by),
            contact_phone=wish.contact_phone or wish.organisation.phone,
            urgency_reason=wish.urgency_reason,
            note=wish.note,
        )
    except ValidationError as error:
        errors = error.message_dict
    found = findings(wish, instant)
    for finding in found:
        if finding.verdict == Verdict.REFUSED and finding.field not in errors:
            errors[finding.field] = [finding.text]
    if errors:
        raise ValidationError(dict(errors))
    return texts, found


def _columns(wish: Wish, found: list[Finding]) -> dict[str, Any]:
    organisation, setting = wish.organisation, wish.setting
    return {
        "pool_id": organisation.pool_id,
        "organisation": organisation,
        "posted_by": wish.posted_by,
        "kind": wish.kind,
        "language": wish.language,
        "modes": list(dict.fromkeys(wish.modes)),
        "period": wish.period,
        "setting": setting,
        "topic": wish.topic,
        "postcode": wish.place.postcode,
        "municipality": wish.place.municipality,
        "point": wish.place.point,
        "is_hidden_place": organisation.is_hidden_place
        or bool({setting.code, organisation.setting_id} & ALWAYS_HIDDEN_SETTINGS),
        "professional_present": wish.professional_present,
        "gender_wish": wish.gender_wish,
        "gender_must": wish.gender_must,
        "minors_present": wish.minors_present,
        "sent_despite_name_warning": any(finding.code == "name_warning" for finding in found),
        "case_digest": case_codes.digest(wish.pool, wish.case_code),
        "required_records": required_records(
            wish.pool,
            kind=wish.kind,
            setting=setting,
            minors_present=wish.minors_present,
            on=wish.day,
        ),
    }


def _detail(wish: Wish, found: list[Finding]) -> dict[str, Any]:
    """Codes of what was found, for the coordinator's page; no text, nothing personal."""
    codes = {
        "checks": [each.code for each in found if each.verdict == Verdict.COORDINATOR],
        "hints": [each.code for each in found if each.verdict == Verdict.ALLOWED],
    }
    return codes | {"by_coordinator": wish.by_coordinator}
