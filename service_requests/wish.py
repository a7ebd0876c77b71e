"""What an institution asks for, as typed: the input of all checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pools.models import Organisation, Pool, User
from reference.models import Language, Setting, Topic
from reference.places import Place
from service_requests.models import Kind
from service_requests.slots import Slot

ON_SITE = "on_site"
MODES = {ON_SITE: "vor Ort", "phone": "am Telefon", "video": "per Video"}
GENDERS = {"f": "von einer Frau", "m": "von einem Mann", "d": "von einer diversen Person"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A request before it is one; nothing in it has been checked."""

    organisation: Organisation
    posted_by: User
    kind: str
    language: Language | None
    modes: Sequence[str]
    period: Slot
    setting: Setting
    place: Place
    variety: str = ""
    bridge_languages: Sequence[Language] = ()
    alternatives: Sequence[Slot] = ()
    topic: Topic | None = None
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    professional_present: bool = True
    gender_wish: str = ""
    gender_must: bool = False
    minors_present: bool = False
    urgency_reason: str = ""
    note: str = ""
    case_code: str = ""
    name_warning_accepted: bool = False
    by_coordinator: bool = False

    @property
    def pool(self) -> Pool:
        """Return the pool the request will belong to: that of its institution."""
        return self.organisation.pool

    @property
    def day(self) -> dt.date:
        """Return the day of the appointment where it takes place."""
        return self.period[0].astimezone(self.pool.zone).date()

    @property
    def is_interpreting(self) -> bool:
        """Whether an interpreter is asked for, not a guide."""
        return self.kind == Kind.INTERPRET

    @property
    def role(self) -> str:
        """Return the word of the rules for whom is asked for."""
        return "interpreter" if self.is_interpreting else "guide"
