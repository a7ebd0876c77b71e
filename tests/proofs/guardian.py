"""Takes a proof's place away when the proof itself was killed and could not.

Waits in a session of its own until the other end of its standard input is gone, whatever the
reason; then stops the cluster, kills what the proof had started, and deletes its files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proofs.parts import POSTGRES, ROOT, DidNotStart, kill_marked, run

MARK = "LOTSENRUF_PROOF_PLACE"
PATIENCE_S = 60


@contextmanager
def guarded(directory: Path) -> Iterator[None]:
    """Have a place watched for as long as the block runs; all processes in it carry a mark."""
    command = [sys.executable, "-m", "tests.proofs.guardian", str(directory)]
    guardian = subprocess.Popen(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.environ[MARK] = str(directory)
    try:
        yield
    finally:
        del os.environ[MARK]
        if guardian.stdin:
            guardian.stdin.close()
        guardian.wait(PATIENCE_S)


def take_away(directory: Path) -> None:
    """Leave nothing of a place."""
    with contextlib.suppress(DidNotStart, OSError):
        run(POSTGRES, "throwaway-stop", directory)
    kill_marked(MARK, str(directory))
    shutil.rmtree(directory, ignore_errors=True)


def main(directory: Path) -> None:
    """Wait for the end of the proof, then look whether it has tidied up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    if directory.exists():
        take_away(directory)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
