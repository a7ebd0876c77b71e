"""python -m tests.proofs [NAME] [--json]: run one proof, or all of them.

Each starts a database cluster and servers of its own and removes them. The exit code is 1 when a
goal is missed, or when a control did not fail as it must.
"""

from __future__ import annotations

import argparse
import random
import sys

from tests.proofs.frame import Frame
from tests.proofs.report import Result
from tests.proofs.running import run_chosen

LIMIT_S = 1800
LIMITS_S = {"histories": 7200}
"""20,000 lives take an hour on two cores."""


def _race(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import race

    return race.run(place, requests=options.requests or 200, acceptors=options.acceptors)


def _overlap(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import overlap

    return overlap.run(place, tries=options.tries)


def _sender(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import sender

    return sender.run(place, messages=options.messages, kills=options.kills, seed=_seed(options))


def _queue(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import queue

    return queue.run(place, trials=options.trials, seed=_seed(options))


def _failpoints(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import failpoints

    return failpoints.run(place, points=options.points, lanes=options.lanes)


def _tenancy(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import tenancy

    return tenancy.run(place)


def _api(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import api

    return api.run(place, requests=options.requests or 10_000, dice=_seed(options))


def _links(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import links

    return links.run(place, fetches=options.fetches, seed=_seed(options))


def _replies(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import replies

    return replies.run(place, replies=options.replies, dice=_seed(options))


def _histories(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs.histories import proof

    return proof.run(place, examples=options.examples, seed=_seed(options))


def _restarts(place: Frame, options: argparse.Namespace) -> Result:
    from tests.proofs import restarts

    return restarts.run(place, restarts=options.restarts, yeses=options.yeses)


def _seed(options: argparse.Namespace) -> int:
    """Return what the dice start from; printed with the figures."""
    dice = random.randrange(10**6)  # noqa: S311 - dice, no secret
    return dice if options.seed is None else int(options.seed)


PROOFS = {
    "race": _race,
    "overlap": _overlap,
    "sender": _sender,
    "queue": _queue,
    "failpoints": _failpoints,
    "tenancy": _tenancy,
    "api": _api,
    "links": _links,
    "replies": _replies,
    "histories": _histories,
    "restarts": _restarts,
}


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; without a name all proofs are meant, at their full size."""
    parser = argparse.ArgumentParser(prog="script/prove", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(PROOFS), help="default: all of them")
    parser.add_argument("--requests", type=int, help="race: how many (200); api: (10000)")
    parser.add_argument("--acceptors", type=int, default=20, help="race: yeses per request (20)")
    parser.add_argument("--tries", type=int, default=1000, help="overlap: how many (1000)")
    parser.add_argument("--messages", type=int, default=2000, help="sender: how many (2000)")
    parser.add_argument("--kills", type=int, default=40, help="sender: how many (40)")
    parser.add_argument("--trials", type=int, default=3, help="queue: how many (3)")
    parser.add_argument("--points", nargs="*", default=[], help="failpoints: only these (all)")
    parser.add_argument("--lanes", type=int, default=8, help="failpoints: stages at a time (8)")
    parser.add_argument("--fetches", type=int, default=10_000, help="links: how many (10000)")
    parser.add_argument("--replies", type=int, default=1000, help="replies: how many (1000)")
    parser.add_argument("--examples", type=int, default=20_000, help="histories (20000)")
    parser.add_argument("--restarts", type=int, default=10, help="restarts: how many (10)")
    parser.add_argument("--yeses", type=int, default=100, help="restarts: how many (100)")
    parser.add_argument("--seed", type=int, help="repeat the dice of an earlier run")
    parser.add_argument("--limit", type=int, help="most seconds for each")
    parser.add_argument("--json", action="store_true", help="last line: one JSON object")
    options = parser.parse_args(arguments)
    if options.limit is None:
        options.limit = LIMITS_S.get(options.name, LIMIT_S)
    return options


if __name__ == "__main__":
    sys.exit(run_chosen(PROOFS, options_of(sys.argv[1:]), program="script/prove"))
