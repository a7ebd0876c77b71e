"""A place of its own for every proof: database cluster, servers, files; nothing of it stays.

The cluster is a throw-away one, its databases are copies of one that was migrated and filled once.
Everything is taken down at the end, after an error, at the time limit and on Ctrl-C.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from tests.proofs.guardian import guarded, take_away
from tests.proofs.parts import POSTGRES, DidNotStart, Part, deaf, interrupt, run, running, signals

SETTINGS = "tests.proofs.settings"
TEMPLATE = "proof_template"
HOST = "127.0.0.1"
START_S = 60
SETTINGS_OF_DATABASE = """
SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
 WHERE d.datname = %s AND s.setrole = 0
"""


class TimeIsUp(RuntimeError):
    """The proof took longer than it may."""


def say(text: str) -> None:
    """Tell whoever watches how far we are; results go to the standard output."""
    print(text, file=sys.stderr, flush=True)


class Frame:
    """What a proof works in; made by frame()."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.url = ""

    def start(self) -> None:
        """Start the cluster, and make the database all others are copied from."""
        say("a database cluster of our own …")
        self.url = run(POSTGRES, "throwaway", self.directory).strip()
        self.sql(f"CREATE DATABASE {TEMPLATE}")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "LOTSENRUF_ENVIRONMENT": "test",
            "LOTSENRUF_DATABASE_URL": self.url_of(TEMPLATE),
        }
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        logging.getLogger().setLevel(logging.WARNING)  # of this process; the servers' logs are kept
        say("its tables and reference data …")
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        connections.close_all()

    def database(self, name: str) -> str:
        """Make a fresh database, let this process talk to it, return its address."""
        from django.db import connections

        connections.close_all()
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        # A copy does not inherit what was set for the original (ALTER DATABASE … SET jit = off).
        for setting in self.sql(SETTINGS_OF_DATABASE, TEMPLATE):
            self.sql(f"ALTER DATABASE {name} SET {setting}")
        connections.settings["default"]["NAME"] = name
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        """Return the address of a database in the cluster."""
        return f"postgresql:///{name}?{urlsplit(self.url).query}"

    def sql(self, statement: str, *parameters: str) -> list[str]:
        """Run a statement beside all transactions; return the first column, if it has any."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return [str(row[0]) for row in cursor.fetchall()] if cursor.description else []

    def remove(self) -> None:
        """Stop the cluster and delete every file."""
        if "django" in sys.modules and self.url:
            from django.db import connections

            connections.close_all()
        take_away(self.directory)


@contextmanager
def web(
    url: str, *, log: Path, processes: int, threads: int, environment: Mapping[str, str]
) -> Iterator[int]:
    """Serve a database over HTTP as in operation; yield the port."""
    with socket.create_server((HOST, 0), backlog=512) as listener:
        port = int(listener.getsockname()[1])
        command = [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket"),
            *("--workers", str(processes), "--threads", str(threads)),
            *("--bind", f"fd://{listener.fileno()}", "--log-level", "warning"),
        ]
        here = {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "LOTSENRUF_ENVIRONMENT": "test",
            "LOTSENRUF_DATABASE_URL": url,
            "LOTSENRUF_PUBLIC_URL": f"http://{HOST}:{port}",
        }
        with running(
            command,
            log=log,
            environment=here | dict(environment),
            pass_fds=[listener.fileno()],
        ) as part:
            _wait_for_answer(port, part)
            yield port


def _wait_for_answer(port: int, part: Part) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        part.check()
        connection = HTTPConnection(HOST, port, timeout=START_S)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise DidNotStart(f"no answer within {START_S} s:\n{part.end()}")


@contextmanager
def frame(*, limit_s: int) -> Iterator[Frame]:
    """Give a proof its place for at most so many seconds, and take it away again."""
    handlers: dict[int, Any] = {
        signal.SIGTERM: interrupt,
        signal.SIGHUP: interrupt,
        signal.SIGALRM: _time_is_up,
    }
    with signals(handlers):
        directory = Path(tempfile.mkdtemp(prefix="lotsenruf-proof-"))
        directory.chmod(0o711)  # the database may run as another user
        place = Frame(directory)
        with guarded(directory):
            try:
                signal.alarm(limit_s)
                place.start()
                yield place
            finally:
                signal.alarm(0)
                with deaf():
                    place.remove()


def _time_is_up(number: int, stack: FrameType | None) -> None:
    raise TimeIsUp("the time limit is reached")
