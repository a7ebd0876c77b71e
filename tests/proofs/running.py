"""What script/prove and script/bench have in common: run what was chosen, print, judge."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from tests.proofs import report
from tests.proofs.frame import Frame, TimeIsUp, frame
from tests.proofs.parts import DidNotStart
from tests.proofs.report import Result

INTERRUPTED = 130
Run = Callable[[Frame, argparse.Namespace], Result]


def run_chosen(runs: Mapping[str, Run], options: argparse.Namespace, *, program: str) -> int:
    """Run one or all in a place of their own, print the results, return the exit code."""
    chosen = [options.name] if options.name else list(runs)
    try:
        with frame(limit_s=options.limit * len(chosen)) as place:
            results = [runs[name](place, options) for name in chosen]
    except (TimeIsUp, DidNotStart) as problem:
        print(f"{program}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    print(report.as_json(results) if options.json else report.as_table(results))
    return 0 if all(one.is_good for one in results) else 1
