"""What was noticed when a request was posted, in sentences for its page."""

from __future__ import annotations

from service_requests.models import Event, ServiceRequest

SENTENCES = {
    "setting": "Bei dieser Art von Stelle entscheidet die Koordination über jede Anfrage.",
    "area": "Der Ort liegt im Gebiet eines anderen Zentrums.",
    "case_cap": "Für diese Fallkennung ist die höchste Zahl an Einsätzen erreicht.",
    "case_warn": "Für diese Fallkennung ist die höchste Zahl an Einsätzen bald erreicht.",
    "lead_time": "Die Anfrage ist kurzfristig.",
    "name_warning": "Der Hinweis wurde trotz der Warnung vor Namen gesendet.",
}


def notices(service_request: ServiceRequest) -> list[str]:
    """Return the sentences, those a coordinator decides about first."""
    posted = Event.objects.filter(service_request=service_request, kind="posted").first()
    if posted is None:
        return []
    codes = [*posted.detail.get("checks", []), *posted.detail.get("hints", [])]
    return [SENTENCES[code] for code in dict.fromkeys(codes) if code in SENTENCES]
