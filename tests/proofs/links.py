"""links: who only opens a link changes nothing, and a link that is not the right one opens nothing.

Mail scanners, previews of messengers and prefetching browsers open every link they see, often more
than once. Links get cut, mistyped, guessed, forwarded, and found years later. After each fetch all
tables are compared, but the cache (counters of limits). The controls: an offer that is answered by
being opened, and links that are not looked up.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from tests.proofs import unprotected
from tests.proofs.frame import Frame, say
from tests.proofs.links_tokens import PATHS, PRESSED, Hands, Token, in_hands, spoiled
from tests.proofs.report import Result

HANDS = 6
CONTROL_SHARE = 10
SHOWN = 20
OPENED, REFUSED = 300, 400
METHODS = ("GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "POST")
SORTS = ("as it is", "as it is", "as it is", "spoiled", "spoiled", "over", "foreign", "cookie")
VISITORS: tuple[dict[str, str], ...] = (
    {"User-Agent": "WhatsApp/2.24.20.89 A"},
    {"User-Agent": "WhatsApp/2.2412.54 N", "Range": "bytes=0-299999"},
    {"User-Agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"},  # what iMessage says
    {"User-Agent": "TelegramBot (like TwitterBot)"},
    {"User-Agent": "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1) SafeLinks"},
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) SkypeUriPreview Preview/0.5"},
    {"User-Agent": "Microsoft Office/16.0 (Microsoft Outlook 16.0; Pro)"},
    {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126", "Sec-Purpose": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (iPhone) Safari", "Purpose": "prefetch", "X-Moz": "prefetch"},
    {"User-Agent": "BarracudaCentral/1.0", "Referer": "https://mail.example/"},
    {"User-Agent": ""},
)
ADDED = ("", "", "", "?fbclid=x", "?action=yes", "?data=05%7C02&reserved=0", "?outcome=took_place")
NOT_COMPARED = ("reference_", "django_migrations")
"""What nobody can change; and the cache, which is no table of a model."""


@dataclass
class Fetched:
    """What came of all fetches."""

    fetches: int = 0
    opened: int = 0
    changed: list[str] = field(default_factory=list)
    accepted_bad: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)


class Everything:
    """A number that changes with every row of every table."""

    def __init__(self) -> None:
        tables = [
            table
            for table in sorted(connection.introspection.django_table_names(only_existing=True))
            if not table.startswith(NOT_COMPARED)
        ]
        rows = " UNION ALL ".join(
            f"SELECT '{table}' || t::text AS line FROM {connection.ops.quote_name(table)} t"  # noqa: S608 - ours
            for table in tables
        )
        self.statement = f"SELECT md5(string_agg(line, '' ORDER BY line)) FROM ({rows}) all_of_it"  # noqa: S608 - ours

    def digest(self) -> str:
        """Return the number as it is now."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
            return str(cursor.fetchone()[0])


def fetch_all(hands: Hands, *, fetches: int, dice: random.Random) -> Fetched:
    """Fetch so many links in all manners, and compare all tables after each."""
    fetched, everything = Fetched(), Everything()
    before = everything.digest()
    for _ in range(fetches):
        told = _one(hands, fetched, dice)
        after = everything.digest()
        if after != before:
            fetched.changed.append(told)
            before = after
    return fetched


