"""How PostgreSQL is to treat the search: set for the database, since a copy of it forgets this.

The probes look dear to PostgreSQL, so that it compiled the statement at each call: 0.1 s for a
search of 0.01 s. And the plan of the prepared search is to be kept, not weighed anew each time:
planning takes longer than searching.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from psycopg.sql import SQL, Identifier, Literal

WANTED = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
PRESENT = """
SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
 WHERE d.datname = current_database() AND s.setrole = 0
"""


def see_to_them(*, using: str, **_: Any) -> None:
    """Set what is not set yet, after every `migrate`; counts for new connections."""
    with connections[using].cursor() as cursor:
        cursor.execute(PRESENT)
        present = {row[0] for row in cursor.fetchall()}
        for name, value in WANTED.items():
            if f"{name}={value}" not in present:
                cursor.execute(
                    SQL("ALTER DATABASE {} SET {} = {}").format(
                        Identifier(connections[using].settings_dict["NAME"]),
                        Identifier(name),
                        Literal(value),
                    )
                )
