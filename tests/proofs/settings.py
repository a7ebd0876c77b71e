"""The settings of the proofs: those of the product, plus what makes it fail on purpose."""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403 - the point of the file
from config.settings import API_RATES as _RATES
from config.settings import INSTALLED_APPS as _APPS
from tests.proofs import arming, fast_clock

INSTALLED_APPS = [*_APPS, "tests.proofs.apps.ProofsConfig"]
# A small run cannot wait a minute for the supervisor to notice; the ratio stays.
if _beat := os.environ.get("LOTSENRUF_PROOF_BEAT_S"):
    BEAT_EVERY_S: float = float(_beat)  # type: ignore[no-redef]
    BEAT_STALE_AFTER_S: float = float(  # type: ignore[no-redef]
        os.environ.get("LOTSENRUF_PROOF_STALE_S", 6 * BEAT_EVERY_S)
    )
# Who proves what is answered must not hear mostly that it was too fast.
if _rate := os.environ.get("LOTSENRUF_PROOF_API_RATE"):
    API_RATES = dict.fromkeys(_RATES, _rate)
arming.arm_from_environment()
fast_clock.set_from_environment()
