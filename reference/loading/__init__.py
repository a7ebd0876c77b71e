"""Brings the database up to the files in `reference/data/`: what is new, changed, gone, kept."""

from __future__ import annotations

from reference.loading.load import load_reference
from reference.loading.tables import Outcome

__all__ = ["Outcome", "load_reference"]
