"""What a caseworker types, for tests."""

from __future__ import annotations

import uuid
from typing import Any

NEW = "/anfragen/neu/"


def typed(**changes: Any) -> dict[str, Any]:
    """Return a complete form for a school in Gießen; the other language was asked about already."""
    return {
        "kind": "interpret",
        "language": "prs",
        "language_typed": "",
        "day": "1.12.2026",
        "time": "14:00",
        "minutes": "60",
        "modes": ["on_site"],
        "setting": "school",
        "topic": "parent_talk",
        "postcode": "35390",
        "address": "Musterweg 1",
        "contact_name": "Frau Sommer",
        "contact_phone": "069 90009 100",
        "gender_wish": "",
        "submission": str(uuid.uuid4()),
        "bridges_for": "prs/everyday",
        **changes,
    }
