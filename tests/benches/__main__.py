"""python -m tests.benches [NAME] [--json]: run one bench, or all of them.

Each starts a database cluster and processes of its own and removes them. The exit code is 1 when a
goal is missed.
"""

from __future__ import annotations

import argparse
import random
import sys

from tests.proofs.frame import Frame
from tests.proofs.report import Result
from tests.proofs.running import run_chosen

LIMIT_S = 600


def _delivery(place: Frame, options: argparse.Namespace) -> Result:
    from tests.benches import delivery

    return delivery.run(place, rate=options.rate, seconds=options.seconds)


def _retrieval(place: Frame, options: argparse.Namespace) -> Result:
    from tests.benches import retrieval

    return retrieval.run(
        place,
        volunteers=options.volunteers,
        requests=options.requests,
        layout=options.layout,
        seed=random.randrange(10**6) if options.seed is None else options.seed,  # noqa: S311
    )


def _sizes(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


BENCHES = {"delivery": _delivery, "retrieval": _retrieval}


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; without a name all benches are meant, at their full size."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="default: all of them")
    parser.add_argument("--rate", type=float, default=20, help="delivery: messages a second (20)")
    parser.add_argument("--seconds", type=float, default=60, help="delivery: for how long (60)")
    parser.add_argument(
        "--volunteers",
        type=_sizes,
        default=[100_000],
        help="retrieval: how many, or several sizes with commas (100000)",
    )
    parser.add_argument("--requests", type=int, default=200, help="retrieval: per class (200)")
    parser.add_argument(
        "--layout", choices=["spread", "single"], default="spread", help="over 400 pools, or one"
    )
    parser.add_argument("--seed", type=int, help="repeat the dice of an earlier run")
    parser.add_argument("--limit", type=int, default=LIMIT_S, help="most seconds for each")
    parser.add_argument("--json", action="store_true", help="last line: one JSON object")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(run_chosen(BENCHES, options_of(sys.argv[1:]), program="script/bench"))
