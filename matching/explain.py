"""Who could be asked and why, who was asked and what they said: in words a coordinator can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matching import candidates, filters, telling, verdicts
from matching.funnel import Verdict, against, funnel_of
from matching.models import Candidate, Proposal
from matching.need import Need
from matching.ranking import rank
from matching.reading import need_of
from matching.risk import Risk, assess
from notifications.models import Message, MessageClass, MessageState
from reference.models import ANY_LANGUAGE, Language
from service_requests.models import ServiceRequest
from volunteers.models import Level, Volunteer

SUGGESTED_AT_MOST = 15
# What speaks against somebody: every filter's name, as a coordinator reads it.
AGAINST = {
    "language": "spricht die Sprache nicht oder ist nicht freigeschaltet",
    "kind": "ist für diese Aufgabe nicht freigeschaltet",
    "level": "spricht die Sprache nicht gut genug",
    "gender": "hat nicht das gewünschte Geschlecht angegeben",
    "mode": "bietet diese Art des Einsatzes nicht an",
    "reach": "der Ort liegt weiter weg als der eigene Umkreis",
    "arrives": "käme nicht mehr rechtzeitig an",
    "paused": "macht gerade Pause",
    "absent": "ist an diesem Tag abwesend",
    "hours": "hat für diese Zeit keine Stunden eingetragen",
    "busy": "hat um diese Zeit einen anderen Einsatz",
    "weekly_cap": "hat diese Woche schon genug Einsätze",
    "records": "hat an diesem Tag nicht alle nötigen Nachweise",
    "setting": "möchte nicht an solche Stellen",
    "conflict": "soll oder möchte nicht zu dieser Stelle",
    "pair": "ist für den zweiten Teil dieser Anfrage gefragt",
    "contact": "hat keinen Weg angegeben, auf dem wir fragen dürfen",
    "budget": "hat diese Woche schon genug Anfragen bekommen",
    "unanswered": "hat eine andere Anfrage noch nicht beantwortet",
    "asked": "wurde schon gefragt oder hat abgesagt",
}
STEPS = {
    "role": "sind dafür freigeschaltet und sprechen gut genug",
    "reach": "kommen an den Ort oder sprechen aus der Ferne",
    "free": "sind zu dieser Zeit frei",
    "records": "haben an dem Tag alle nötigen Nachweise",
    "willing": "gehen an solche Stellen",
    "budget": "dürfen wir jetzt fragen",
    "new": "sind noch nicht gefragt",
}
GIVING_WAY = {
    "kind": "wenn jemand für diese Aufgabe freigeschaltet wird",
    "level": "mit einem niedrigeren Sprachniveau",
    "gender": "ohne den Wunsch nach dem Geschlecht",
    "mode": "wenn der Einsatz auch anders stattfinden kann",
    "reach": "wenn der Weg weiter sein darf",
    "arrives": "wenn der Termin später beginnt",
    "paused": "nach dem Ende einer Pause",
    "absent": "an einem anderen Tag",
    "hours": "zu einer anderen Uhrzeit",
    "busy": "wenn es keinen anderen Einsatz gäbe",
    "weekly_cap": "in einer anderen Woche",
    "setting": "an einem anderen Ort, zum Beispiel im Rathaus",
    "budget": "wenn Sie selbst fragen, über die Grenze pro Woche hinaus",
    "unanswered": "wenn Sie selbst fragen, obwohl eine Antwort offen ist",
}
MESSAGE_WORDS = {
    MessageState.PENDING: "Nachricht wartet",
    MessageState.SENDING: "Nachricht wird übergeben",
    MessageState.UNKNOWN: "Nachricht unklar, wird geprüft",
    MessageState.ACCEPTED: "Nachricht übergeben",
    MessageState.DELIVERED: "Nachricht angekommen",
    MessageState.FAILED: "Nachricht nicht zugestellt",
    MessageState.EXPIRED: "Nachricht verfallen",
    MessageState.SUPERSEDED: "Nachricht zurückgehalten",
}


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be asked: why, and what keeps the engine from asking by itself."""

    volunteer: Volunteer
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the reasons in one line."""
        return " · ".join(self.reasons)


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked: why she, what she said, and what became of the message."""

    proposal: Proposal
    reasons: tuple[str, ...]
    message: str
    is_unsent: bool

    @property
    def text(self) -> str:
        """Return the reasons in one line."""
        return " · ".join(self.reasons)


def suggestions(
    service_request: ServiceRequest, now: datetime, *, at_most: int = SUGGESTED_AT_MOST
) -> list[Suggestion]:
    """Return who may be asked, the engine's own order first, then those it spares, with reasons."""
    need = need_of(service_request, now)
    ranked = rank(need, candidates.find(need, now), now)
    own = {one.candidate.volunteer_id for one in ranked}
    wider = candidates.find(need, now, relaxed=filters.COORDINATOR_MAY_RELAX)
    spared = [one for one in rank(need, wider, now) if one.candidate.volunteer_id not in own]
    shown = [*ranked, *spared][:at_most]
    ids = [one.candidate.volunteer_id for one in shown]
    volunteers = Volunteer.objects.select_related("person").in_bulk(ids)
    spoken_against = _against(need, now, [volunteer for volunteer in ids if volunteer not in own])
    languages = _languages(one.candidate.language_id for one in shown)
    return [
        Suggestion(
            volunteers[one.candidate.volunteer_id],
            in_words(one.reasons, languages.get(one.candidate.language_id)),
            spoken_against.get(one.candidate.volunteer_id, ()),
        )
        for one in shown
    ]


