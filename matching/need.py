"""What is needed, as plain values: the question the engine answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

INTERPRET, GUIDE = 1, 2
MODE_BITS = {"on_site": 1, "phone": 2, "video": 4}
URGENT_BELOW = timedelta(hours=24)
SHORT_BELOW = timedelta(hours=7)
SETTING_OFF = timedelta(minutes=30)


@dataclass(frozen=True)
class Need:
    """One search for one appointment; `languages` and `modes` are in order of preference."""

    request_id: int
    search_round: int
    pools: tuple[int, ...]
    languages: tuple[int, ...]
    kind: int
    modes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    first_day: date
    last_day: date
    today: date
    week_mask: str
    hours: int
    longitude: float
    latitude: float
    municipality: str | None
    setting: str
    organisation_id: int
    gender: str
    minimum_level: int
    required: tuple[tuple[str, ...], ...]
    time_zone: str = "Europe/Berlin"
    pair: int | None = None

    def is_urgent(self, now: datetime) -> bool:
        """Return whether the appointment starts in less than 24 hours."""
        return self.starts_at - now < URGENT_BELOW

    def deadline(self) -> datetime:
        """Return the last moment at which anybody's yes is of use (start − setting off).

        Who has to travel is asked only as long as there is time for that too (filters.ARRIVES).
        """
        return self.starts_at - SETTING_OFF
