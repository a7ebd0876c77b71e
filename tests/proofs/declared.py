"""The failpoints of the product, as its source names them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.proofs.parts import ROOT

NOT_THE_PRODUCT = {"tests", ".venv", "node_modules", "var", "script", "docs"}


def failpoints(root: Path = ROOT) -> list[str]:
    """Return the name of every failpoint; raises ValueError at one whose name is worked out."""
    return sorted({name for path in _sources(root) for name in _named_in(path)})


def _sources(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and folder.name not in NOT_THE_PRODUCT:
            yield from folder.rglob("*.py")


def _named_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id != "failpoint":
            continue
        match node.args:
            case [ast.Constant(value=str(name))]:
                yield name
            case _:
                raise ValueError(f"{path}:{node.lineno}: a failpoint has a plain name")
