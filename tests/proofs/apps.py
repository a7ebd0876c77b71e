"""Changes a server process as a proof asks for, once all models are loaded."""

from __future__ import annotations

import os

from django.apps import AppConfig

VARIABLE = "LOTSENRUF_PROOF_WITHOUT"


class ProofsConfig(AppConfig):
    """Installed only by tests.proofs.settings."""

    name = "tests.proofs"
    label = "proofs"

    def ready(self) -> None:
        """Take away the guards a control runs without."""
        guards = [name for name in os.environ.get(VARIABLE, "").split(",") if name]
        if guards:
            from tests.proofs import unprotected

            unprotected.take_away(*guards)
