"""The plan PostgreSQL keeps for a prepared statement; EXPLAIN by itself shows another one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db import connection

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def explained(sql: str, parameters: Mapping[str, Any], how: str = "") -> dict[str, Any]:
    """Return what EXPLAIN (FORMAT JSON) says of the statement as it runs when prepared."""
    names = list(dict.fromkeys(PLACEHOLDER.findall(sql)))
    numbered = PLACEHOLDER.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE explained AS {numbered}")
        try:
            cursor.execute(
                f"EXPLAIN ({how}{', ' * bool(how)}FORMAT JSON) EXECUTE explained({marks})",
                [parameters[name] for name in names],
            )
            plan = cursor.fetchone()[0]
        finally:
            cursor.execute("DEALLOCATE explained")
    return dict((json.loads(plan) if isinstance(plan, str) else plan)[0])
