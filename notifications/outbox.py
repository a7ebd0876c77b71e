"""The only way to tell people something: write it down, then send it (the pattern of the docs).

write and supersede run in the transaction of their cause; deliver and sweep run in the worker.
"""

from __future__ import annotations

from notifications.links import LinkSpec
from notifications.sending import deliver
from notifications.sweeping import resolve_unknown, sweep
from notifications.writing import supersede, was_handed_over, write

__all__ = [
    "LinkSpec",
    "deliver",
    "resolve_unknown",
    "supersede",
    "sweep",
    "was_handed_over",
    "write",
]
