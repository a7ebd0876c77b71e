"""The house itself: what no single app could promise."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
from pathlib import Path

STATE_CHANGE = re.compile(r"\.update\(\s*status=|service_request\.status = |request\.save\(")
ROOT = Path(__file__).resolve().parent.parent


def test_no_folder_of_ours_shadows_an_installed_distribution() -> None:
    """A folder `requests/` would break the library that the SMS client imports."""
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    installed = {
        name for names in importlib.metadata.packages_distributions().items() for name in [names[0]]
    }
    assert not ours & (installed - {"tests"})


def test_the_requests_library_is_the_real_one() -> None:
    import requests

    assert "site-packages" in str(requests.__file__)


def test_no_file_has_a_name_that_says_nothing() -> None:
    forbidden = {"utils", "helpers", "common", "misc", "manager", "handlers"}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not [path for path in tracked if Path(path).stem in forbidden]


def test_state_changes_only_where_they_belong() -> None:
    """A request's status moves in lifecycle.py, a message's state in notifications."""
    offenders = [
        path
        for path in ROOT.glob("*/**/*.py")
        if path.parts[len(ROOT.parts)] in {"matching", "pages", "reporting", "api"}
        and STATE_CHANGE.search(path.read_text(encoding="utf-8"))
    ]
    assert not offenders
