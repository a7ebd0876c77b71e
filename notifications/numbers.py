"""Short numbers for answers by SMS: «JA 47» means one offer on one telephone."""

from __future__ import annotations

from background.clock import now
from notifications.arrivals import ReplyNumber

FIRST, LAST = 10, 99


def issue(address: str, about: str) -> int:
    """Return the number of an offer on this telephone, the same one each time it is asked for.

    Numbers follow each other, so that an old one comes back only after ninety offers; it then
    means the new one.
    """
    known = ReplyNumber.objects.filter(address=address)
    for _ in range(2):  # the second look finds what another process has just written
        mine = known.filter(about=about).values_list("number", flat=True).first()
        if mine is not None:
            return mine
        number = _next(address)
        oldest = known.filter(number=number).first()
        if oldest is not None:
            known.filter(pk=oldest.pk, about=oldest.about).update(about=about, issued_at=now())
        else:
            row = ReplyNumber(address=address, number=number, about=about)
            ReplyNumber.objects.bulk_create([row], ignore_conflicts=True)
        if known.filter(number=number, about=about).exists():
            return number
    raise RuntimeError("no number could be issued")


def _next(address: str) -> int:
    last = ReplyNumber.objects.filter(address=address).order_by("-issued_at", "-pk").first()
    if last is None or last.number >= LAST:
        return FIRST
    return last.number + 1


def meanings(address: str) -> dict[int, str]:
    """Return what each number means on this telephone."""
    known = ReplyNumber.objects.filter(address=address)
    return dict(known.values_list("number", "about"))
