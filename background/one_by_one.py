"""What a sweep owes, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable


def one_by_one(
    pks: Iterable[int],
    step: Callable[[int], object],
    log: logging.Logger,
    *,
    fails_as: str,
    of: str,
) -> None:
    """Do the step for each; one that fails is logged (event and kind) and stops no other."""
    for pk in pks:
        try:
            step(pk)
        except Exception:
            log.exception(fails_as, extra={of: pk})
