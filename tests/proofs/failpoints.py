"""failpoints: at every named place somebody dies, sleeps longer than a lease, or fails.

Each case is a story of its own, with a real web server and a real supervised worker; what dies is
started anew as systemd would do it. In order again means: the story came to its end, every SMS was
sent once, none is in anybody's hand, and the worker beats. Which places there are is read from the
source: one that no case comes to makes the run worth nothing. The control has no sweeps.

Time runs as fast as on the wall; only the day is chosen, a working day, so that nobody's night
holds a message back.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.proofs import apps, lane
from tests.proofs.declared import failpoints
from tests.proofs.failpoint_stories import STORIES
from tests.proofs.fast_clock import faster
from tests.proofs.frame import Frame, say
from tests.proofs.lane import Case, Outcome
from tests.proofs.parts import Part, running
from tests.proofs.report import Figure, Result

LANES = 8
WITHIN_S = 60.0
AT_LEAST = 25
A_WORKING_DAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
CONTROL = Case("asked", "outbox.claimed", "crash")
NOT_SWEPT = {apps.VARIABLE: "public_addresses,sweeps"}
NOTHING: Mapping[str, str] = {}


def all_cases(points: Sequence[str] = ()) -> list[Case]:
    """Return every failpoint that a story comes to, with each of the actions."""
    return [
        Case(story, point, action)
        for action in ("sleep", "crash", "error")  # the long ones first
        for story, (_, comes_to) in STORIES.items()
        for point in comes_to
        if not points or point in points
    ]


def run(frame: Frame, *, points: Sequence[str] = (), lanes: int = LANES) -> Result:
    """Play all cases on several stages side by side, and the control on one more."""
    cases = all_cases(points)
    lanes = min(lanes, len(cases))
    dealt = [cases[nth::lanes] for nth in range(lanes)]
    say(f"failpoints: {len(cases)} cases on {lanes} stages, and the control …")
    with faster(1, shows=A_WORKING_DAY) as day, ExitStack() as stack:
        started = [
            stack.enter_context(_lane(frame, f"lane_{nth}", some, day))
            for nth, some in enumerate(dealt)
        ]
        unswept = stack.enter_context(
            _lane(frame, "control", [CONTROL], day, environment=NOT_SWEPT)
        )
        _wait_for([*started, unswept], len(cases) + 1)
        outcomes = [one for _, directory in started for one in lane.read(directory)]
        control = lane.read(unswept[1])
    return result(cases, outcomes, control, declared=points or failpoints())


@contextmanager
def _lane(
    frame: Frame,
    name: str,
    cases: Sequence[Case],
    day: Mapping[str, str],
    *,
    environment: Mapping[str, str] = NOTHING,
) -> Iterator[tuple[Part, Path]]:
    directory = frame.directory / name
    directory.mkdir()
    asked = {
        "cases": [vars(case) for case in cases],
        "speed": 1,
        "environment": dict(environment),
        "patience_s": lane.PATIENCE_S,
    }
    (directory / lane.CASES).write_text(json.dumps(asked))
    here = {**day, lane.URL: frame.database(f"failpoints_{name}")}
    command = [sys.executable, "-m", "tests.proofs.lane", str(directory)]
    with running(command, log=directory / "lane.log", environment=here) as part:
        yield part, directory


def _wait_for(started: Iterable[tuple[Part, Path]], many: int) -> None:
    """Wait until every lane has ended; say how far they are."""
    said = 0
    while any(part.process.poll() is None for part, _ in started):
        done = sum(len(lane.read(directory)) for _, directory in started)
        if done // 10 > said // 10:
            say(f"  {done} of {many}")
            said = done
        time.sleep(0.5)
    for part, _ in started:
        if part.process.returncode:
            say(f"a stage broke down:\n{part.end()}")


def result(
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    control: Sequence[Outcome],
    *,
    declared: Sequence[str],
) -> Result:
    """Judge: valid when every declared failpoint was met and the control did not recover."""
    met = {one.case.point for one in outcomes if one.met}
    recovered = [one for one in outcomes if one.recovered]
    longest_s = round(max((one.recovery_s for one in recovered), default=0.0), 1)
    figures: dict[str, Figure] = {
        "points": len(met),
        "cases": len(cases),
        "recovered": len(recovered),
        "max_recovery_s": longest_s,
        "declared": len(declared),
        "slowest": _name(max(recovered, key=lambda one: one.recovery_s)) if recovered else "",
        "control_recovered": sum(one.recovered for one in control),
        **{
            f"{action}_max_s": round(
                max((one.recovery_s for one in recovered if one.case.action == action), default=0),
                1,
            )
            for action in lane.ACTIONS
        },
    }
    unmet = [_name(one) for one in outcomes if not one.met]
    control_failed = bool(control) and all(one.met and not one.recovered for one in control)
    valid = {
        f"nobody came to {', '.join(sorted(set(declared) - met))}": met >= set(declared),
        f"nobody came to the failpoint in {', '.join(unmet)}": not unmet,
        "the control recovered: the run proves nothing": control_failed,
    }
    reached = {
        f"there are fewer than {AT_LEAST} points": len(met) >= AT_LEAST or len(declared) < AT_LEAST,
        "not every case recovered": len(recovered) == len(cases),
        f"it took longer than {WITHIN_S:g} s": longest_s <= WITHIN_S,
    }
    why_not = [why for why, is_so in {**reached, **valid}.items() if not is_so]
    why_not += [f"{_name(one)}: {one.why_not}" for one in outcomes if not one.recovered]
    return Result("failpoints", figures, all(reached.values()), all(valid.values()), why_not)


def _name(outcome: Outcome) -> str:
    return f"{outcome.case.point} × {outcome.case.action} ({outcome.case.story})"
