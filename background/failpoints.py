"""Named places at which a proof may crash, stall or fail the program; in production nothing."""

from __future__ import annotations

from collections.abc import Callable

armed: Callable[[str], None] | None = None


def failpoint(name: str) -> None:
    """Do nothing, unless the settings of a proof have armed a hook."""
    if armed is not None:
        armed(name)
