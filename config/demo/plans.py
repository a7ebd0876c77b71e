"""Who the 130 volunteers are; what no table says follows from their numbers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from config.demo import tables
from config.demo.calendar import today
from volunteers.week import NO_HOUR, week_of

NUMBER = 130
LANGUAGES = 39
AMINA = {"language": "prs", "given": "Amina", "family": "Rahimi", "gender": "f"}
POSTCODES = {
    "giessen-stadt": ("35390", "35392", "35394", "35396", "35398"),
    "giessen-landkreis": (
        *("35305", "35418", "35435", "35415", "35423", "35321", "35440", "35457"),
        *("35463", "35410", "35447", "35444", "35452", "35460", "35428"),
    ),
    "marburg": ("35037", "35039", "35041", "35043"),
}
SECOND_LANGUAGES = """
uk ru, kmr tr, ckb fa, prs fa, haz prs, ps prs, zza tr, aii ar, rif fr, ary fr, so ar, rom ro
"""
SECOND = dict(pair.split() for pair in SECOND_LANGUAGES.split(","))
STATES = {
    **dict.fromkeys((17, 40, 53, 61, 84, 99, 128), "registered"),
    **dict.fromkeys((41, 85), "locked"),
    42: "left",
    43: "refused",
    127: "refused",
}
WEEKS = (
    NO_HOUR,
    week_of({(day, hour) for day in range(5) for hour in range(8, 17)}),
    NO_HOUR,
    week_of({(day, hour) for day in range(5) for hour in (*range(8, 13), *range(17, 21))}),
)
MEANS = (("transit", 15), ("car", 30), ("transit", 20), ("car", 25), ("foot", 5))
MODULES = (
    ("module_health", 2, 0),
    ("module_family", 5, 1),
    ("module_violence", 3, 1),
    ("module_asylum", 8, 3),
    ("module_school", 4, 1),
)


@dataclass(frozen=True)
class Plan:
    """Who it will be and what becomes of her."""

    number: int
    language: str
    given: str
    family: str
    gender: str
    pool: str

    @property
    def is_amina(self) -> bool:
        """Whether it is the one whose telephone a visitor holds."""
        return self.number == 0

    @property
    def state(self) -> str:
        """Return where she stands: most are active, some are not (yet, or any more)."""
        return STATES.get(self.number, "active")

    @property
    def roles(self) -> list[str]:
        """Return what she does: most interpret, every fifth accompanies people."""
        guides, interprets = self.number % 5 == 0, self.number % 15 != 5
        return [role for role, does in (("interpret", interprets), ("guide", guides)) if does]

    @property
    def languages(self) -> list[str]:
        """Return the codes of what she speaks, her first language first."""
        has_second = self.number % 2 == 0 and self.language in SECOND
        return [self.language, *([SECOND[self.language]] if has_second else [])]

    @property
    def modes(self) -> set[str]:
        """Return how she comes."""
        by_telephone = {"phone"} if self.number % 2 == 0 else set()
        return {"on_site"} | by_telephone | ({"video"} if self.number % 4 == 0 else set())

    @property
    def reach(self) -> tuple[str, int]:
        """Return the means of travel and how many kilometres."""
        return MEANS[self.number % len(MEANS)]

    @property
    def week(self) -> str:
        """Return her hours."""
        return NO_HOUR if self.is_amina else WEEKS[self.number % len(WEEKS)]

    @property
    def postcode(self) -> str:
        """Return where she lives."""
        postcodes = POSTCODES[self.pool]
        return postcodes[self.number % len(postcodes)]

    @property
    def phone(self) -> str:
        """Return her number, as one writes it."""
        return tables.MOBILE[self.number]

    @property
    def email(self) -> str:
        """Return her address; two of three give none."""
        return tables.mail_of(self.given, self.family) if self.number % 3 == 0 else ""

    @property
    def modules(self) -> set[str]:
        """Return the records she has beyond what the pool asks for."""
        if self.is_amina:
            return {"module_health", "module_violence", "module_family"}
        return {code for code, every, rest in MODULES if self.number % every == rest}

    @property
    def since(self) -> dt.date:
        """Return the day she was taken on."""
        return today() - dt.timedelta(days=200 + self.number * 3)


def plans() -> list[Plan]:
    """Return the 130: some languages have many people in every pool, most have one or two."""
    by_language: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in tables.rows("names"):
        by_language[row["language"]].append(row)
    order = sorted(by_language, key=lambda code: (-len(by_language[code]), code))[:LANGUAGES]
    chosen = [AMINA, *(by_language[code][0] for code in order)]
    chosen += [row for code in order for row in by_language[code][1:]]
    slugs = tuple(POSTCODES)
    turns = {code: turn for turn, code in enumerate(order)}
    made = []
    for number, row in enumerate(chosen[:NUMBER]):
        code = row["language"]
        pool = slugs[turns[code] % len(slugs)] if number else slugs[0]
        turns[code] += 1
        made.append(Plan(number, code, row["given"], row["family"], row["gender"], pool))
    return made
