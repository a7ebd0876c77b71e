"""Read mails that came back: one from standard input, or all unread ones of a Maildir."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import bounces

log = logging.getLogger(__name__)
LONGEST = 2_000_000
"""Bytes; the report stands in front, the mail that came back may be cut."""


class Command(BaseCommand):
    """manage.py read_bounces < mail; manage.py read_bounces --maildir /var/mail/bounces."""

    help = "Notes e-mails that came back; hard bounces close the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, if it is one."""
        parser.add_argument("--maildir", help="read what is new there and mark it as seen")

    def handle(self, *args: Any, maildir: str | None = None, **options: Any) -> None:
        """Read, note, and say how many were what."""
        mails = _unseen(maildir) if maildir else iter([sys.stdin.buffer.read(LONGEST)])
        counted = Counter(_taken(mail) for mail in mails)
        told = ", ".join(f"{outcome} {counted[outcome]}" for outcome in bounces.Outcome)
        self.stdout.write(told)


def _taken(mail: bytes) -> bounces.Outcome:
    """Note one; what nobody can read, and strangers may send anything, stops no other."""
    try:
        return bounces.take(mail)
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        log.exception("bounce_unreadable")
        return bounces.Outcome.UNKNOWN


def _unseen(path: str) -> Iterator[bytes]:
    """Yield the mails nobody has read; each is marked, as it is, once it was noted."""
    folder = Path(path)
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise CommandError(f"there is no Maildir at {path}")
    for mail in sorted((folder / "new").iterdir()):
        yield mail.read_bytes()[:LONGEST]
        mail.rename(folder / "cur" / f"{mail.name}:2,S")
