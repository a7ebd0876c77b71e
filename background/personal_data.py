"""What is stored here; see background/registry.py."""

from background.models import Heartbeat
from background.registry import Entry, Erase, Log, Registry, Retention

PULSE = Entry("tell whether the worker lives", Retention.NOT_PERSONAL, Erase.KEEP, Log.OPEN)

PERSONAL_DATA: Registry = {Heartbeat: PULSE}