def _one(hands: Hands, fetched: Fetched, dice: random.Random) -> str:
    sort, method = dice.choice(SORTS), dice.choice(METHODS)
    visitor, added = dice.choice(VISITORS), dice.choice(ADDED)
    client = Client(raise_request_exception=False)
    if sort == "cookie":
        method, path, form = "GET", hands.yes_path, {}
        name, value = hands.yes_cookie
        other = "".join(each for each in spoiled(value, dice) if "!" <= each <= "~")
        client.cookies[name], is_bad = other, other != value
    else:
        token = _chosen(hands, sort, method, dice)
        path, is_bad = _address(token), sort != "as it is"
        # On a good link what was pressed is pressed again; on others, whatever there is.
        form = dict(token.pressed) or _form(token.kind, dice)
    response = _sent(client, method, path + added, form, visitor)
    told = f"{method} {path}{added} ({sort}) → {response.status_code}"
    fetched.fetches += 1
    fetched.by[f"{sort} {method}"] += 1
    if response.status_code >= 500:
        fetched.broken.append(told)
    if sort == "cookie":
        is_open = hands.street in response.content.decode()
    else:
        # Without its last slash an address is led to itself; nothing is opened by that.
        is_open = response.status_code < OPENED or response.status_code == 303
    if is_bad and is_open and method != "OPTIONS":
        fetched.accepted_bad.append(told)
    fetched.opened += is_open and not is_bad
    return told


def _chosen(hands: Hands, sort: str, method: str, dice: random.Random) -> Token:
    """Return a link; a button of a good one is pressed only if that has been done before."""
    if sort == "over":
        return dice.choice(hands.over)
    if sort == "foreign":
        return dice.choice(hands.foreign)
    token = dice.choice(hands.good)
    if sort == "as it is":
        while method == "POST" and not token.pressed:
            token = dice.choice(hands.good)
        return token
    known = {each.plain for each in hands.good}
    while (other := spoiled(token.plain, dice)) in known:
        pass
    return Token(token.kind, other)


def _address(token: Token) -> str:
    return PATHS[token.kind].format(quote(token.plain, safe=":-_."))


def _form(kind: str, dice: random.Random) -> dict[str, str]:
    word = dice.choice(PRESSED[kind])
    if kind == "offer":
        return {"action": word, "reason": "decline_no_time"}
    if kind == "confirmation":
        return {"outcome": word, "minutes": "60"}
    return {"List-Unsubscribe": word}


def _sent(
    client: Client, method: str, path: str, form: dict[str, str], headers: dict[str, str]
) -> Any:
    if method == "POST":
        return client.post(path, form, headers=headers)
    return client.generic(method, path, headers=headers)


def one_run(*, fetches: int, dice: int, hands: int = HANDS, without: str = "") -> Fetched:
    """Put links into hands in the database at hand, and fetch, perhaps without a guard."""
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        held = in_hands(hands)
        with unprotected.without(*([without] if without else [])):
            return fetch_all(held, fetches=fetches, dice=random.Random(dice))  # noqa: S311 - dice, no secret


def run(frame: Frame, *, fetches: int, seed: int) -> Result:
    """Fetch, then a tenth of it with each of the guards taken away."""
    logging.disable(logging.CRITICAL)  # thousands of refusals are what is wanted
    say(f"links: {fetches} fetches …")
    frame.database("links")
    fetched = one_run(fetches=fetches, dice=seed)
    say("the controls: an offer answered by being opened; links that are not looked up …")
    frame.database("links_answering")
    answering = one_run(fetches=fetches // CONTROL_SHARE, dice=seed, without="silent_link")
    frame.database("links_open")
    not_checking = one_run(fetches=fetches // CONTROL_SHARE, dice=seed, without="link_check")
    logging.disable(logging.NOTSET)
    figures = {
        "fetches": fetched.fetches,
        "changed": len(fetched.changed),
        "accepted_bad": len(fetched.accepted_bad),
        "broken": len(fetched.broken),
        "opened": fetched.opened,
        "by": dict(sorted(fetched.by.items())),
        "control_changed": len(answering.changed),
        "control_accepted_bad": len(not_checking.accepted_bad),
        "seed": seed,
    }
    wrong = [*fetched.changed, *fetched.accepted_bad, *fetched.broken]
    reached = not wrong and fetched.fetches == fetches
    valid = bool(answering.changed and not_checking.accepted_bad and fetched.opened)
    why_not = wrong[:SHOWN]
    if not valid:
        why_not.append("without the guards nothing was seen either: the run proves nothing")
    return Result("links", figures, reached, valid, why_not)
