"""The settings of the proofs: those of the product, plus what makes it fail on purpose."""

from __future__ import annotations

from config.settings import *  # noqa: F403 - the point of the file
from config.settings import INSTALLED_APPS as _APPS
from tests.proofs import arming, fast_clock

INSTALLED_APPS = [*_APPS, "tests.proofs.apps.ProofsConfig"]
arming.arm_from_environment()
fast_clock.set_from_environment()
