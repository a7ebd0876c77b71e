"""«Why was I not asked?»: the requests of the last weeks, measured by a volunteer's own details."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching import verdicts
from matching.funnel import against
from matching.models import Proposal
from matching.reading import need_of
from service_requests.models import Kind, ServiceRequest
from volunteers.models import Volunteer

LOOKED_BACK = timedelta(days=30)
REQUESTS_AT_MOST = 60
# How it stood that day, which nobody knows any more; what is left depends on her details.
OF_THE_MOMENT = frozenset({"arrives", "budget", "unanswered", "asked", "contact", "busy"})
REASONS = {
    "language": "Sie sind dafür noch nicht freigeschaltet.",
    "kind": "Sie sind für diese Aufgabe nicht freigeschaltet.",
    "level": "Es war ein höheres Sprachniveau nötig.",
    "gender": "Es war ein Geschlecht gewünscht, das Sie nicht angegeben haben.",
    "mode": "Sie bieten diese Art des Einsatzes nicht an (vor Ort, Telefon, Video).",
    "reach": "Der Ort liegt weiter weg als Ihr Umkreis.",
    "paused": "Sie machen gerade Pause.",
    "absent": "Sie waren als abwesend eingetragen.",
    "hours": "Zu dieser Zeit haben Sie keine Stunden eingetragen.",
    "weekly_cap": "Sie hatten in der Woche schon so viele Einsätze, wie Sie möchten.",
    "records": "An dem Tag fehlte ein Nachweis.",
    "setting": "Sie möchten nicht an solche Stellen.",
    "conflict": "Die Stelle oder Sie haben den Einsatz miteinander ausgeschlossen.",
    "pair": "Sie waren für den anderen Teil derselben Anfrage vorgesehen.",
}


@dataclass(frozen=True)
class Look:
    """What became of the requests in her languages; `fitting` went to others first."""

    requests: int
    asked: int
    fitting: int
    reasons: tuple[tuple[str, int], ...]


def look_back(volunteer: Volunteer, now: datetime) -> Look:
    """Return the last weeks of her pool: how often she was asked, and what stood against it.

    Of each request the first reason counts. No place, no time, no institution is named.
    """
    spoken = volunteer.person.profile.languages.values("language")
    wanted = ServiceRequest.objects.filter(pool=volunteer.pool, created_at__gt=now - LOOKED_BACK)
    ours = wanted.filter(kind=Kind.INTERPRET, language__in=spoken)
    if volunteer.wants_guiding:
        ours |= wanted.filter(kind=Kind.GUIDE)
    requests = list(
        ours.select_related("pool", "language").order_by("-created_at")[:REQUESTS_AT_MOST]
    )
    asked = set(
        Proposal.objects.filter(
            service_request__in=requests, person=volunteer.person_id
        ).values_list("service_request", flat=True)
    )
    counted: Counter[str] = Counter()
    fitting = 0
    for request in requests:
        if request.pk in asked:
            continue
        of_her = verdicts.of_all(need_of(request, now), now, volunteers=[volunteer.pk])
        reasons = [name for name in against(of_her) if name not in OF_THE_MOMENT]
        if reasons:
            counted[REASONS[reasons[0]]] += 1
        else:
            fitting += 1
    return Look(len(requests), len(asked), fitting, tuple(counted.most_common()))