def why_not(
    service_request: ServiceRequest, now: datetime, volunteers: Iterable[Volunteer]
) -> dict[int, tuple[str, ...]]:
    """Return, for each, what speaks against asking her now; nothing for whom nothing does."""
    return _against(need_of(service_request, now), now, [one.pk for one in volunteers])


def _against(need: Need, now: datetime, volunteers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    of_each: dict[int, list[Verdict]] = {volunteer: [] for volunteer in volunteers}
    if of_each:
        for verdict in verdicts.of_all(need, now, volunteers=volunteers):
            of_each[verdict.volunteer_id].append(verdict)
    return {
        volunteer: tuple(AGAINST[name] for name in against(found))
        for volunteer, found in of_each.items()
    }


@dataclass(frozen=True)
class Why:
    """The funnel of a request in words: who speaks the language, who is left, what would help."""

    speak: int
    not_unlocked: int
    steps: tuple[tuple[str, int], ...]
    giving_way: tuple[tuple[str, int], ...]


def why_so_few(service_request: ServiceRequest, now: datetime) -> Why:
    """Return where the people of the pool were lost, and what one change each would bring."""
    need = need_of(service_request, now)
    funnel = funnel_of(verdicts.of_all(need, now))
    waiting = (
        Volunteer.objects.filter(pool__in=need.pools)
        .exclude(status__in=(Volunteer.Status.REFUSED, Volunteer.Status.LEFT))
        .filter(person__profile__languages__language__in=need.languages)
        .exclude(pk__in=Candidate.objects.filter(pool__in=need.pools).values("volunteer"))
    )
    return Why(
        speak=funnel.speak,
        not_unlocked=waiting.distinct().count(),
        steps=tuple((STEPS[step.code], step.left) for step in funnel.steps),
        giving_way=tuple((GIVING_WAY[one.code], one.more) for one in funnel.relaxations),
    )


def asked(service_request: ServiceRequest) -> list[Asked]:
    """Return everybody who was asked, the latest round first, with their answers."""
    proposals = list(
        Proposal.objects.filter(service_request=service_request)
        .select_related("volunteer__person", "language", "decline_reason", "asked_by")
        .order_by("-search_round", "asked_at", "pk")
    )
    states = _message_states(service_request, proposals)
    return [
        Asked(
            proposal,
            in_words(proposal.reasons, _shown(proposal.language)),
            MESSAGE_WORDS[state] if state else "",
            state == MessageState.PENDING and proposal.state == Proposal.State.ASKED,
        )
        for proposal in proposals
        for state in [states.get(telling.about_proposal(proposal))]
    ]


def _message_states(
    service_request: ServiceRequest, proposals: Iterable[Proposal]
) -> dict[str, MessageState]:
    messages = Message.objects.about(telling.about_request(service_request)).filter(
        person__in={proposal.person_id for proposal in proposals},
        message_class=MessageClass.OFFER,
    )
    return {
        about[0]: MessageState(state) for about, state in messages.values_list("about", "state")
    }


def risk_of(service_request: ServiceRequest, now: datetime) -> Risk:
    """Return how the search for a request stands."""
    unanswered = Proposal.objects.filter(
        service_request=service_request,
        search_round=service_request.search_round,
        state=Proposal.State.ASKED,
    ).count()
    return assess(
        starts_at=service_request.period.lower,
        now=now,
        left=len(candidates.find(need_of(service_request, now), now)),
        unanswered=unanswered,
    )


def in_words(
    reasons: Iterable[tuple[str, float] | Sequence[object]], language: Language | None
) -> tuple[str, ...]:
    """Return the reasons of ranking.py as a coordinator reads them; unknown codes are left out."""
    words = (_word(str(code), float(str(figure)), language) for code, figure in reasons)
    return tuple(word for word in words if word)


def _word(code: str, figure: float, language: Language | None) -> str:
    number = round(figure)
    match code:
        case "level":
            return f"spricht {language.name_sms} {_level(number)}" if language else ""
        case "distance_km":
            return f"{number} km" if number else "unter 1 km"
        case "mode_phone":
            return "am Telefon"
        case "mode_video":
            return "per Video"
        case "assignments_this_month":
            return _counted(number, "Einsatz", "Einsätze", "noch kein Einsatz") + " diesen Monat"
        case "messages_this_week":
            return _counted(number, "Anfrage", "Anfragen") + " in 7 Tagen" if number else ""
        case "open_offer":
            return _counted(number, "andere Anfrage", "andere Anfragen") + " offen"
        case "substitute_language":
            return "als Ersatzsprache"
        case "preferred":
            return "von der Stelle gewünscht"
        case "stand_by":
            return "steht als Reserve bereit"
    return ""


def _level(level: int) -> str:
    if level == Level.NATIVE:
        return "als Erstsprache"
    label = Level(level).label
    return f"({label})" if level == Level.SPOKEN_ONLY else f"auf Niveau {label}"


def _counted(number: int, one: str, many: str, none: str = "") -> str:
    if not number and none:
        return none
    return f"{number} {one if number == 1 else many}"


def _languages(ids: Iterable[int]) -> dict[int, Language]:
    shown = Language.objects.in_bulk(set(ids))
    return {pk: language for pk, language in shown.items() if _shown(language)}


def _shown(language: Language) -> Language | None:
    """The reserved language of guides is nothing to read out."""
    return language if language.code != ANY_LANGUAGE else None
