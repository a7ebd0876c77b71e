"""One after the other, the cases of the failpoints that are played on one stage.

python -m tests.proofs.lane DIRECTORY: play those in `cases.json`, write `outcomes.json` as we go.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proofs import arming

if TYPE_CHECKING:
    from tests.proofs.failpoint_stories import Scene
    from tests.proofs.stage import Stage

MEET_S = 45.0
LOOK_EVERY_S = 0.3
PATIENCE_S = 90.0
SLEEP_S = 35.0
"""Longer than any lease (claiming.LEASE, webhooks.sending.LEASE)."""
ACTIONS: Mapping[str, str] = {"crash": "exit", "sleep": "sleep", "error": "raise"}
CASES, OUTCOMES = "cases.json", "outcomes.json"
URL = "LOTSENRUF_DATABASE_URL"


@dataclass(frozen=True)
class Case:
    """What happens at which failpoint of which story."""

    story: str
    point: str
    action: str


@dataclass
class Outcome:
    """What became of a case; `why_not` says what was still wrong when patience ended."""

    case: Case
    met: bool = False
    recovered: bool = False
    recovery_s: float = 0.0
    why_not: str = ""


def play_all(
    url: str,
    directory: Path,
    cases: Sequence[Case],
    *,
    speed: float,
    environment: Mapping[str, str],
    patience_s: float = PATIENCE_S,
) -> Iterator[Outcome]:
    """Play case after case; what was in order once has to be so at the end of all, too."""
    from tests.proofs.stage import stage

    folder = directory / "failpoints"
    folder.mkdir()
    here = {arming.FOLDER: str(folder), **environment}
    settled: list[tuple[Outcome, Scene]] = []
    with stage(url, directory, speed=speed, environment=here) as place:
        for case in cases:
            outcome, scene = _play(place, folder, case, speed, patience_s)
            settled.append((outcome, scene))
            yield outcome
        for outcome, scene in settled:
            if outcome.recovered and (wrong := scene.missing()):
                outcome.recovered, outcome.why_not = False, f"later: {wrong}"


def _play(
    place: Stage, folder: Path, case: Case, speed: float, patience_s: float
) -> tuple[Outcome, Scene]:
    """Arm the failpoint, do what the story says, and watch until all is in order again."""
    from tests.proofs.failpoint_stories import STORIES

    outcome = Outcome(case)
    scene = STORIES[case.story][0](place)
    sleeps_s = SLEEP_S / speed if case.action == "sleep" else 0.0
    action = ACTIONS[case.action]
    arming.arm_once(folder, case.point, f"{action}:{sleeps_s}" if sleeps_s else action)
    scene.go()
    began, in_order_since = time.time(), None
    while True:
        place.worker.look()
        met = arming.met_at(folder, case.point)
        at = time.time()
        outcome.met = met is not None
        if met is None:
            outcome.why_not = "nobody came to it"
        else:
            outcome.why_not = scene.missing() or place.what_is_wrong(at - met)
            in_order_since = None if outcome.why_not else in_order_since or at
        if met is not None and in_order_since and at > met + sleeps_s + 1:
            outcome.recovered = True
            outcome.recovery_s = (in_order_since - met) * speed
            return outcome, scene
        if at > began + (MEET_S if met is None else sleeps_s + patience_s):
            arming.disarm(folder, case.point)
            return outcome, scene
        time.sleep(LOOK_EVERY_S)


def main(directory: Path) -> None:
    """Play what the directory asks for, in a process of its own."""
    import django

    django.setup()
    from tests.proofs import fast_clock

    asked = json.loads((directory / CASES).read_text())
    environment = {name: os.environ[name] for name in (fast_clock.VARIABLE,) if name in os.environ}
    outcomes: list[Outcome] = []
    played = play_all(
        os.environ[URL],
        directory,
        [Case(**case) for case in asked["cases"]],
        speed=asked["speed"],
        environment=environment | asked["environment"],
        patience_s=asked["patience_s"],
    )
    for outcome in played:
        outcomes.append(outcome)
        write(directory, outcomes)
    write(directory, outcomes)


def write(directory: Path, outcomes: Sequence[Outcome]) -> None:
    """Leave the outcomes so far for whoever started us."""
    half = directory / "outcomes.half"
    half.write_text(json.dumps([asdict(one) for one in outcomes]))
    half.rename(directory / OUTCOMES)


def read(directory: Path) -> list[Outcome]:
    """Return the outcomes that a lane has left so far."""
    written = directory / OUTCOMES
    found = json.loads(written.read_text()) if written.exists() else []
    return [Outcome(**{**one, "case": Case(**one["case"])}) for one in found]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
