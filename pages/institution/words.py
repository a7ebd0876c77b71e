"""How a request stands, in sentences for the institution; never a name before the yes."""

from __future__ import annotations

from background.clock import now
from matching import standing
from pages import when
from service_requests.models import Event, ServiceRequest, Status

TONES = {
    Status.SUBMITTED: "info",
    Status.SEARCHING: "info",
    Status.CONFIRMED: "success",
    Status.TOOK_PLACE: "success",
    Status.RECORD_CONFIRMED: "success",
    Status.SETTLED: "success",
    Status.CLOSED: "success",
    Status.NOT_FILLED: "danger",
    Status.REJECTED: "danger",
    Status.DID_NOT_TAKE_PLACE: "warning",
    Status.WITHDRAWN: "warning",
    Status.CANCELLED: "warning",
}
ENDED = {
    Status.TOOK_PLACE: "Der Einsatz hat stattgefunden.",
    Status.RECORD_CONFIRMED: "Der Einsatz hat stattgefunden und ist bestätigt.",
    Status.SETTLED: "Der Einsatz hat stattgefunden und ist abgerechnet.",
    Status.CLOSED: "Die Anfrage ist abgeschlossen.",
    Status.REJECTED: "Diese Anfrage konnten wir nicht annehmen.",
    Status.WITHDRAWN: "Sie haben die Anfrage zurückgezogen.",
    Status.CANCELLED: "Der Termin wurde abgesagt. Die zugesagte Person weiß Bescheid.",
    Status.NOT_FILLED: "Leider hat niemand zugesagt. Wir suchen nicht weiter.",
    Status.DID_NOT_TAKE_PLACE: "Der Einsatz hat nicht stattgefunden.",
    Status.DRAFT: "Diese Anfrage ist noch nicht gesendet.",
}
EVENTS = {
    "posted": "Anfrage gesendet",
    "submitted": "Anfrage gesendet",
    "released": "Die Koordination hat die Anfrage freigegeben",
    "rejected": "Die Koordination hat die Anfrage nicht angenommen",
    "nobody_left": "Zurzeit gibt es niemanden mehr, den wir fragen können",
    "accepted": "Jemand hat zugesagt",
    "undone": "Die Zusage war ein Versehen, wir suchen weiter",
    "reopened": "Die zugesagte Person kann nicht, wir suchen neu",
    "changed": "Zeit, Ort oder Ansprechperson geändert",
    "withdrawn": "Anfrage zurückgezogen",
    "cancelled": "Termin abgesagt",
    "not_filled": "Leider niemand gefunden",
    "took_place": "Eine Seite sagt: hat stattgefunden",
    "record_confirmed": "Beide Seiten haben bestätigt",
    "did_not_take_place": "Hat nicht stattgefunden",
    "decided_held": "Die Koordination hat nachgefragt: hat stattgefunden",
    "decided_not_held": "Die Koordination hat nachgefragt: hat nicht stattgefunden",
    "settled": "Abgerechnet",
    "closed": "Abgeschlossen",
    "informed": "Wir haben Ihnen geschrieben, dass noch niemand zugesagt hat",
}
REASON_IS_FOR_THEM = frozenset(
    {"rejected", "withdrawn", "cancelled", "not_filled", "did_not_take_place", "decided_not_held"}
)
"""A volunteer's reason for cancelling is not the institution's business."""


def sentences(service_request: ServiceRequest) -> list[str]:
    """Return how it stands now, from what is in the database."""
    status = Status(service_request.status)
    if status == Status.SUBMITTED:
        return [
            "Die Koordination prüft Ihre Anfrage.",
            "Danach fragen wir passende Personen. Sie bekommen eine Nachricht.",
        ]
    if status == Status.SEARCHING:
        return _searching(service_request)
    if status == Status.CONFIRMED:
        return _confirmed(service_request)
    return [ENDED[status]]


def _searching(service_request: ServiceRequest) -> list[str]:
    progress = standing.of_search(service_request)
    zone = service_request.pool.zone
    said = []
    if progress.was_filled:
        said.append("Die zugesagte Person kann nicht. Wir suchen neu.")
    if not progress.asked:
        said.append(
            "Zurzeit finden wir niemanden, der passt. Ihre Koordination sieht die Anfrage."
            if progress.is_nobody_left
            else "Wir suchen. Gleich fragen wir die ersten Personen."
        )
    else:
        said.append(f"Wir haben {_people(progress.asked)} gefragt.")
        if progress.declined or progress.waiting:
            said.append(_answers(progress))
        if progress.is_nobody_left and not progress.waiting:
            said.append("Mehr passende Personen gibt es zurzeit nicht. Ihre Koordination hilft.")
    if progress.look_again_at:
        said.append(f"{_capital(when.soon(progress.look_again_at, zone))} schauen wir wieder nach.")
    inform_at = service_request.inform_at
    if inform_at and inform_at > now() and service_request.informed_at is None:
        said.append(
            f"Sagt niemand zu, schreiben wir Ihnen spätestens {when.soon(inform_at, zone)}."
        )
    return said


def _answers(progress: standing.Progress) -> str:
    return (
        f"{_so_many(progress.declined)} abgesagt,"
        f" {_so_many(progress.waiting).lower()} noch nicht geantwortet."
    )


def _so_many(number: int) -> str:
    if not number:
        return "Niemand hat"
    return f"{number} {'hat' if number == 1 else 'haben'}"


def _people(number: int) -> str:
    return "1 Person" if number == 1 else f"{number} Personen"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _confirmed(service_request: ServiceRequest) -> list[str]:
    if service_request.period.upper <= now():
        return ["Der Termin ist vorbei. Bitte bestätigen Sie, ob er stattgefunden hat."]
    return ["Ihre Anfrage ist besetzt."]


def of_event(event: Event) -> str:
    """Return one line of the timeline, «» for what only the coordinator needs."""
    if event.kind in ("asked", "asked_by_coordinator"):
        number = int(event.detail.get("asked", 1))
        return f"{_people(number)} gefragt"
    text = EVENTS.get(event.kind, "")
    if text and event.reason and event.kind in REASON_IS_FOR_THEM:
        return f"{text} ({event.reason.label_de})"
    return text
