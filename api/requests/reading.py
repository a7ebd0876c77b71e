"""What a program sends for a request, and by what it filters the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rest_framework import serializers

from api.fields import CodeField, InstantField, Reading, ScopedField
from api.places import settle
from pools.models import Organisation
from reference.languages import substitutes_for
from reference.models import Language, Reason, Setting, Topic
from reference.places import Place
from service_requests.case_codes import LONGEST
from service_requests.changing import Change
from service_requests.models import Kind, ServiceRequest, Status
from service_requests.slots import MOST_ALTERNATIVES
from service_requests.wish import GENDERS
from volunteers.models import Mode

LONGEST_MINUTES = 12 * 60
MOST_BRIDGES = 10
NO_SUBSTITUTE = "Diese Sprache schlagen wir hier nicht als Ersatz vor."


def _text(name: str) -> Any:
    """A text that may be left out, as long as the request's own."""
    longest = ServiceRequest._meta.get_field(name).max_length  # type: ignore[union-attr]
    return serializers.CharField(max_length=longest, required=False, allow_blank=True)


def _yes_or_no(*, otherwise: bool = False) -> Any:
    return serializers.BooleanField(default=otherwise)


def may_post_for(endpoint: Any) -> Any:
    """Return the approved institutions the caller may post for: her own, or those of her pools."""
    return (
        endpoint.visible(Organisation)
        .approved()
        .select_related("pool", "setting", "postcode", "municipality")
    )


class AlternativeReading(Reading):
    """Another time that suits, as long as the first."""

    starts_at = InstantField()


class RequestReading(Reading):
    """A new request; what is left out is the institution's own."""

    organisation = ScopedField(may_post_for)
    kind = serializers.ChoiceField(choices=Kind.choices)
    language = CodeField(Language.objects.shown, by="code", required=False, allow_null=True)
    variety = _text("variety")
    bridge_languages = serializers.ListField(
        child=CodeField(Language.objects.shown, by="code"), default=list, max_length=MOST_BRIDGES
    )
    modes = serializers.ListField(
        child=serializers.ChoiceField(choices=Mode.choices),
        allow_empty=False,
        min_length=1,
        max_length=len(Mode),
    )
    starts_at = InstantField()
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)
    alternatives = AlternativeReading(  # type: ignore[call-arg]
        many=True, required=False, max_length=MOST_ALTERNATIVES
    )
    setting = CodeField(Setting.objects.all, required=False)
    topic = CodeField(Topic.objects.all)
    postcode = serializers.CharField(max_length=5, required=False)
    municipality = serializers.CharField(max_length=8, required=False, help_text="AGS")
    address = _text("address")
    contact_name = _text("contact_name")
    contact_phone = _text("contact_phone")
    professional_present = _yes_or_no(otherwise=True)
    gender_wish = serializers.ChoiceField(
        choices=[("", "egal"), *GENDERS.items()], default="", allow_blank=True
    )
    gender_must = _yes_or_no()
    minors_present = _yes_or_no()
    urgency_reason = _text("urgency_reason")
    note = _text("note")
    case_code = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)
    name_warning_accepted = _yes_or_no()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return what service_requests.posting.post_request takes, but who posts."""
        organisation: Organisation = attrs["organisation"]
        length = dt.timedelta(minutes=attrs.pop("minutes"))
        begins = [attrs.pop("starts_at"), *(each["starts_at"] for each in _others(attrs))]
        slots = [(start, start + length) for start in begins]
        attrs |= {"period": slots[0], "alternatives": slots[1:]}
        attrs["language"] = attrs.get("language")
        attrs.setdefault("setting", organisation.setting)
        _check_bridges(attrs)
        attrs["place"] = _place(attrs, organisation)
        return attrs


def _others(attrs: dict[str, Any]) -> list[dict[str, Any]]:
    others: list[dict[str, Any]] = attrs.pop("alternatives", [])
    return others


def _check_bridges(attrs: dict[str, Any]) -> None:
    """Let through what the form would have asked about: a pair not listed is never proposed."""
    language, setting = attrs["language"], attrs["setting"]
    listed = (
        {pair.offered for pair in substitutes_for(language, setting.setting_class)}
        if language
        else set()
    )
    for number, bridge in enumerate(attrs["bridge_languages"]):
        if bridge not in listed:
            raise serializers.ValidationError({f"bridge_languages/{number}": [NO_SUBSTITUTE]})


def _place(attrs: dict[str, Any], organisation: Organisation) -> Place:
    """Return the place that was named, or the institution's own."""
    postcode, ags = attrs.pop("postcode", ""), attrs.pop("municipality", "")
    if not postcode:
        postcode, ags = organisation.postcode_id, ags or organisation.municipality_id or ""
    return settle(postcode, ags)


class MoveReading(Reading):
    """Another time or place; what is not sent stays as it is."""

    starts_at = InstantField(required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES, required=False)
    postcode = serializers.CharField(max_length=5, required=False)
    municipality = serializers.CharField(max_length=8, required=False, help_text="AGS")
    address = _text("address")
    contact_name = _text("contact_name")
    contact_phone = _text("contact_phone")


def change_of(service_request: ServiceRequest, sent: dict[str, Any]) -> Change:
    """Return the whole change that is meant."""
    period = service_request.period
    start = sent.get("starts_at", period.lower)
    length = (
        dt.timedelta(minutes=sent["minutes"]) if "minutes" in sent else period.upper - period.lower
    )
    if sent.keys() & {"postcode", "municipality"}:
        postcode = sent.get("postcode", service_request.postcode_id)
        place = settle(postcode, sent.get("municipality", ""))
    else:
        place = settle(service_request.postcode_id, service_request.municipality_id or "")
    texts = {
        name: sent.get(name, getattr(service_request, name))
        for name in ("address", "contact_name", "contact_phone")
    }
    return Change(period=(start, start + length), place=place, **texts)


class EndReading(Reading):
    """Why the institution ends a request, if it says so."""

    reason = CodeField(
        lambda: Reason.objects.filter(kind="cancel_by_requester"), required=False, allow_null=True
    )


class RequestFilter(Reading):
    """What the list of requests may be filtered by."""

    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Status.choices), required=False
    )
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    language = CodeField(Language.objects.shown, by="code", required=False)
    organisation = ScopedField(lambda endpoint: endpoint.visible(Organisation), required=False)
    starts_from = InstantField(required=False)
    starts_before = InstantField(required=False)
